import { afterEach, describe, expect, it } from 'vitest';
import {
  type DoubleOptions,
  type KurrentDouble,
  openKurrentDouble,
} from '../../../tests/support/kurrent-double/index.ts';
import { loggedCommands } from '../../../tests/support/logged-commands.ts';
import type { Append } from '../event-log.ts';
import { openMemoryLog } from '../memory-log.ts';
import { type KurrentLog, openKurrentLog } from './kurrent-log.ts';

// Shown on the protocol double: it proves the adapter's code, not KurrentDB.

const open: { readonly double: KurrentDouble; readonly log: KurrentLog }[] = [];
afterEach(async () => {
  for (const { double, log } of open.splice(0)) {
    await log.close();
    await double.close();
  }
});
const opened = async (options: DoubleOptions = {}) => {
  const double = await openKurrentDouble(options);
  const log = await openKurrentLog({
    connectionString: double.url,
    sequence: openMemoryLog(),
    callMs: 1_000,
  });
  open.push({ double, log });
  return { double, log };
};

const A = 'book-a-2024';
const B = 'book-b-2024';
const COMMANDS = loggedCommands([
  [{ stream: A, count: 1 }],
  [
    { stream: B, count: 2 },
    { stream: A, count: 1 },
  ],
  [{ stream: A, count: 2 }],
  [{ stream: B, count: 1 }],
]);
/** `stream@revision` of the events of commands, in the order in which their appends name them. */
const placesOf = (commands: readonly Append[]): string[] => {
  const next = new Map<string, number>();
  return commands.flatMap(({ writes }) =>
    writes.flatMap(({ stream, events }) =>
      events.map(() => {
        const revision = next.get(stream) ?? 0;
        next.set(stream, revision + 1);
        return `${stream}@${revision}`;
      }),
    ),
  );
};
const books = (double: KurrentDouble): string[] =>
  double.store
    .all()
    .filter(({ stream }) => stream.startsWith('book-'))
    .map(({ stream, revision }) => `${stream}@${revision}`);
const commits = (double: KurrentDouble): number =>
  new Set(double.store.all().flatMap(({ stream, commit }) => (stream.startsWith('$') ? [] : [commit]))).size;
const kinds = async (answers: ReturnType<KurrentLog['appendInOrder']>): Promise<string[]> =>
  (await answers).map(({ kind }) => kind);

describe('commands appended in order', () => {
  it('are one request, and keep their order over streams that come again', async () => {
    const { double, log } = await opened();
    expect(await kinds(log.appendInOrder(COMMANDS))).toStrictEqual(COMMANDS.map(() => 'appended'));
    expect(books(double)).toStrictEqual(placesOf(COMMANDS));
    expect(commits(double)).toBe(1);
    for (const { command, writes } of COMMANDS)
      expect((await log.findCommand(command)).map(({ envelope }) => envelope).toSorted()).toStrictEqual(
        writes.flatMap(({ events }) => events.map(({ envelope }) => envelope)).toSorted(),
      );
  });

  it('are a request each where the server keeps no order of records', async () => {
    const { double, log } = await opened({ version: '25.1.0' });
    expect(await kinds(log.appendInOrder(COMMANDS))).toStrictEqual(COMMANDS.map(() => 'appended'));
    expect(books(double)).toStrictEqual(placesOf(COMMANDS));
    expect(commits(double)).toBe(COMMANDS.length);
  });

  it('of which some are known, add only the others', async () => {
    const { double, log } = await opened();
    await log.appendInOrder(COMMANDS.slice(0, 2));
    expect(await kinds(log.appendInOrder(COMMANDS))).toStrictEqual([
      'duplicate',
      'duplicate',
      'appended',
      'appended',
    ]);
    expect(books(double)).toStrictEqual(placesOf(COMMANDS));
  });

  it.each(['answer-lost', 'silent-written', 'silent', 'unavailable', 'overloaded'] as const)(
    'that meet “%s” are written once, in order',
    async (fault) => {
      const { double, log } = await opened();
      double.order({ on: 'append', fault });
      await log.appendInOrder(COMMANDS);
      expect(double.faultsDelivered()).toBe(1);
      expect(books(double)).toStrictEqual(placesOf(COMMANDS));
    },
  );

  it('end with the first that is in conflict', async () => {
    const { double, log } = await opened();
    const others = loggedCommands([[{ stream: B, count: 1 }]], 100);
    await log.appendInOrder(others);
    expect(await kinds(log.appendInOrder(COMMANDS))).toStrictEqual(['appended', 'conflict']);
    expect(books(double)).toStrictEqual([`${B}@0`, `${A}@0`]);
  });
});
