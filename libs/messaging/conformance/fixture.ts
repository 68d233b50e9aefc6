import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus, BusMessage, Consume, OutgoingMessage } from '../bus.ts';

export const message = (
  partition: number,
  value: string | null,
  key: string | null = 'k',
): OutgoingMessage => ({
  partition,
  key,
  headers: { n: value ?? '' },
  value,
});

/** Values `name-0` … of one partition. */
export const series = (partition: number, name: string, length: number): OutgoingMessage[] =>
  Array.from({ length }, (_, at) => message(partition, `${name}-${at}`));

/** What a consumer was told, in the order in which it was. */
export interface Seen {
  readonly assigned: number[];
  readonly revoked: number[];
  readonly faults: unknown[];
  /** By partition. */
  readonly messages: Map<number, BusMessage[]>;
  values(partition: number): (string | null)[];
}

const seenNothing = (): Seen => {
  const messages = new Map<number, BusMessage[]>();
  return {
    assigned: [],
    revoked: [],
    faults: [],
    messages,
    values: (partition) => (messages.get(partition) ?? []).map(({ value }) => value),
  };
};

/** A consumer that keeps what it gets; callbacks given here run before it does. */
export const watching = (
  topic: string,
  group: string,
  own: Partial<Consume> = {},
): { seen: Seen; consume: Consume } => {
  const seen = seenNothing();
  const consume: Consume = {
    topic,
    group,
    onAssign: async (partition, signal) => {
      const offset = (await own.onAssign?.(partition, signal)) ?? 0;
      seen.assigned.push(partition);
      return offset;
    },
    onRevoke: async (partition) => {
      await own.onRevoke?.(partition);
      seen.revoked.push(partition);
    },
    onBatch: async (partition, messages, signal) => {
      await own.onBatch?.(partition, messages, signal);
      const known = seen.messages.get(partition);
      if (known) known.push(...messages);
      else seen.messages.set(partition, [...messages]);
    },
    onFault: (error) => seen.faults.push(error),
  };
  return { seen, consume };
};

/** The code an attempt fails with. */
export const refusal = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'no refusal',
    (error: unknown) => (error as { code?: unknown }).code ?? error,
  );

const LOOK_MS = 10;

/** Waits until it is so, or for good: what is compared afterwards then shows the difference. */
export async function until(
  { patienceMs }: { readonly patienceMs: number },
  isSo: () => boolean,
): Promise<void> {
  for (const end = Date.now() + patienceMs; !isSo() && Date.now() < end;) await sleep(LOOK_MS);
}

/** Opens a bus for the work and closes it whatever comes of it. */
export async function withBus<T>(open: () => Promise<Bus>, work: (bus: Bus) => Promise<T>): Promise<T> {
  const bus = await open();
  try {
    return await work(bus);
  } finally {
    await bus.close();
  }
}
