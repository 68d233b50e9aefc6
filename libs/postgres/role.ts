import type { Database, Queryable } from './database.ts';

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
  /** First statement of a transaction of this part. Throws {@link RoleLostError} when another holder came. */
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

const TABLE = `create table if not exists roles (
  name text collate "C" primary key, holder text not null, epoch bigint not null, expires_at timestamptz not null)`;

/** Makes the table of roles when it is not there. */
export const prepareRoles = async (database: Database): Promise<void> => {
  // Two processes may make it at the same moment; the lock lets them do so one after the other.
  await database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('lalanh/roles'))`);
    await tx.query(TABLE);
  });
};

/**
 * Takes a part when nobody plays it or its holder's lease has run out; undefined when somebody does. The
 * holder's own name takes it again at once, with a new epoch.
 */
export async function takeRole(
  database: Database,
  { name, holder, leaseMs }: { readonly name: string; readonly holder: string; readonly leaseMs: number },
): Promise<Role | undefined> {
  const expiry = `clock_timestamp() + $3 * interval '1 millisecond'`;
  const [taken] = await database.query<{ epoch: bigint }>(
    `insert into roles (name, holder, epoch, expires_at) values ($1, $2, 1, ${expiry})
     on conflict (name) do update set holder = excluded.holder, epoch = roles.epoch + 1, expires_at = excluded.expires_at
     where roles.expires_at < clock_timestamp() or roles.holder = excluded.holder
     returning epoch`,
    [name, holder, leaseMs],
  );
  if (taken === undefined) return undefined;
  const { epoch } = taken;
  const lost = (): RoleLostError => new RoleLostError(`another process plays ${name} now`);
  return {
    name,
    holder,
    epoch,
    // Locked until the transaction ends, so that nobody takes the part between the look and the commit.
    guard: async (tx) => {
      const rows = await tx.query('select 1 from roles where name = $1 and epoch = $2 for share', [
        name,
        epoch,
      ]);
      if (rows.length !== 1) throw lost();
    },
    renew: async () => {
      const rows = await database.query(
        `update roles set expires_at = ${expiry} where name = $1 and epoch = $2 returning 1`,
        [name, epoch, leaseMs],
      );
      if (rows.length !== 1) throw lost();
    },
    release: async () => {
      await database.query(
        `update roles set expires_at = clock_timestamp() - interval '1 second' where name = $1 and epoch = $2`,
        [name, epoch],
      );
    },
  };
}
