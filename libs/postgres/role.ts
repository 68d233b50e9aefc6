import { type Database, type Queryable, ensureSchema } from './database.ts';

/**
 * A part that only one process may play at a time: the sequencer, the relay. A lease on the clock of the
 * database says who plays it; its `epoch` rises with every new holder, and {@link Role.guard}, first in every
 * transaction of the part, makes a holder that slept through its lease (a stopped process, a long pause of the
 * machine) write nothing more.
 */
export interface Role {
  readonly name: string;
  readonly holder: string;
  readonly epoch: bigint;
  /**
   * First statement of a transaction of this part. Throws {@link RoleLostError} when another holder came. Nobody
   * takes the part while the transaction is open; one whose client falls silent is ended by the server after
   * the lease's length (at least {@link SILENCE_MS_MIN}), so that a stopped process can not keep the part.
   */
  guard(tx: Queryable): Promise<void>;
  /** Prolongs the lease; call it well within `leaseMs`. Throws {@link RoleLostError}. */
  renew(): Promise<void>;
  /** Gives the part free at once, for an orderly end. */
  release(): Promise<void>;
}

/** Another process plays the part now. This one stops, touches nothing more, and may ask for it again. */
export class RoleLostError extends Error {
  override readonly name = 'RoleLostError';
}

export interface TakeRole {
  readonly name: string;
  /** Of one process, no two the same: its own name takes the part again at once. */
  readonly holder: string;
  readonly leaseMs: number;
  /** Where the table of roles is; the database's own schema when absent. */
  readonly schema?: string;
}

/** How long asking for a part waits for an open transaction of it before it counts as played. */
const ASK_MS_MAX = 1_000;
/** Shortest silence inside a guarded transaction that ends it. */
export const SILENCE_MS_MIN = 1_000;
/** SQLSTATE lock_not_available. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Makes the schema and the table of roles when they are not there. */
export const prepareRoles = async (database: Database, schema = database.schema): Promise<void> => {
  await ensureSchema(database, schema);
  // Two processes may make it at the same moment; the lock lets them do so one after the other.
  await database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('lalanh/roles'))`);
    await tx.query(`create table if not exists ${schema}.roles (name text collate "C" primary key,
      holder text not null, epoch bigint not null, expires_at timestamptz not null)`);
  });
};

const EXPIRY = `clock_timestamp() + $3 * interval '1 millisecond'`;

/**
 * Takes a part when nobody plays it or its holder's lease has run out; undefined when somebody does, also
 * when a transaction of the part is open. The holder's own name takes it again at once, with a new epoch.
 */
export async function takeRole(
  database: Database,
  { name, holder, leaseMs, schema = database.schema }: TakeRole,
): Promise<Role | undefined> {
  const table = `${schema}.roles`;
  const take = async (tx: Queryable): Promise<bigint | undefined> => {
    await tx.query(`set local lock_timeout = ${ASK_MS_MAX}`);
    const [taken] = await tx.query<{ epoch: bigint }>(
      `insert into ${table} as known (name, holder, epoch, expires_at) values ($1, $2, 1, ${EXPIRY})
       on conflict (name) do update
       set holder = excluded.holder, epoch = known.epoch + 1, expires_at = excluded.expires_at
       where known.expires_at < clock_timestamp() or known.holder = excluded.holder
       returning epoch`,
      [name, holder, leaseMs],
    );
    return taken?.epoch;
  };
  const epoch = await database.transaction(take).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE) return undefined;
    throw error;
  });
  if (epoch === undefined) return undefined;

  const lost = (): RoleLostError => new RoleLostError(`another process plays ${name} now`);
  const silenceMs = Math.max(leaseMs, SILENCE_MS_MIN);
  return {
    name,
    holder,
    epoch,
    guard: async (tx) => {
      // Locked until the transaction ends, so that nobody takes the part between the look and the commit.
      const rows = await tx.query(
        `select set_config('idle_in_transaction_session_timeout', $3, true) from ${table}
         where name = $1 and epoch = $2 for share`,
        [name, epoch, String(silenceMs)],
      );
      if (rows.length !== 1) throw lost();
    },
    renew: async () => {
      const rows = await database.query(
        `update ${table} set expires_at = ${EXPIRY} where name = $1 and epoch = $2 returning 1`,
        [name, epoch, leaseMs],
      );
      if (rows.length !== 1) throw lost();
    },
    release: async () => {
      await database.query(
        `update ${table} set expires_at = clock_timestamp() - interval '1 second' where name = $1 and epoch = $2`,
        [name, epoch],
      );
    },
  };
}
