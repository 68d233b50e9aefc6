import type { EventLogReader, RecordedEvent } from '#event-log';
import {
  type Build,
  CheckpointElsewhereError,
  FencedError,
  type HeldBuild,
  difference,
  dropBuild,
  holdBuilds,
  holdCheckpoint,
  listBuilds,
  moveCheckpoint,
  oneByOne,
  prepareBuilds,
  raiseFences,
  recordFault,
  serveInstead,
  startBuild,
} from './builds.ts';
import { parsePage } from './page.ts';
import type { Evolve, Projection } from './projection.ts';
import { physicalName } from './schema.ts';
import { type Store, isTransient } from './store.ts';

/** Most events read, and applied in one transaction. Large pages write each table page less often. */
export const PAGE_EVENTS = 10_000;
/** Waits before a transient fault is tried again; after the last it stops the runner. */
const RETRY_WAITS_MS = [100, 500, 2_000] as const;
/** The same for a database server, which may start again or be replaced by its standby: half a minute in all. */
export const SERVER_RETRY_WAITS_MS = [100, 500, 2_000, 5_000, 10_000, 15_000] as const;

export interface ProjectorOptions {
  readonly log: Pick<EventLogReader, 'readAll' | 'head'>;
  readonly store: Store;
  readonly projections: readonly Projection[];
  /** {@link PAGE_EVENTS} when absent. */
  readonly pageEvents?: number;
}

export interface Projector {
  /** Applies one page to whoever is furthest behind. False: all are at the head, or faulted. */
  step(): Promise<boolean>;
  /** Starts a build beside the served one, of one projection or of all; `step` fills and switches it. */
  rebuild(name: string | 'all'): Promise<void>;
  builds(): readonly Build[];
}

/** A build that this runner moves forward. */
interface Runner {
  readonly projection: Projection;
  state: HeldBuild;
  evolve: Evolve;
}

/** The order in which builds are locked. */
const byName = ({ state: a }: Runner, { state: b }: Runner): number =>
  a.name === b.name ? a.build - b.build : a.name < b.name ? -1 : 1;

/** Part of the log: the events after `after` up to and including position `next`. */
interface Slice {
  readonly after: number;
  readonly next: number;
  readonly events: readonly RecordedEvent[];
}

/**
 * Takes over the read models of a store and moves them along the log. Rows and checkpoint of a page change
 * in one transaction; projections that stand at the same position share its reading and parsing. A second
 * projector on the same store makes the first one throw {@link FencedError} at its next step.
 */
