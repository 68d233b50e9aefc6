import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EventLogReader, partitionOf } from '#event-log';
import {
  type Build,
  type EventPage,
  type Projection,
  catchUp,
  createProjector,
  openStore,
  positionIn,
} from '#read-models';
import type { Finding } from './events.ts';
import { type Row, type StoredModels, openSqliteModels } from './stored-models.ts';

export interface ReadModelsCheck {
  readonly log: Pick<EventLogReader, 'readAll'>;
  readonly stored: StoredModels;
  /** Finds nothing where nothing was ever projected, as after a migration; else all are missing there. */
  readonly mayBeAbsent?: boolean;
  readonly projections: readonly Projection[];
  readonly at: (position: number, of: number) => void;
}

/**
 * Builds read models again from the log in a temporary file and compares them with the stored ones, row by row,
 * as they stand at one moment, so that a running server disturbs nothing. A faulted one is a finding by itself.
 */
export async function verifyReadModels(check: ReadModelsCheck): Promise<Finding[]> {
  const { log, stored, projections, at, mayBeAbsent = false } = check;
  const all = await stored.builds();
  if (all === undefined && mayBeAbsent) return [];
  const temporary = mkdtempSync(join(tmpdir(), 'lalanh-verify-'));
  try {
    const builds = new Map((all ?? []).filter(({ served }) => served).map((build) => [build.name, build]));
    const findings: Finding[] = [];
    const groups = new Map<string, { readonly build: Build; readonly group: Projection[] }>();
    for (const projection of projections) {
      const build = builds.get(projection.name);
      if (build === undefined || build.version !== projection.version)
        findings.push({ code: 'READ_MODEL_MISSING', position: 0, detail: projection.name });
      else if (build.fault !== null)
        findings.push({
          code: 'READ_MODEL_FAULTED',
          position: build.position,
          detail: `${projection.name}: ${build.fault.cause}`,
        });
      else {
        const place = [build.position, ...build.partitions].join(' ');
        const known = groups.get(place) ?? { build, group: [] };
        groups.set(place, known);
        known.group.push(projection);
      }
    }
    for (const { build, group } of groups.values()) {
      const file = join(temporary, `${groups.size}-${build.name}.db`);
      await replay(log, file, group, build, at);
      const again = openSqliteModels(file);
      for (const projection of group)
        findings.push(...(await differences(stored, again, projection, build.position)));
      await again.close();
    }
    return findings;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Fills a new file from the first event to where a build stands. */
async function replay(
  log: ReadModelsCheck['log'],
  file: string,
  projections: readonly Projection[],
  build: Build,
  at: (position: number, of: number) => void,
): Promise<void> {
  const end = Math.max(build.position, ...build.partitions);
  const store = openStore(file, { isScratch: true });
  try {
    // A page never reaches past the end, because the pages that fill the file are cut there.
    const readAll: EventLogReader['readAll'] = (options) =>
      log.readAll({ ...options, limit: Math.max(1, Math.min(options.limit, end - (options.after ?? 0))) });
    const projector = await createProjector({
      log: { readAll, head: async () => end },
      store,
      projections: build.partitions.length === 0 ? projections : asPartitioned(projections, build),
    });
    const reached = (): number => Math.min(...projector.builds().map(({ position }) => position));
    await catchUp(projector, { onProgress: () => at(reached(), end) });
  } finally {
    store.close();
  }
}

/** The same projections as partitions have moved them: of each partition only the events up to its position. */
function asPartitioned(projections: readonly Projection[], build: Build): readonly Projection[] {
  const pages = new WeakMap<EventPage, EventPage>();
  const applied = (page: EventPage): EventPage => {
    const known = pages.get(page) ?? {
      events: page.events.filter(({ position, stream }) => position <= positionIn(build, stream)),
      partitionOf: (stream: string) => partitionOf(stream, build.partitions.length),
      derived: new Map(),
    };
    pages.set(page, known);
    return known;
  };
  return projections.map((projection) => ({
    ...projection,
    open: (physical) => {
      const evolve = projection.open(physical);
      return (page, tx) => evolve(applied(page), tx);
    },
  }));
}

/** The first row of each table in which two databases differ. */
async function differences(
  stored: StoredModels,
  again: StoredModels,
  { name, tables }: Projection,
  position: number,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [table, definition] of Object.entries(tables)) {
    const found = await firstDifference(stored.rows(table, definition), again.rows(table, definition));
    if (found === undefined) continue;
    const [is, should] = found.map(textOf);
    findings.push({
      code: 'READ_MODEL_DIFFERS',
      position,
      detail: `${name}, ${table}: ${is}, replayed ${should}`,
    });
  }
  return findings;
}

type Batches = AsyncGenerator<readonly Row[], void, undefined>;

async function firstDifference(
  left: Batches,
  right: Batches,
): Promise<readonly [Row | undefined, Row | undefined] | undefined> {
  const [a, b] = [cursorOf(left), cursorOf(right)];
  try {
    for (;;) {
      // Awaiting each row would take longer than comparing it.
      if (a.isSpent()) await a.refill();
      if (b.isSpent()) await b.refill();
      const [is, should] = [a.next(), b.next()];
      if (is === undefined && should === undefined) return undefined;
      if (is === undefined || should === undefined) return [is, should];
      if (!is.every((cell, index) => cell === should[index])) return [is, should];
    }
  } finally {
    await left.return();
    await right.return();
  }
}

/** Rows one by one from batches. */
function cursorOf(batches: Batches) {
  let rows: readonly Row[] = [];
  let at = 0;
  let isOver = false;
  return {
    isSpent: (): boolean => at >= rows.length && !isOver,
    refill: async (): Promise<void> => {
      do {
        const { value, done } = await batches.next();
        [rows, at, isOver] = [value ?? [], 0, done === true];
      } while (rows.length === 0 && !isOver);
    },
    next: (): Row | undefined => rows[at++],
  };
}

/** A row as text; bigint has no JSON. */
const textOf = (row: Row | undefined): string =>
  row === undefined ? 'no row' : row.map((cell) => (cell === null ? '∅' : String(cell))).join(' | ');
