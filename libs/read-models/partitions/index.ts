import type { EventLogReader } from '#event-log';
import { type Build, dropBuild, listBuilds, oneByOne, prepareBuilds, startBuild } from '../builds.ts';
import type { Projection } from '../projection.ts';
import type { Store } from '../store.ts';
import { buildOnce } from './builder.ts';
import { OutdatedError, type PartitionConsumer, createConsumer } from './consumer.ts';
import { type Topic, holdPlaces, preparePlaces, setFollows } from './table.ts';

export { OutdatedError, type PartitionConsumer } from './consumer.ts';
export type { Handed } from './slices.ts';
export { PartitionLostError, type Place, type Topic } from './table.ts';

/** Most events applied in one transaction. */
const PAGE_EVENTS = 10_000;

export interface PartitionsOptions extends Topic {
  /** The log itself: builds are filled from it, and gaps of the bus. */
  readonly log: Pick<EventLogReader, 'readAll'>;
  readonly store: Store;
  readonly projections: readonly Projection[];
  /** {@link PAGE_EVENTS} when absent. */
  readonly pageEvents?: number;
}

/** One of any number of instances that together keep the read models of one store. */
export interface PartitionedProjector extends PartitionConsumer {
  /** One page, or one switch, of what is being built. False: nothing is. Every instance may call it. */
  build(): Promise<boolean>;
  /** Starts a build beside the served one, of one projection or of all; {@link build} fills and switches it. */
  rebuild(name: string | 'all'): Promise<void>;
  builds(): Promise<readonly Build[]>;
}

/**
 * Joins the instances that keep the read models of a store, partition by partition. Place in the bus, fence and
 * rows of a batch change in one transaction, so a partition may be taken over at any moment, in the middle of
 * anything. Builds of other versions, or of another number of partitions, stand still from now on and are
 * served until the new ones are ready. Throws {@link OutdatedError} when a newer program has been here.
 */
export async function createPartitionedProjector(options: PartitionsOptions): Promise<PartitionedProjector> {
  const { store, projections, partitions } = options;
  const settings = { ...options, pageEvents: options.pageEvents ?? PAGE_EVENTS };
  await store.transaction(async (tx) => {
    await oneByOne(tx);
    await prepareBuilds(tx);
    await preparePlaces(tx, options);
    await holdPlaces(tx, options);
    const builds = await listBuilds(tx);
    for (const projection of projections) {
      const own = builds.filter(({ name }) => name === projection.name);
      const newer = own.find(({ version }) => version > projection.version);
      if (newer)
        throw new OutdatedError(
          `${newer.name} is at version ${newer.version}, this program at ${projection.version}`,
        );
      const isCurrent = (build: Build): boolean =>
        build.version === projection.version && build.partitions.length === partitions;
      for (const old of own.filter((build) => !isCurrent(build)))
        if (old.served) await setFollows(tx, old, false);
        else await dropBuild(tx, old);
      if (!own.some(isCurrent)) await startBuild(tx, projection, own, partitions);
    }
  }, 'durable');
  return {
    ...createConsumer(settings),
    build: () => buildOnce(settings),
    rebuild: async (name) => {
      const chosen = projections.filter((projection) => name === 'all' || projection.name === name);
      if (chosen.length === 0) throw new Error(`there is no projection ${name}`);
      await store.transaction(async (tx) => {
        await oneByOne(tx);
        await holdPlaces(tx, options);
        const builds = await listBuilds(tx);
        for (const projection of chosen) {
          const own = builds.filter((build) => build.name === projection.name);
          for (const unfinished of own.filter((build) => !build.served)) await dropBuild(tx, unfinished);
          await startBuild(tx, projection, own, partitions);
        }
      }, 'durable');
    },
    builds: () => listBuilds(store),
  };
}
