import { partitionOf } from '#event-log';
import type { Projection, Table, Transaction } from './projection.ts';
import { createTable, physicalName, serveBuild } from './schema.ts';

/**
 * One build of a projection: a set of tables and how far they are. A projection has at most one build that
 * is served and one that is built beside it.
 */
export interface Build {
  readonly name: string;
  readonly build: number;
  readonly version: number;
  /** Everything up to this position of the log is in its tables: the lowest of its partitions. */
  readonly position: number;
  /**
   * Position of each partition, where partitions are applied side by side: everything of it up to there is in the
   * tables. Empty where one runner reads the whole log.
   */
  readonly partitions: readonly number[];
  /** Whether the consumers of the partitions move it along; else a builder does, from the log. */
  readonly follows: boolean;
  /** The event it stopped at, and why; null while it runs. */
  readonly fault: Fault | null;
  readonly served: boolean;
  /** Its tables, by the names queries use. */
  readonly tables: readonly string[];
}

export interface Fault {
  /** Position of the event that could not be applied. */
  readonly position: number;
  /** Id of that event; empty when the build itself was refused. */
  readonly event: string;
  readonly cause: string;
}

/** Raised when another runner has taken the projections over: this one must stop and touch nothing more. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/**
 * Raised when a build stands elsewhere than this runner thought, and nobody has taken it over: the answer to a
 * commit was lost, or a crash of the database took the last commits back.
 */
export class CheckpointElsewhereError extends Error {
  override readonly name = 'CheckpointElsewhereError';
}

/** One row of {@link BUILDS}: a build as often as it has partitions, or once. */
export interface BuildRow {
  readonly name: string;
  readonly build: bigint;
  readonly version: bigint;
  readonly position: bigint;
  readonly fence: bigint;
  readonly served: bigint;
  readonly tables: string;
  readonly fault_position: bigint | null;
  readonly fault_event: string | null;
  readonly fault_cause: string | null;
  readonly partition: bigint | null;
  readonly partition_position: bigint | null;
  readonly follows: bigint | null;
}

/** Checkpoints of every build. `fence` rises with each runner that starts; only the last one may write. */
export const BUILDS_TABLE = {
  columns: {
    name: 'text',
    build: 'whole',
    version: 'whole',
    position: 'whole',
    fence: 'whole',
    served: 'whole',
    tables: 'text',
    fault_position: 'whole?',
    fault_event: 'text?',
    fault_cause: 'text?',
  },
  key: ['name', 'build'],
} as const;

/**
 * How far each build is in each partition, where several runners move one build. `follows` is 1 once the
 * consumers move it together with their place in the bus; until then a builder fills it from the log.
 */
export const PARTITIONS_TABLE = {
  columns: { name: 'text', build: 'whole', partition: 'whole', position: 'whole', follows: 'whole' },
  key: ['name', 'build', 'partition'],
} as const;

/** Every build with its partitions, for {@link toBuilds}. */
export const BUILDS =
  'select b.*, p.partition, p.position as partition_position, p.follows from projection_builds b ' +
  'left join projection_partitions p on p.name = b.name and p.build = b.build order by b.name, b.build, p.partition';

/** A build and the fence under which this runner may write to it. */
export type HeldBuild = Build & { readonly fence: number };

export function toBuilds(rows: readonly BuildRow[]): HeldBuild[] {
  const builds: { row: BuildRow; partitions: number[] }[] = [];
  for (const row of rows) {
    let last = builds.at(-1);
    if (last?.row.name !== row.name || last.row.build !== row.build)
      builds.push((last = { row, partitions: [] }));
    if (row.partition_position !== null) last.partitions.push(Number(row.partition_position));
  }
  return builds.map(({ row, partitions }) => ({
    name: row.name,
    build: Number(row.build),
    version: Number(row.version),
    position: partitions.length === 0 ? Number(row.position) : Math.min(...partitions),
    partitions,
    follows: row.follows === 1n,
    fence: Number(row.fence),
    served: row.served === 1n,
    tables: row.tables.split(' '),
    fault: faultOf(row),
  }));
}

const faultOf = (row: BuildRow): Fault | null =>
  row.fault_position === null
    ? null
    : { position: Number(row.fault_position), event: row.fault_event ?? '', cause: row.fault_cause ?? '' };

/** Position up to which the events of a stream are in the tables of a build. */
export const positionIn = ({ position, partitions }: Build, stream: string): number =>
  partitions[partitionOf(stream, Math.max(1, partitions.length))] ?? position;

const runAll = async (tx: Transaction, statements: readonly string[]): Promise<void> => {
  for (const sql of statements) await tx.run(sql, [[]]);
};

/** First in every transaction that starts, drops or switches builds: they come one after the other. */
export const oneByOne = (tx: Transaction): Promise<void> => runAll(tx, tx.dialect.oneByOne);

/** Makes the tables of checkpoints when there are none yet. */
export async function prepareBuilds(tx: Transaction): Promise<void> {
  for (const [name, table] of [
    ['projection_builds', BUILDS_TABLE],
    ['projection_partitions', PARTITIONS_TABLE],
  ] as const)
    await createIfMissing(tx, name, table);
}

/** Makes a table without indexes when it is not there. */
export async function createIfMissing(tx: Transaction, name: string, table: Table): Promise<void> {
  const [create = ''] = createTable(name, table, tx.dialect);
  await tx.run(create.replace('create table', 'create table if not exists'), [[]]);
}

export async function listBuilds(tx: Pick<Transaction, 'all'>): Promise<HeldBuild[]> {
  return toBuilds(await tx.all<BuildRow>(BUILDS, []));
}

