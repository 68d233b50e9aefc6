import { type EventLogReader, type RecordedEvent, partitionOf } from '#event-log';
import {
  type Build,
  type HeldBuild,
  difference,
  listBuilds,
  oneByOne,
  recordFault,
  serveInstead,
} from '../builds.ts';
import type { Projection, Transaction } from '../projection.ts';
import { type Store, isTransient } from '../store.ts';
import {
  type Member,
  type Poisons,
  type Work,
  applyTo,
  findPoisons,
  openEvolve,
  poisonIn,
} from './poison.ts';
import { type Topic, holdPlaces, moveBuild, positionsOf, setFollows } from './table.ts';

export interface BuilderOptions extends Topic {
  readonly log: Pick<EventLogReader, 'readAll'>;
  readonly store: Store;
  readonly projections: readonly Projection[];
  readonly pageEvents: number;
}

/** Events applied at most while the consumers wait for a build to join them. */
export const JOIN_EVENTS_MAX = 5_000;

/** A build that does not follow yet, or is not served yet. */
interface Unfinished {
  readonly state: HeldBuild;
  readonly member: Member;
  /** What is served now, when it is another build. */
  readonly old: HeldBuild | undefined;
  /** Positions it may come to for now. */
  readonly caps: readonly number[];
}

const moves = ({ follows, fault }: Build): boolean => follows && fault === null;

/** Whether the served build means the same and nobody moves it: then they are compared where it stands. */
const standsStill = (old: HeldBuild | undefined, { projection }: Member): boolean =>
  old !== undefined && !moves(old) && old.version === projection.version;

const isBehind = (positions: readonly number[], targets: readonly number[]): boolean =>
  positions.some((position, partition) => position < (targets[partition] ?? 0));

/**
 * Fills builds from the log, one page of it a call, until they are where the partitions are; then they follow
 * the consumers, and one that is to replace another is compared with it and served. False: nothing to do.
 *
 * Every instance may call it at any time: the transactions come one after the other, whoever makes them.
 *
 * ```
 * fill ─► join: partitions held, what is left applied ─► follows ─► compared with the served build on one
 *   │                                                               snapshot, nobody waits ─► views switched
 *   └─► the served build stands still (faulted): compared there ─► views switched ─► fill …
 * ```
 */
export async function buildOnce(options: BuilderOptions): Promise<boolean> {
  const { store, projections } = options;
  // A look without the lock: mostly there is nothing to do.
  if (unfinishedOf(await listBuilds(store), projections, [], options.partitions).length === 0) return false;
  const tried: { work?: Work } = {};
  let poisons: Poisons = new Map();
  for (let round = 0; ; round += 1) {
    try {
      return await store.transaction((tx) => buildIn(tx, options, poisons, tried));
    } catch (error) {
      if (isTransient(error) || tried.work === undefined || round > projections.length) throw error;
      const found = await findPoisons(store, tried.work);
      if ([...found.keys()].every((key) => poisons.has(key))) throw error;
      poisons = found;
    }
  }
}

async function buildIn(
  tx: Transaction,
  options: BuilderOptions,
  poisons: Poisons,
  tried: { work?: Work },
): Promise<boolean> {
  await oneByOne(tx);
  const places = await positionsOf(tx, options);
  const unfinished = unfinishedOf(await listBuilds(tx), options.projections, places, options.partitions);
  const there = unfinished.filter(({ state, caps }) => !isBehind(state.partitions, caps));
  const [ready] = there.filter((one) => moves(one.state) || standsStill(one.old, one.member));
  if (ready) return switchTo(tx, options, ready);
  const [joining] = there;
  if (joining) return join(tx, options, joining, poisons, tried);
  // What people read comes first.
  const [first] = unfinished.toSorted((a, b) => Number(b.state.served) - Number(a.state.served));
  if (first === undefined) return false;
  const same = unfinished.filter(
    ({ state, caps }) =>
      String(state.partitions) === String(first.state.partitions) && String(caps) === String(first.caps),
  );
  await fill(tx, options, same, first.caps, options.pageEvents, poisons, tried);
  return true;
}

