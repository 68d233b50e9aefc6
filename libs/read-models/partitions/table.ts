import { type Build, createIfMissing, listBuilds } from '../builds.ts';
import type { Transaction } from '../projection.ts';

/** Which topic is read, as which group of consumers, and its number of partitions, which never changes. */
export interface Topic {
  readonly group: string;
  readonly topic: string;
  readonly partitions: number;
}

/** How far one partition of the topic is, and under which epoch its owner may move it. */
export interface Place {
  /** Rises with every owner; only the last one may write. */
  readonly epoch: number;
  /** Offset of the first message not seen; undefined: the beginning of the topic. */
  readonly nextOffset: number | undefined;
  /** All events of the partition up to this position of the log are in the builds that follow it. */
  readonly position: number;
}

/** Raised when another instance owns the partition now: this one touches it no more. */
export class PartitionLostError extends Error {
  override readonly name = 'PartitionLostError';
  readonly partition: number;

  constructor(partition: number) {
    super(`another instance has taken over partition ${partition}`);
    this.partition = partition;
  }
}

/** Place in the bus, fence and position of each partition: they change in the transaction of the rows. */
export const CONSUMERS_TABLE = {
  columns: {
    group_name: 'text',
    topic: 'text',
    partition: 'whole',
    next_offset: 'whole?',
    epoch: 'whole',
    position: 'whole',
  },
  key: ['group_name', 'topic', 'partition'],
} as const;

interface PlaceRow {
  readonly epoch: bigint;
  readonly next_offset: number | null;
  readonly position: bigint;
}

const OWN = 'group_name = ? and topic = ?';

/**
 * Makes the places of a topic when there are none yet. They begin where the builds that follow already are, so
 * that a topic of another name goes on with them; with another number of partitions all begin anew.
 */
export async function preparePlaces(tx: Transaction, { group, topic, partitions }: Topic): Promise<void> {
  await createIfMissing(tx, 'consumer_partitions', CONSUMERS_TABLE);
  const known = await tx.all<{ epoch: bigint }>(`select epoch from consumer_partitions where ${OWN}`, [
    group,
    topic,
  ]);
  if (known.length === partitions) return;
  const following = (await listBuilds(tx)).find(
    (build) => build.partitions.length === partitions && build.follows && build.fault === null,
  );
  const epoch = 1 + Math.max(-1, ...known.map((row) => Number(row.epoch)));
  await tx.run(`delete from consumer_partitions where ${OWN}`, [[group, topic]]);
  await tx.run(
    'insert into consumer_partitions (group_name, topic, partition, next_offset, epoch, position) ' +
      'values (?, ?, ?, ?, ?, ?)',
    Array.from({ length: partitions }, (_, partition) => [
      group,
      topic,
      partition,
      null,
      epoch,
      following?.partitions[partition] ?? 0,
    ]),
  );
}

/** Takes a partition from whoever had it. Must be durable: an epoch given out twice would fence nobody. */
export async function takePlace(tx: Transaction, { group, topic }: Topic, partition: number): Promise<Place> {
  const [row] = await tx.all<PlaceRow>(
    `update consumer_partitions set epoch = epoch + 1 where ${OWN} and partition = ? ` +
      'returning epoch, next_offset, position',
    [group, topic, partition],
  );
  if (row === undefined) throw new RangeError(`${topic} has no partition ${partition} here`);
  return {
    epoch: Number(row.epoch),
    nextOffset: row.next_offset === null ? undefined : Number(row.next_offset),
    position: Number(row.position),
  };
}

/** Moves a place from where its owner left it, first in the transaction; nobody else moves it until the commit. */
export async function movePlace(
  tx: Transaction,
  { group, topic }: Topic,
  partition: number,
  from: Place,
  to: Pick<Place, 'nextOffset' | 'position'>,
): Promise<void> {
  const moved = await tx.all(
    `update consumer_partitions set next_offset = ?, position = ? where ${OWN} and partition = ? ` +
      'and epoch = ? and position = ? returning partition',
    [to.nextOffset ?? null, to.position, group, topic, partition, from.epoch, from.position],
  );
  if (moved.length !== 1) throw new PartitionLostError(partition);
}

/** The positions of all partitions, which stay there until the transaction ends: no consumer moves meanwhile. */
export async function holdPlaces(tx: Transaction, { group, topic }: Topic): Promise<number[]> {
  await tx.run(`update consumer_partitions set epoch = epoch where ${OWN}`, [[group, topic]]);
  return positionsOf(tx, { group, topic });
}

/** Where all partitions are at this moment. */
export async function positionsOf(
  tx: Pick<Transaction, 'all'>,
  { group, topic }: Omit<Topic, 'partitions'>,
): Promise<number[]> {
  const rows = await tx.all<{ position: bigint }>(
    `select position from consumer_partitions where ${OWN} order by partition`,
    [group, topic],
  );
  return rows.map(({ position }) => Number(position));
}

/** Names a build. */
export type BuildId = Pick<Build, 'name' | 'build'>;

/**
 * Moves one partition of every build that follows and is not faulted, and says which. After {@link movePlace},
 * whose lock keeps builds from beginning or ceasing to follow.
 */
export async function moveFollowers(
  tx: Transaction,
  partition: number,
  from: number,
  to: number,
): Promise<BuildId[]> {
  const moved = await tx.all<{ name: string; build: bigint; position: bigint }>(
    'update projection_partitions set position = case when position = ? then ? else -1 end ' +
      'where partition = ? and follows = 1 and not exists (select 1 from projection_builds b where ' +
      'b.name = projection_partitions.name and b.build = projection_partitions.build and b.fault_position is not null) ' +
      'returning name, build, position',
    [from, to, partition],
  );
  const astray = moved.find(({ position }) => Number(position) !== to);
  if (astray) throw new Error(`${astray.name} is not where partition ${partition} is (${from})`);
  return moved.map(({ name, build }) => ({ name, build: Number(build) }));
}

/** Puts the partitions of a build at these positions. */
export const moveBuild = (
  tx: Transaction,
  { name, build }: BuildId,
  positions: readonly number[],
): Promise<void> =>
  tx.run(
    'insert into projection_partitions (name, build, partition, position, follows) values (?, ?, ?, ?, 0) ' +
      'on conflict (name, build, partition) do update set position = excluded.position',
    positions.map((position, partition) => [name, build, partition, position]),
  );

/** Leaves one partition of a build where it is said to be. */
export const moveBuildIn = (
  tx: Transaction,
  { name, build }: BuildId,
  partition: number,
  position: number,
): Promise<void> =>
  tx.run('update projection_partitions set position = ? where name = ? and build = ? and partition = ?', [
    [position, name, build, partition],
  ]);

/** Lets the consumers move a build from now on, or no longer. After {@link holdPlaces}. */
export const setFollows = (tx: Transaction, { name, build }: BuildId, follows: boolean): Promise<void> =>
  tx.run('update projection_partitions set follows = ? where name = ? and build = ?', [
    [follows ? 1 : 0, name, build],
  ]);
