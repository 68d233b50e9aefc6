import { type RecordedEvent } from '#event-log';
import { type EventPage, type Evolve, type Projection, type Transaction } from '../projection.ts';
import { parsePage } from '../page.ts';
import { physicalName } from '../schema.ts';
import { type Store, isTransient } from '../store.ts';
import { type BuildId } from './table.ts';

/** A build in the hands of this program. */
export interface Member extends BuildId {
  readonly projection: Projection;
}

export const keyOf = ({ name, build }: BuildId): string => `${name}/${build}`;

export const openEvolve = ({ projection, build }: Member): Evolve =>
  projection.open((table) => physicalName(table, projection.version, build));

/** An event that a build can not apply, and why. */
export interface Poison {
  readonly position: number;
  readonly event: string;
  readonly cause: string;
}

/** By {@link keyOf}. */
export type Poisons = ReadonlyMap<string, Poison>;

export interface Work {
  readonly members: readonly Member[];
  readonly events: readonly RecordedEvent[];
  readonly partitionOf: (stream: string) => number;
  readonly evolveOf: (member: Member) => Evolve;
}

/** The poison of a member, when it is among these events: another run may have come to other events. */
export const poisonIn = (
  poisons: Poisons,
  member: BuildId,
  events: readonly RecordedEvent[],
): Poison | undefined => {
  const poison = poisons.get(keyOf(member));
  return events.some(({ position }) => position === poison?.position) ? poison : undefined;
};

/** Applies events to all members; those with a poison get only what is before it. */
export async function applyTo(
  tx: Transaction,
  { members, events, partitionOf, evolveOf }: Work,
  poisons: Poisons,
): Promise<void> {
  const sound = members.filter((member) => !poisonIn(poisons, member, events));
  let page: EventPage | undefined;
  for (const member of sound) {
    page ??= parsePage(
      events,
      sound.map(({ projection }) => projection),
      partitionOf,
    );
    await evolveOf(member)(page, tx);
  }
  for (const member of members) {
    const poison = poisonIn(poisons, member, events);
    if (poison === undefined) continue;
    const before = events.filter(({ position }) => position < poison.position);
    await evolveOf(member)(parsePage(before, [member.projection], partitionOf), tx);
  }
}

/** Ends a transaction that was only a try. */
class TriedError extends Error {}

/**
 * Finds, by halving, the first event that each member can not apply. Every try is rolled back, so nothing has
 * changed afterwards. Empty: each of them alone applies everything. Throws faults of the machine.
 */
export async function findPoisons(store: Store, { members, events, partitionOf }: Work): Promise<Poisons> {
  const poisons = new Map<string, Poison>();
  for (const member of members) {
    /** Why the first `count` events can not be applied; undefined when they can. */
    const failure = async (count: number): Promise<Error | undefined> => {
      try {
        return await store.transaction(async (tx) => {
          const evolve = openEvolve(member);
          await evolve(parsePage(events.slice(0, count), [member.projection], partitionOf), tx);
          throw new TriedError();
        });
      } catch (error) {
        if (error instanceof TriedError) return undefined;
        if (isTransient(error)) throw error;
        return error instanceof Error ? error : new Error(String(error));
      }
    };
    let cause = await failure(events.length);
    if (cause === undefined) continue;
    let [sound, bad] = [0, events.length];
    while (bad - sound > 1) {
      const middle = (sound + bad) >> 1;
      const found = await failure(middle);
      if (found === undefined) sound = middle;
      else [bad, cause] = [middle, found];
    }
    const event = events[bad - 1];
    if (event)
      poisons.set(keyOf(member), { position: event.position, event: event.id, cause: cause.message });
  }
  return poisons;
}
