import type { Projection, SchemaDialect, Table } from './projection.ts';

export const SQLITE: SchemaDialect = {
  types: { text: 'text not null', 'text?': 'text', whole: 'integer not null', 'whole?': 'integer' },
  tail: ' strict, without rowid',
  // `begin immediate` lets one writer in at a time, and readers keep the file as it was.
  oneByOne: [],
  holdBuilds: [],
  beforeSwitch: [],
};

/** How long a switch of builds waits for reads to end, and lets new ones wait. */
const SWITCH_WAIT_MS_MAX = 2_000;

/** Text compares by bytes on both, so that pages and keys have one order. */
export const POSTGRES: SchemaDialect = {
  types: {
    text: 'text collate "C" not null',
    'text?': 'text collate "C"',
    whole: 'bigint not null',
    'whole?': 'bigint',
  },
  tail: '',
  // By schema: several ledgers, or tests, may share a database.
  oneByOne: [`select pg_advisory_xact_lock(hashtext('lalanh/builds'), hashtext(current_schema()))`],
  holdBuilds: ['select 1 from projection_builds order by name, build for update'],
  // A reader names a view again and again in one snapshot; were it switched in between, the new tables would
  // stand elsewhere than the checkpoint it has read. Readers hold this table in their first statement.
  // Whoever reads after it was asked for waits behind it, so a long read is not waited for long: the switch is
  // tried again.
  beforeSwitch: [
    `set local lock_timeout = ${SWITCH_WAIT_MS_MAX}`,
    'lock table projection_builds in access exclusive mode',
  ],
};

/** The name of a table of one build of a projection: `fund_balance_v1_2`. Queries read the view `fund_balance`. */
export const physicalName = (table: string, version: number, build: number): string =>
  `${table}_v${version}_${build}`;

/** The statements that make a table and its indexes. */
export function createTable(name: string, { columns, key, indexes = [] }: Table, dialect = SQLITE): string[] {
  const cells = Object.entries(columns).map(([column, type]) => `${column} ${dialect.types[type]}`);
  return [
    `create table ${name} (${cells.join(', ')}, primary key (${key.join(', ')}))${dialect.tail}`,
    ...indexes.map(
      (index, at) =>
        `create index ${name}_${at} on ${name} (${index.columns.join(', ')})` +
        (index.where === undefined ? '' : ` where ${index.where}`),
    ),
  ];
}

/** Makes the views that queries read show the tables of one build. */
export const serveBuild = ({ tables, version }: Projection, build: number): string[] =>
  Object.keys(tables).flatMap((table) => [
    `drop view if exists ${table}`,
    `create view ${table} as select * from ${physicalName(table, version, build)}`,
  ]);

/** Adds one row, its parameters in the order of `columns`. */
export const insertInto = (name: string, columns: readonly string[]): string =>
  `insert into ${name} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`;
