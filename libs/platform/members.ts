import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#postgres';

/** One running ledger. */
export interface Member {
  readonly instance: string;
  /** Where the others reach it: `http://10.0.0.7:4607`. */
  readonly address: string;
  /** Rises with every start under the same name. */
  readonly epoch: bigint;
}

/** The ledgers that are alive, by leases on the clock of the database. */
export interface Members {
  readonly self: Member;
  /** Everybody whose lease ran at the last look, this one included; in the order of their names. */
  current(): readonly Member[];
  /** Renews the own lease and looks who else is there. Rejects where the database does not answer. */
  refresh(): Promise<void>;
  /** Milliseconds by the clock of the database: the last look and what has gone by since. No step of the own clock shows. */
  now(): number;
  /** True when another process runs under the same name since: this one counts as gone. */
  isReplaced(): boolean;
  /** Gives the own books free at once, and looks no more. */
  leave(): Promise<void>;
}

export interface JoinMembers {
  readonly database: Database;
  readonly instance: string;
  readonly address: string;
  /** The longest time a ledger that died still counts as alive; {@link MEMBER_LEASE_MS} when absent. */
  readonly leaseMs?: number;
  /** Hears why a look failed; the next one comes anyway. */
  readonly onFault: (error: unknown) => void;
}

export const MEMBER_LEASE_MS = 6_000;
/** The lease is renewed, and the others looked at, so many times in its length. */
const RENEWALS = 6;
/** Rows of members long gone are removed after this many lengths of a lease. */
const KEPT_LEASES = 100;

const PREPARE = `
  select pg_advisory_xact_lock(hashtext('lalanh/ledger_members'));
  create schema if not exists roles;
  create table if not exists roles.ledger_members (
    instance text collate "C" primary key, address text not null,
    expires_at timestamptz not null, epoch bigint not null);`;

const EXPIRY = `clock_timestamp() + $2 * interval '1 millisecond'`;
const JOIN = `
  insert into roles.ledger_members as known (instance, address, expires_at, epoch) values ($1, $3, ${EXPIRY}, 1)
  on conflict (instance) do update
  set address = excluded.address, expires_at = excluded.expires_at, epoch = known.epoch + 1 returning epoch`;
const RENEW = `
  update roles.ledger_members set expires_at = ${EXPIRY} where instance = $1 and epoch = $3 returning 1`;
const ALIVE = `
  select instance, address, epoch, (extract(epoch from clock_timestamp()) * 1000)::bigint as now
  from roles.ledger_members where expires_at > clock_timestamp() order by instance`;

/** Joins the ledgers of this database and stays until `leave`. */
export async function joinMembers(options: JoinMembers): Promise<Members> {
  const { database, instance, address, leaseMs = MEMBER_LEASE_MS, onFault } = options;
  await database.transaction((tx) => tx.query(PREPARE));
  const [joined] = await database.query<{ epoch: bigint }>(JOIN, [instance, leaseMs, address]);
  const self: Member = { instance, address, epoch: joined?.epoch ?? 1n };
  await database.query(
    `delete from roles.ledger_members where expires_at < clock_timestamp() - $1 * interval '1 millisecond'`,
    [leaseMs * KEPT_LEASES],
  );
  let members: readonly Member[] = [self];
  let startMs = 0;
  let replaced = false;
  const ended = new AbortController();

  const refresh = async (): Promise<void> => {
    if (!replaced && !ended.signal.aborted)
      replaced = (await database.query(RENEW, [instance, leaseMs, self.epoch])).length === 0;
    const asked = performance.now();
    const alive = await database.query<Member & { readonly now: bigint }>(ALIVE);
    const [first] = alive;
    if (first) startMs = Number(first.now) - (asked + performance.now()) / 2;
    members = alive.map((row) => ({ instance: row.instance, address: row.address, epoch: row.epoch }));
  };
  const keepLooking = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await sleep(leaseMs / RENEWALS, undefined, { signal: ended.signal }).catch(() => undefined);
      // The last known members stay: forwarding to them is right as long as they answer.
      if (!ended.signal.aborted) await refresh().catch(onFault);
    }
  };
  await refresh();
  const looking = keepLooking();
  return {
    self,
    current: () => members,
    refresh,
    now: () => startMs + performance.now(),
    isReplaced: () => replaced,
    leave: async () => {
      if (ended.signal.aborted) return;
      ended.abort();
      await looking;
      await database
        .query('delete from roles.ledger_members where instance = $1 and epoch = $2', [instance, self.epoch])
        .catch(onFault);
    },
  };
}
