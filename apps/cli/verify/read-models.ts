import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteLogReader } from '#event-log';
import { type Build, type Projection, catchUp, createProjector, openStore } from '#read-models';
import type { Finding } from './events.ts';

/**
 * Builds read models again in a temporary file and compares them with those of the folder, row by row. A
 * faulted one is a finding by itself. The folder's file is read as it stands at one moment, so a running
 * server disturbs nothing.
 */
export async function verifyReadModels(
  folder: string,
  projections: readonly Projection[],
  at: (position: number, of: number) => void,
): Promise<Finding[]> {
  const temporary = mkdtempSync(join(tmpdir(), 'lalanh-verify-'));
  const stored = new DatabaseSync(join(folder, 'readmodels.db'), { readOnly: true, readBigInts: true });
  try {
    stored.exec('begin');
    const builds = servedBuilds(stored);
    const findings: Finding[] = [];
    const positions = new Map<number, Projection[]>();
    for (const projection of projections) {
      const build = builds.get(projection.name);
      if (build === undefined || build.version !== projection.version)
        findings.push({ code: 'READ_MODEL_MISSING', position: 0, detail: projection.name });
      else if (build.fault !== null)
        findings.push({
          code: 'READ_MODEL_FAULTED',
          position: build.position,
          detail: `${projection.name}: ${build.fault}`,
        });
      else positions.set(build.position, [...(positions.get(build.position) ?? []), projection]);
    }
    for (const [position, group] of positions) {
      const file = join(temporary, `${position}.db`);
      await replay(folder, file, group, position, at);
      const again = new DatabaseSync(file, { readOnly: true, readBigInts: true });
      for (const projection of group) findings.push(...differences(stored, again, projection, position));
      again.close();
    }
    return findings;
  } finally {
    stored.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

interface Served extends Pick<Build, 'name' | 'version' | 'position'> {
  readonly fault: string | null;
}

function servedBuilds(db: DatabaseSync): Map<string, Served> {
  const rows = db
    .prepare('select name, version, position, fault_cause as fault from projection_builds where served = 1')
    .all();
  return new Map(
    rows.map((row) => {
      const fault = row['fault'];
      const name = String(row['name']);
      return [
        name,
        {
          name,
          version: Number(row['version']),
          position: Number(row['position']),
          fault: typeof fault === 'string' ? fault : null,
        },
      ];
    }),
  );
}

/** Fills a new file from the first event to a position. */
async function replay(
  folder: string,
  file: string,
  projections: readonly Projection[],
  position: number,
  at: (position: number, of: number) => void,
): Promise<void> {
  const reader = openSqliteLogReader(folder);
  const store = openStore(file, { isScratch: true });
  try {
    const log = { readAll: reader.readAll.bind(reader), head: async () => position };
    // A page never reaches past the position, because the pages that fill it are cut there.
    const upTo: typeof log.readAll = (options) =>
      log.readAll({
        ...options,
        limit: Math.max(1, Math.min(options.limit, position - (options.after ?? 0))),
      });
    const projector = await createProjector({ log: { ...log, readAll: upTo }, store, projections });
    const reached = (): number => Math.min(...projector.builds().map((build) => build.position));
    await catchUp(projector, { onProgress: () => at(reached(), position) });
  } finally {
    store.close();
    await reader.close();
  }
}

/** The first row of each table in which two files differ. */
function* differences(
  stored: DatabaseSync,
  again: DatabaseSync,
  { name, tables }: Projection,
  position: number,
): Generator<Finding> {
  for (const [table, { columns, key }] of Object.entries(tables)) {
    const rows = (db: DatabaseSync): Iterator<Row> => {
      const select = db.prepare(
        `select ${Object.keys(columns).join(', ')} from ${table} order by ${key.join(', ')}`,
      );
      select.setReturnArrays(true);
      // `setReturnArrays` makes rows arrays, which the types of node:sqlite do not know.
      return select.iterate() as unknown as Iterator<Row>;
    };
    const [left, right] = [rows(stored), rows(again)];
    for (;;) {
      const [a, b] = [left.next(), right.next()];
      if (a.done && b.done) break;
      if (!a.done && !b.done && a.value.every((cell, at) => cell === b.value[at])) continue;
      const [is, should] = [textOf(a), textOf(b)];
      yield { code: 'READ_MODEL_DIFFERS', position, detail: `${name}, ${table}: ${is}, replayed ${should}` };
      left.return?.();
      right.return?.();
      break;
    }
  }
}

type Row = readonly (string | bigint | null)[];

/** A row as text; bigint has no JSON. */
const textOf = ({ done, value }: IteratorResult<Row>): string =>
  done ? 'no row' : (value as Row).map((cell) => (cell === null ? '∅' : String(cell))).join(' | ');
