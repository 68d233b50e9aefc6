import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  type AllStreamResolvedEvent,
  KurrentDBClient,
  binaryEvent,
  jsonEvent,
} from '@kurrent/kurrentdb-client';
import { afterEach, describe, expect, it } from 'vitest';
import { type DoubleOptions, openKurrentDouble } from './index.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const given = async (options: DoubleOptions = {}) => {
  const double = await openKurrentDouble(options);
  ends.push(double.close);
  const client = KurrentDBClient.connectionString(double.url);
  // Not waited for: after an append stream that ended it does not come back.
  ends.push(async () => void client.dispose());
  return { double, client };
};
const event = (serial: number) =>
  binaryEvent({
    id: `018f3a5b-7c1d-8000-8000-${String(serial).padStart(12, '0')}`,
    type: 'book.noted.v1',
    data: Buffer.from(`{"serial":${serial}}`),
  });
const wrong = async (answer: Promise<unknown>): Promise<unknown> =>
  answer.then(
    () => 'no error',
    (error: { type?: unknown }) => error.type,
  );
/** What a promise has come to by now. */
const stateOf = (answer: Promise<unknown>): Promise<string> =>
  Promise.race([
    answer.then(
      () => 'fulfilled',
      () => 'rejected',
    ),
    new Promise<string>((resolve) => setTimeout(() => resolve('pending'), 300)),
  ]);

/** How the server decides, by its own index writer; seen through the client. */
describe('the double takes appends as the server does', () => {
  it('the same ids at the same revisions are answered without writing, at others they are written', async () => {
    const { double, client } = await given();
    const first = { streamState: 'no_stream' } as const;
    const answer = await client.appendToStream('book-a', [event(1), event(2)], first);
    expect(await client.appendToStream('book-a', [event(1), event(2)], first)).toStrictEqual(answer);
    expect(double.store.stream('book-a')?.length).toBe(2);
    expect(await wrong(client.appendToStream('book-a', [event(1), event(3)], first))).toBe(
      'wrong-expected-version',
    );
    await client.appendToStream('book-a', [event(1)], { streamState: 1n });
    expect(double.store.stream('book-a')?.map(({ id }) => id.at(-1))).toStrictEqual(['1', '2', '1']);
  });

  it('several streams all or none; partly known is a wrong version that names no stream', async () => {
    const { double, client } = await given();
    const part = (streamName: string, serial: number) => ({
      streamName,
      expectedState: 'no_stream' as const,
      events: [event(serial)],
    });
    await client.multiStreamAppend([part('book-a', 1), part('book-b', 2)]);
    expect(await wrong(client.multiStreamAppend([part('book-c', 3), part('book-b', 4)]))).toBe(
      'wrong-expected-version',
    );
    // The server breaks where it has no stream to name.
    expect(await wrong(client.multiStreamAppend([part('book-a', 1), part('book-c', 3)]))).toBe('unknown');
    const records = ['book-a', 'book-c'].map((streamName, at) => ({ streamName, record: event(1 + 2 * at) }));
    const checks = ['book-a', 'book-c'].map(
      (streamName) => ({ type: 'stream_state', streamName, expectedState: 'no_stream' }) as const,
    );
    await expect(client.appendRecords(records, checks)).rejects.toMatchObject({
      type: 'append-consistency-violation',
      violations: [],
    });
    expect(double.store.stream('book-c')).toBe(undefined);
  });

  it('has no appends of several streams before 25.1, and no records before 26.1', async () => {
    const old = await given({ version: '24.10.5' });
    const newer = await given({ version: '25.1.0' });
    expect(await wrong(old.client.multiStreamAppend([]))).toBe('unsupported');
    expect(await wrong(newer.client.appendRecords([], []))).toBe('unsupported');
  });
});

/** Faults of the client that the adapter has to live with: were they mended, these would say so. */
describe('the client on the double', () => {
  it('leaves an append pending when the append stream ends without an error', async () => {
    const { double, client } = await given();
    double.order({ on: 'append', fault: 'ended' });
    const answer = client.appendToStream('book-a', [event(1)], { streamState: 'no_stream' });
    expect(await stateOf(answer)).toBe('pending');
    expect(double.store.stream('book-a')?.length).toBe(1);
  });

  it('leaves an append pending when the server says nothing, whatever its deadline', async () => {
    const { double, client } = await given();
    double.order({ on: 'append', fault: 'silent' });
    const answer = client.appendToStream('book-a', [event(1)], { streamState: 'no_stream', deadline: 50 });
    expect(await stateOf(answer)).toBe('pending');
  });

  it('keeps a refusal of the first question for ever', async () => {
    const { double, client } = await given();
    double.order({ on: 'features', fault: 'overloaded' });
    const append = () => client.appendToStream('book-a', [event(1)], { streamState: 'no_stream' });
    expect(await stateOf(append())).toBe('rejected');
    expect(await stateOf(append())).toBe('rejected');
    expect(double.faultsDelivered()).toBe(1);
  });
});

describe('a subscription to the double', () => {
  it('gives what its filter keeps, checkpoints and caught-up, as often as ordered, and ends when dropped', async () => {
    const { double, client } = await given();
    double.repeat(2);
    const others = Array.from({ length: 40 }, () => jsonEvent({ type: 'other.noted.v1', data: {} }));
    await client.appendToStream('other-x', others, {
      streamState: 'no_stream',
    });
    await client.appendToStream('book-a', [event(1)], { streamState: 'no_stream' });
    const said: string[] = [];
    const subscription = client.subscribeToAll({
      fromPosition: 'start',
      filter: {
        filterOn: 'streamName',
        prefixes: ['book-'],
        checkpointInterval: 1,
        checkpointReached: async () => void said.push('checkpoint'),
      },
    });
    subscription.on('data', ({ event: given }: AllStreamResolvedEvent) => said.push(String(given?.streamId)));
    await once(subscription, 'caughtUp');
    expect(said).toStrictEqual(['checkpoint', 'checkpoint', 'book-a', 'book-a']);
    const failed = once(subscription, 'error');
    double.dropSubscriptions();
    expect((await failed)[0]).toMatchObject({ type: 'unavailable' });
  });
});

describe('the double as a process', () => {
  it('says where it listens, takes orders line by line, and ends with its input', async () => {
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const child = spawn(process.execPath, ['--conditions=source', main, '--version', '25.1.0'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    const { url } = (await next()) as { url: string };
    child.stdin.write('{"on":"append","fault":"denied"}\n');
    expect(await next()).toStrictEqual({ done: true });
    const client = KurrentDBClient.connectionString(url);
    ends.push(client.dispose);
    const append = () => client.appendToStream('book-a', [event(1)], { streamState: 'no_stream' });
    expect(await stateOf(append())).toBe('rejected');
    child.stdin.write('{"restart":true}\n');
    expect(await next()).toStrictEqual({ done: true });
    const exit = once(child, 'exit');
    child.stdin.end();
    expect(await exit).toStrictEqual([0, null]);
  });
});