/** Keeps every build from moving until the transaction ends; before anything is done to one of them. */
export const holdBuilds = (tx: Transaction): Promise<void> => runAll(tx, tx.dialect.holdBuilds);

/** Takes every build over from whoever ran before. */
export const raiseFences = (tx: Transaction): Promise<void> =>
  tx.run('update projection_builds set fence = fence + 1', [[]]);

/**
 * Starts a build from the beginning of the log; the first of a projection is served at once. `partitions`: how
 * many are applied side by side, 0 where one runner reads the whole log.
 */
export async function startBuild(
  tx: Transaction,
  projection: Projection,
  others: readonly Build[],
  partitions = 0,
): Promise<void> {
  const build = 1 + Math.max(0, ...others.map((other) => other.build));
  const served = others.length === 0;
  for (const [table, definition] of Object.entries(projection.tables))
    await runAll(tx, createTable(physicalName(table, projection.version, build), definition, tx.dialect));
  await tx.run(
    'insert into projection_builds (name, build, version, position, fence, served, tables) values (?, ?, ?, 0, 0, ?, ?)',
    [[projection.name, build, projection.version, served ? 1 : 0, Object.keys(projection.tables).join(' ')]],
  );
  await tx.run(
    'insert into projection_partitions (name, build, partition, position, follows) values (?, ?, ?, 0, 0)',
    Array.from({ length: partitions }, (_, partition) => [projection.name, build, partition]),
  );
  if (served) await runAll(tx, serveBuild(projection, build));
}

/**
 * Moves the checkpoint of a build, but only from where this runner left it. First in its transaction: whoever
 * takes the build over waits for the commit, or has come before and this throws
 * {@link FencedError}; {@link CheckpointElsewhereError} when it stands elsewhere.
 */
export async function moveCheckpoint(
  tx: Transaction,
  { name, build, position, fence }: HeldBuild,
  next: number,
): Promise<void> {
  const moved = await tx.all(
    'update projection_builds set position = ? where name = ? and build = ? and fence = ? and position = ? returning name',
    [next, name, build, fence, position],
  );
  if (moved.length === 1) return;
  const [found] = await tx.all<Pick<BuildRow, 'fence' | 'position'>>(
    'select fence, position from projection_builds where name = ? and build = ?',
    [name, build],
  );
  if (found === undefined || Number(found.fence) !== fence)
    throw new FencedError(`another runner has taken over ${name}`);
  throw new CheckpointElsewhereError(`${name} stands at ${found.position}, not at ${position}`);
}

/** Keeps a build where it is until the transaction ends, and everybody else from it. */
export const holdCheckpoint = (tx: Transaction, held: HeldBuild): Promise<void> =>
  moveCheckpoint(tx, held, held.position);

export const recordFault = (
  tx: Transaction,
  { name, build }: Pick<Build, 'name' | 'build'>,
  fault: Fault,
): Promise<void> =>
  tx.run(
    'update projection_builds set fault_position = ?, fault_event = ?, fault_cause = ? ' +
      // The first stays: another partition may come upon one of its own before it hears of it.
      'where name = ? and build = ? and fault_position is null',
    [[fault.position, fault.event, fault.cause, name, build]],
  );

/** Removes a build and its tables, whatever version it is: their names end alike. */
export async function dropBuild(tx: Transaction, { name, build, version, tables }: Build): Promise<void> {
  await runAll(
    tx,
    tables.map((table) => `drop table if exists ${physicalName(table, version, build)}`),
  );
  for (const table of ['projection_partitions', 'projection_builds'])
    await tx.run(`delete from ${table} where name = ? and build = ?`, [[name, build]]);
}

/** Lets queries see this build from now on, and drops the one they saw. */
export async function serveInstead(
  tx: Transaction,
  projection: Projection,
  old: Build,
  now: Build,
): Promise<void> {
  await runAll(tx, tx.dialect.beforeSwitch);
  await runAll(
    tx,
    old.tables.map((table) => `drop view if exists ${table}`),
  );
  await runAll(tx, serveBuild(projection, now.build));
  await dropBuild(tx, old);
  await tx.run('update projection_builds set served = 1 where name = ? and build = ?', [
    [now.name, now.build],
  ]);
}

/** Prime, so that sums of remainders differ when the values do, and stay far below 64 bits. */
const CHECK_MODULUS = 1_000_000_007;

/**
 * Where two builds of one version differ at the same position: number of rows, or check sums of the columns
 * of whole numbers. Null: nowhere, or the versions differ and mean different things.
 */
export async function difference(
  tx: Transaction,
  projection: Projection,
  a: Build,
  b: Build,
): Promise<string | null> {
  if (a.version !== b.version) return null;
  for (const [table, { columns }] of Object.entries(projection.tables)) {
    const sums = Object.entries(columns)
      .filter(([, type]) => type.startsWith('whole'))
      .map(([column]) => `, coalesce(sum(${column} % ${CHECK_MODULUS}), 0) as ${column}`);
    const totals = ({ version, build }: Build, place: number): string =>
      `select ${place} as which_build, count(*) as n${sums.join('')} from ${physicalName(table, version, build)}`;
    // One statement sees one state of both, also while somebody moves both of them along.
    const both = await tx.all<Record<string, bigint>>(
      `${totals(a, 0)} union all ${totals(b, 1)} order by which_build`,
      [],
    );
    const [before, after] = both.map((row) => Object.values({ ...row, which_build: 0n }).join(' '));
    if (before !== after) return `${table}: ${before} became ${after}`;
  }
  return null;
}
