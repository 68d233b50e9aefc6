import type { EventLogReader } from '#event-log';
import type { Evolve, Projection } from '../projection.ts';
import { recordFault, listBuilds } from '../builds.ts';
import { type Store, isTransient } from '../store.ts';
import {
  type Member,
  type Poisons,
  type Work,
  applyTo,
  findPoisons,
  keyOf,
  openEvolve,
  poisonIn,
} from './poison.ts';
import { type Handed, type Slice, slicesOf } from './slices.ts';
import {
  type BuildId,
  type Place,
  type Topic,
  PartitionLostError,
  moveBuildIn,
  moveFollowers,
  movePlace,
  takePlace,
} from './table.ts';

export interface ConsumerOptions extends Topic {
  /** The log itself, for what never came through the bus. */
  readonly log: Pick<EventLogReader, 'readAll'>;
  readonly store: Store;
  readonly projections: readonly Projection[];
  /** Most events of one transaction. */
  readonly pageEvents: number;
}

/** Applies the partitions that this instance owns. */
export interface PartitionConsumer {
  /** Takes a partition from whoever had it; the answer says at which offset to read on. */
  assign(partition: number): Promise<Place>;
  /** Gives a partition up: whoever comes next takes it. */
  revoke(partition: number): void;
  /**
   * Applies messages of one partition, in the order of their offsets; one call at a time for each partition.
   * Throws {@link PartitionLostError} when another instance has taken it or the signal came, faults of the
   * machine as they are.
   */
  apply(partition: number, handed: readonly Handed[], signal?: AbortSignal): Promise<void>;
  /** Position of each partition it owns. */
  positions(): ReadonlyMap<number, number>;
  /** Gaps seen so far, and read from the log. */
  gaps(): number;
}

/** Raised when a build follows that this program does not know: a newer one runs beside it. */
export class OutdatedError extends Error {
  override readonly name = 'OutdatedError';
}

/** A partition in the hands of this instance. */
interface Owned {
  place: Place;
  /** By build. What they remember comes from this partition alone; thrown away after every rollback. */
  readonly evolves: Map<string, Evolve>;
}

/** Raised, and caught, when a build begins to follow while the events it needs were left unread. */
class WantedError extends Error {}

/** Makes the consumer of a topic's partitions. Its tables must be there (`preparePartitions`). */
export function createConsumer(options: ConsumerOptions): PartitionConsumer {
  const { store, projections, log, partitions, pageEvents } = options;
  const owned = new Map<number, Owned>();
  const members = new Map<string, Member>();
  let gaps = 0;

  /** The projection of a build, looked up once: a build never changes its version. */
  const memberOf = async (id: BuildId): Promise<Member> => {
    const known = members.get(keyOf(id));
    if (known) return known;
    for (const { name, build, version } of await listBuilds(store)) {
      const projection = projections.find((one) => one.name === name && one.version === version);
      if (projection) members.set(keyOf({ name, build }), { name, build, projection });
    }
    const member = members.get(keyOf(id));
    if (member === undefined)
      throw new OutdatedError(`this program does not know build ${id.build} of ${id.name}`);
    return member;
  };

  const ownedOf = (partition: number): Owned => {
    const own = owned.get(partition);
    if (own === undefined) throw new PartitionLostError(partition);
    return own;
  };

  /** One slice in one transaction. What was tried is left in `tried`, for the search for a poison. */
  const applySlice = (
    partition: number,
    own: Owned,
    slice: Slice,
    poisons: Poisons,
    tried: { work?: Work },
  ): Promise<void> =>
    store.transaction(async (tx) => {
      await movePlace(tx, options, partition, own.place, slice);
      const moved = await moveFollowers(tx, partition, own.place.position, slice.position);
      if (slice.isUnread && moved.length > 0) throw new WantedError();
      if (slice.events.length === 0) return;
      const following: Member[] = [];
      for (const id of moved) following.push(await memberOf(id));
      const inOrder = projections.flatMap((one) => following.filter(({ projection }) => projection === one));
      const evolveOf = (member: Member): Evolve => {
        const evolve = own.evolves.get(keyOf(member)) ?? openEvolve(member);
        own.evolves.set(keyOf(member), evolve);
        return evolve;
      };
      const work = { members: inOrder, events: slice.events, partitionOf: () => partition, evolveOf };
      tried.work = work;
      await applyTo(tx, work, poisons);
      for (const member of inOrder) {
        const poison = poisonIn(poisons, member, slice.events);
        if (poison === undefined) continue;
        await moveBuildIn(tx, member, partition, poison.position - 1);
        await recordFault(tx, member, poison);
      }
    });

  /** Applies a slice; a build that can not is stopped before the event it fails at, all others go on. */
  const applySound = async (partition: number, own: Owned, slice: Slice): Promise<void> => {
    const tried: { work?: Work } = {};
    let poisons: Poisons = new Map();
    // Each round but the last finds at least one more build that fails.
    for (let round = 0; ; round += 1) {
      try {
        await applySlice(partition, own, slice, poisons, tried);
        own.place = { ...own.place, nextOffset: slice.nextOffset, position: slice.position };
        return;
      } catch (error) {
        own.evolves.clear();
        const passes =
          error instanceof PartitionLostError || error instanceof OutdatedError || isTransient(error);
        if (passes || error instanceof WantedError || tried.work === undefined || round > projections.length)
          throw error;
        const found = await findPoisons(store, tried.work);
        if ([...found.keys()].every((key) => poisons.has(key))) throw error;
        poisons = found;
      }
    }
  };

  const apply: PartitionConsumer['apply'] = async (partition, handed, signal) => {
    const own = ownedOf(partition);
    const isWanted = async (): Promise<boolean> =>
      (
        await store.all(
          'select 1 as one from projection_partitions where partition = ? and follows = 1 limit 1',
          [partition],
        )
      ).length > 0;
    const slices = slicesOf(handed, {
      log,
      partition,
      partitions,
      pageEvents,
      from: own.place.position,
      isWanted,
      onGap: () => (gaps += 1),
    });
    for await (const slice of slices) {
      if (owned.get(partition) !== own || signal?.aborted) throw new PartitionLostError(partition);
      await applySound(partition, own, slice);
    }
  };

  return {
    assign: async (partition) => {
      const place = await store.transaction((tx) => takePlace(tx, options, partition), 'durable');
      owned.set(partition, { place, evolves: new Map() });
      return place;
    },
    revoke: (partition) => void owned.delete(partition),
    apply: async (partition, handed, signal) => {
      try {
        await apply(partition, handed, signal);
      } catch (error) {
        if (!(error instanceof WantedError)) throw error;
        // Once: from now on somebody follows, so the gap is read.
        await apply(partition, handed, signal);
      }
    },
    positions: () => new Map([...owned].map(([partition, { place }]) => [partition, place.position])),
    gaps: () => gaps,
  };
}