function unfinishedOf(
  builds: readonly HeldBuild[],
  projections: readonly Projection[],
  places: readonly number[],
  partitions: number,
): Unfinished[] {
  return builds.flatMap((state) => {
    const projection = projections.find(
      ({ name, version }) => name === state.name && version === state.version,
    );
    const isOurs = projection !== undefined && state.partitions.length === partitions;
    if (!isOurs || state.fault !== null || (state.served && state.follows)) return [];
    const member = { name: state.name, build: state.build, projection };
    const old = state.served ? undefined : builds.find(({ name, served }) => served && name === state.name);
    const still = standsStill(old, member) ? old?.partitions : undefined;
    const caps = places.map((place, partition) => Math.min(place, still?.[partition] ?? place));
    return [{ state, member, old, caps }];
  });
}

/**
 * Applies the next page to builds that all stand at the same positions, no partition beyond its cap. Says where
 * those are then that could apply all of it.
 */
async function fill(
  tx: Transaction,
  options: BuilderOptions,
  group: readonly Unfinished[],
  caps: readonly number[],
  limit: number,
  poisons: Poisons,
  tried: { work?: Work },
): Promise<readonly number[]> {
  const { log, partitions } = options;
  const from = group[0]?.state.partitions ?? [];
  const after = Math.min(...from.filter((position, partition) => position < (caps[partition] ?? 0)));
  const page = await log.readAll({ after, limit: Math.min(limit, Math.max(...caps) - after) });
  if (page.next <= after) throw new Error(`the log ends at ${after}, before what the topic holds`);
  const partitionIn = (stream: string): number => partitionOf(stream, partitions);
  const reached = (until: number): number[] =>
    from.map((position, partition) => Math.max(position, Math.min(until, caps[partition] ?? 0)));
  const next = reached(page.next);
  const isNew = ({ stream, position }: RecordedEvent): boolean => {
    const partition = partitionIn(stream);
    return position > (from[partition] ?? 0) && position <= (next[partition] ?? 0);
  };
  const work: Work = {
    members: group.map(({ member }) => member),
    events: page.events.filter(isNew),
    partitionOf: partitionIn,
    evolveOf: openEvolve,
  };
  tried.work = work;
  await applyTo(tx, work, poisons);
  for (const { member } of group) {
    const poison = poisonIn(poisons, member, work.events);
    await moveBuild(tx, member, poison ? reached(poison.position - 1) : next);
    if (poison) await recordFault(tx, member, poison);
  }
  return next;
}

/** Lets a build follow the consumers, after what they applied since its last page. They wait meanwhile. */
async function join(
  tx: Transaction,
  options: BuilderOptions,
  { state, member, ...rest }: Unfinished,
  poisons: Poisons,
  tried: { work?: Work },
): Promise<boolean> {
  const places = await holdPlaces(tx, options);
  if (isBehind(state.partitions, places)) {
    const one = [{ state, member, ...rest }];
    const next = await fill(tx, options, one, places, JOIN_EVENTS_MAX, poisons, tried);
    const stopped = tried.work && poisonIn(poisons, member, tried.work.events);
    // There was too much to let them wait for: the next page comes with the partitions free again.
    if (stopped || isBehind(next, places)) return true;
  }
  await setFollows(tx, member, true);
  return true;
}

/** Serves a build instead of the old one, if they agree. Both are at the same positions, or mean different things. */
async function switchTo(
  tx: Transaction,
  options: BuilderOptions,
  { state, member: { projection }, old }: Unfinished,
): Promise<boolean> {
  if (old === undefined) throw new Error(`${state.name} has nothing to be served instead of`);
  const differs = await difference(tx, projection, old, state);
  await holdPlaces(tx, options);
  if (differs === null) {
    await serveInstead(tx, projection, old, state);
    return true;
  }
  // One that stopped at an event while they were compared says nothing about the other.
  const now = await listBuilds(tx);
  const isAsBefore = [old, state].every(({ name, build, fault }) =>
    now.some((one) => one.name === name && one.build === build && (one.fault === null) === (fault === null)),
  );
  const fault = { position: state.position, event: '', cause: `rebuild differs: ${differs}` };
  if (isAsBefore) await recordFault(tx, state, fault);
  return true;
}
