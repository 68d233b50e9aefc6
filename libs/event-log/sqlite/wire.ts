import type { Append, ExpectedRevision, NewEvent, StreamWrite } from '../event-log.ts';
import type { Outcome } from './writer.ts';

/**
 * Appends as one flat list of texts and numbers: cloning an object between threads costs several times what its
 * values do. Each append is its command, request hash and number of writes, each write its stream, expected revision
 * and number of events, each event its id, type and envelope.
 */
export type PackedAppends = readonly (string | number)[];

export const packAppends = (appends: readonly Append[]): PackedAppends => {
  const packed: (string | number)[] = [];
  for (const { command, requestHash, writes } of appends) {
    packed.push(command, requestHash, writes.length);
    for (const { stream, expected, events } of writes) {
      packed.push(stream, expected, events.length);
      for (const { id, type, envelope } of events) packed.push(id, type, envelope);
    }
  }
  return packed;
};

/** The appends that `packAppends` packed. */
export const unpackAppends = (packed: PackedAppends): Append[] => {
  let at = 0;
  const next = <T extends string | number>(): T => packed[at++] as T;
  const event = (): NewEvent => ({ id: next(), type: next(), envelope: next() });
  const write = (): StreamWrite => {
    const stream = next<string>();
    const expected = next<ExpectedRevision>();
    return { stream, expected, events: times(next(), event) };
  };
  const appends: Append[] = [];
  while (at < packed.length)
    // `Append` names at least one write; what was packed came as an `Append`.
    appends.push({
      command: next(),
      requestHash: next(),
      writes: times(next(), write) as unknown as Append['writes'],
    });
  return appends;
};

const times = <T>(count: number, make: () => T): T[] => {
  const made: T[] = [];
  for (let n = 0; n < count; n += 1) made.push(make());
  return made;
};

/** Outcomes in order: two positions for what was appended, anything else as it is. */
export type PackedOutcomes = readonly (number | Outcome)[];

export const packOutcomes = (outcomes: readonly Outcome[]): PackedOutcomes => {
  const packed: (number | Outcome)[] = [];
  for (const outcome of outcomes)
    if (outcome.kind === 'appended') packed.push(outcome.firstPosition, outcome.position);
    else packed.push(outcome);
  return packed;
};

/** The outcomes that `packOutcomes` packed. */
export const unpackOutcomes = (packed: PackedOutcomes): Outcome[] => {
  const outcomes: Outcome[] = [];
  for (let at = 0; at < packed.length; at += 1) {
    const first = packed[at] as number | Outcome;
    if (typeof first !== 'number') outcomes.push(first);
    else outcomes.push({ kind: 'appended', firstPosition: first, position: packed[(at += 1)] as number });
  }
  return outcomes;
};
