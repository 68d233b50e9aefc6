import type { Database, Role } from '#postgres';
import type { RelayCheckpoint, RelayCheckpoints } from './relay.ts';

const TABLE = `create table if not exists relay_checkpoints (
  topic text collate "C" primary key,
  position bigint not null check (position >= 0),
  previous bigint[] not null)`;

/** Makes the table of checkpoints when it is not there. */
export const prepareRelayCheckpoints = async (database: Database): Promise<void> => {
  // Two processes may make it at the same moment; the lock lets them do so one after the other.
  await database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('lalanh/relay-checkpoints'))`);
    await tx.query(TABLE);
  });
};

/** The driver gives the elements of a list as text. */
interface Row {
  readonly position: bigint;
  readonly previous: readonly (string | bigint)[];
}

/**
 * The checkpoint of a topic in PostgreSQL, for whoever plays the part: each transaction first looks
 * whether the role's epoch still stands, so a relay that slept through its lease moves nothing
 * (`RoleLostError`).
 */
export const openRelayCheckpoints = (
  database: Database,
  role: Pick<Role, 'guard'>,
  topic: string,
): RelayCheckpoints => ({
  load: () =>
    database.transaction(async (tx): Promise<RelayCheckpoint | undefined> => {
      await role.guard(tx);
      const [row] = await tx.query<Row>('select position, previous from relay_checkpoints where topic = $1', [
        topic,
      ]);
      return row && { position: Number(row.position), previous: row.previous.map(Number) };
    }),
  save: ({ position, previous }) =>
    database.transaction(async (tx) => {
      await role.guard(tx);
      await tx.query(
        `insert into relay_checkpoints (topic, position, previous) values ($1, $2, $3)
         on conflict (topic) do update set position = excluded.position, previous = excluded.previous`,
        [topic, BigInt(position), previous.map(BigInt)],
      );
    }),
});
