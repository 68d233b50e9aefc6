import { type Append, type StreamWrite, eventId } from '#event-log';

/** For each command the streams it writes and how many events to each. */
export type Shape = readonly (readonly {
  readonly stream: string;
  readonly count: number;
  readonly text?: string;
}[])[];

/** Command number `at` of a test. */
export const commandId = (at: number): string =>
  `018f0000-0000-7000-8000-${at.toString(16).padStart(12, '0')}`;

/** Appends as the executor makes them, one a command from number `first` on: their envelopes name their command. */
export const loggedCommands = (shape: Shape, first = 0): readonly Append[] => {
  const revisions = new Map<string, number>();
  return shape.map((writes, at): Append => {
    const command = commandId(first + at);
    const requestHash = at.toString(16).padStart(64, '0');
    let index = 0;
    const made = writes.map(({ stream, count, text = '' }): StreamWrite => {
      const begin = (revisions.get(stream) ?? -1) + 1;
      revisions.set(stream, begin + count - 1);
      const events = Array.from({ length: count }, (_, n) => {
        const id = eventId(command, index++);
        const members = { id, type: 'book.noted.v1', stream, revision: begin + n };
        const envelope = JSON.stringify({
          ...members,
          commandId: command,
          bodyHash: requestHash,
          data: { text },
        });
        return { id, type: members.type, envelope };
      });
      return { stream, expected: begin === 0 ? 'no-stream' : begin - 1, events };
    });
    const [head, ...rest] = made;
    if (head === undefined) throw new RangeError('a command writes something');
    return { command, requestHash, writes: [head, ...rest] };
  });
};