export async function createProjector(options: ProjectorOptions): Promise<Projector> {
  const { log, store, projections, pageEvents = PAGE_EVENTS } = options;
  const open = ({ projection, state }: Omit<Runner, 'evolve'>): Evolve =>
    projection.open((table) => physicalName(table, state.version, state.build));

  let runners: Runner[] = [];
  /** Builds of versions this program no longer has; they are served until their successor is ready. */
  let stale: HeldBuild[] = [];

  const load = async (): Promise<void> => {
    hold(await listBuilds(store));
  };
  const hold = (builds: readonly HeldBuild[]): void => {
    runners = projections.flatMap((projection) =>
      builds
        .filter(({ name, version }) => name === projection.name && version === projection.version)
        .map((state) => {
          const runner = { projection, state };
          return { ...runner, evolve: open(runner) };
        }),
    );
    stale = builds.filter(
      ({ name, build }) => !runners.some((r) => r.state.name === name && r.state.build === build),
    );
  };

  await store.transaction(async (tx) => {
    await oneByOne(tx);
    await prepareBuilds(tx);
    await holdBuilds(tx);
    const builds = await listBuilds(tx);
    for (const projection of projections) {
      const own = builds.filter(({ name }) => name === projection.name);
      for (const old of own) if (!old.served && old.version !== projection.version) await dropBuild(tx, old);
      if (!own.some(({ version }) => version === projection.version)) await startBuild(tx, projection, own);
    }
    await raiseFences(tx);
    // A fence that a power cut took back would be given out twice.
  }, 'durable');
  await load();

  /** Applies a slice to runners that all stand at its beginning. True when it moved them. */
  const apply = async (group: readonly Runner[], slice: Slice): Promise<void> => {
    try {
      const page = parsePage(
        slice.events,
        group.map(({ projection }) => projection),
        () => 0,
      );
      await store.transaction(async (tx) => {
        for (const { state } of group.toSorted(byName)) await moveCheckpoint(tx, state, slice.next);
        for (const { evolve } of group) await evolve(page, tx);
      });
      for (const runner of group) runner.state = { ...runner.state, position: slice.next };
    } catch (error) {
      for (const runner of group) runner.evolve = open(runner);
      if (isOfTheStore(error)) throw error;
      await isolate(group, slice, error);
    }
  };

  /** Finds which projection fails at which event; all others, and all events before it, are applied. */
  const isolate = async (group: readonly Runner[], slice: Slice, error: unknown): Promise<void> => {
    const [only, ...others] = group;
    if (only === undefined) return;
    if (others.length > 0) {
      for (const runner of group) await apply([runner], slice);
      return;
    }
    const [first, ...rest] = slice.events;
    if (first === undefined) throw error;
    if (rest.length === 0) {
      const cause = error instanceof Error ? error.message : String(error);
      const fault = { position: first.position, event: first.id, cause };
      await store.transaction(async (tx) => {
        await holdCheckpoint(tx, only.state);
        await recordFault(tx, only.state, fault);
      });
      only.state = { ...only.state, fault };
      return;
    }
    const half = slice.events.length >> 1;
    const middle = slice.events[half - 1]?.position ?? slice.after;
    await apply([only], { after: slice.after, next: middle, events: slice.events.slice(0, half) });
    if (only.state.fault === null)
      await apply([only], { after: middle, next: slice.next, events: slice.events.slice(half) });
  };

  /** Switches to a build that has come to where the served one stands, if they agree. */
  const switchReady = async (): Promise<boolean> => {
    const served = [...runners.map(({ state }) => state), ...stale].filter((build) => build.served);
    for (const runner of runners.filter(({ state }) => !state.served && state.fault === null)) {
      const { state, projection } = runner;
      const old = served.find(({ name }) => name === state.name);
      if (old === undefined || old.position !== state.position) continue;
      await store.transaction(async (tx) => {
        await oneByOne(tx);
        for (const held of [old, state]) await holdCheckpoint(tx, held);
        const differs = await difference(tx, projection, old, state);
        if (differs === null) await serveInstead(tx, projection, old, state);
        else
          await recordFault(tx, state, {
            position: state.position,
            event: '',
            cause: `rebuild differs: ${differs}`,
          });
      });
      await load();
      return true;
    }
    return false;
  };

  /** Position a build may not pass in one page, so that it meets the one it will replace. */
  const meetingPoint = ({ state }: Runner): number => {
    const served = [...runners.map((r) => r.state), ...stale].find((b) => b.served && b.name === state.name);
    return served && !state.served && served.position > state.position
      ? served.position
      : Number.MAX_SAFE_INTEGER;
  };

  /** After a fault whose transaction may be committed all the same: looks where the builds stand, if still ours. */
  const lookAgain = async (): Promise<void> => {
    const builds = await listBuilds(store);
    const known = new Map(runners.map(({ state }) => [`${state.name} ${state.build}`, state.fence]));
    const found = builds.filter(({ name, build }) => known.has(`${name} ${build}`));
    // One that is gone was dropped by our own switch, or by somebody who took the others over too.
    if (found.length === 0 || found.some(({ name, build, fence }) => known.get(`${name} ${build}`) !== fence))
      throw new FencedError('another runner has taken over');
    hold(builds);
    isSure = true;
  };
  let isSure = true;

  const step = async (): Promise<boolean> => {
    try {
      if (!isSure) await lookAgain();
      return await advance();
    } catch (error) {
      if (isOfTheStore(error)) isSure = false;
      if (error instanceof CheckpointElsewhereError) return true;
      throw error;
    }
  };

  const advance = async (): Promise<boolean> => {
    if (await switchReady()) return true;
    const head = await log.head();
    const behind = runners.filter(({ state }) => state.fault === null && state.position < head);
    // Served builds first: a rebuild must not make what people read older than a page.
    const served = behind.filter(({ state }) => state.served);
    const turn = served.length > 0 && !servedLast ? served : behind.filter(({ state }) => !state.served);
    const candidates = turn.length > 0 ? turn : behind;
    servedLast = candidates === served;
    if (candidates.length === 0) return false;
    const after = Math.min(...candidates.map(({ state }) => state.position));
    const group = candidates.filter(({ state }) => state.position === after);
    const limits = candidates
      .filter(({ state }) => state.position > after)
      .map(({ state }) => state.position);
    const end = Math.min(after + pageEvents, ...limits, ...group.map(meetingPoint));
    const page = await log.readAll({ after, limit: end - after });
    if (page.events.length === 0) return false;
    await apply(group, { after, next: page.next, events: page.events });
    return true;
  };
  let servedLast = false;

  return {
    step,
    rebuild: async (name) => {
      const chosen = projections.filter((projection) => name === 'all' || projection.name === name);
      if (chosen.length === 0) throw new Error(`there is no projection ${name}`);
      await store.transaction(async (tx) => {
        await oneByOne(tx);
        await holdBuilds(tx);
        const builds = await listBuilds(tx);
        for (const projection of chosen) {
          const own = builds.filter((build) => build.name === projection.name);
          for (const unfinished of own.filter((build) => !build.served)) await dropBuild(tx, unfinished);
          await startBuild(tx, projection, own);
        }
        await raiseFences(tx);
      }, 'durable');
      await load();
    },
    builds: () => [...runners.map(({ state }) => state), ...stale],
  };
}

export interface CatchUpOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: () => void;
  /** Waits before a transient fault is tried again; {@link RETRY_WAITS_MS} when absent. */
  readonly retryWaitsMs?: readonly number[];
}

/** Steps until nothing is left to do. Transient faults are retried with growing waits, then thrown. */
export async function catchUp(
  projector: Projector,
  { signal, onProgress, retryWaitsMs = RETRY_WAITS_MS }: CatchUpOptions = {},
): Promise<void> {
  let failures = 0;
  while (!signal?.aborted) {
    try {
      if (!(await projector.step())) return;
      failures = 0;
      onProgress?.();
    } catch (error) {
      const wait = retryWaitsMs[failures];
      if (!isTransient(error) || wait === undefined) throw error;
      failures += 1;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** True for what says nothing about the events of a page. */
const isOfTheStore = (error: unknown): boolean =>
  error instanceof FencedError || error instanceof CheckpointElsewhereError || isTransient(error);
