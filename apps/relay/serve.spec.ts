import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openKurrentLog, openSequenceReader, openSqliteLog, prepareSequence } from '#event-log';
import { EVENTS_TOPIC, type LedgerMessage, decodeMessage, openKafkaBus } from '#messaging';
import { SettingError, readSettings } from '#platform';
import { openDatabase } from '#postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openKurrentDouble } from '../../tests/support/kurrent-double/index.ts';
import {
  type KafkaServers,
  type PostgresServer,
  startKafka,
  startPostgres,
} from '../../tests/support/parts/index.ts';
import { fillLog, firstArrivals, logged } from '../../tests/support/relayed.ts';
import { type ServingRelay, serveRelay } from './serve.ts';

const START_MS = 180_000;
const TEST_MS = 120_000;
const LOOK_MS = 50;
const EVENTS = 60;
const LEASE_MS = 4_000;

let kafka: KafkaServers;
let postgres: PostgresServer;
let folder: string;
beforeAll(async () => {
  [kafka, postgres] = await Promise.all([startKafka({ brokers: 1 }), startPostgres()]);
}, START_MS);
afterAll(async () => {
  await Promise.all([kafka.stop(), postgres.stop()]);
}, START_MS);
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'lalanh-relay-'))));
afterEach(async () => {
  // Also what a failed test left: it would go on playing the part.
  await Promise.all(served.splice(0).map((serving) => serving.stop()));
  rmSync(folder, { recursive: true });
});

const served: ServingRelay[] = [];
const serve = async (more: Readonly<Record<string, string>>): Promise<ServingRelay> => {
  const serving = await serveRelay(settingsOf(more), { onFault, leaseMs: LEASE_MS });
  served.push(serving);
  return serving;
};

const faults: unknown[] = [];
const onFault = (fault: unknown): void => void faults.push(fault);

const settingsOf = (more: Readonly<Record<string, string>>): ReturnType<typeof readSettings> =>
  readSettings({
    LALANH_DATA: folder,
    LALANH_POSTGRES: postgres.url,
    LALANH_KAFKA: kafka.bootstrap.join(','),
    LALANH_PARTITIONS: '1',
    LALANH_PORT: '0',
    ...more,
  });

/** The topic from a position on, once a message says that everything up to `head` is there. */
async function messagesAfter(
  offset: number,
  head: number,
): Promise<{ messages: LedgerMessage[]; next: number }> {
  const bus = openKafkaBus({ brokers: kafka.bootstrap, clientId: 'spec' });
  const messages: LedgerMessage[] = [];
  let next = offset;
  const all = Promise.withResolvers<void>();
  await bus.consume({
    topic: EVENTS_TOPIC,
    group: `spec-${offset}`,
    onAssign: async () => offset,
    onBatch: async (_partition, batch) => {
      messages.push(...batch.map(decodeMessage));
      next = (batch.at(-1)?.offset ?? -1) + 1;
      if (messages.some(({ position }) => position >= head)) all.resolve();
    },
  });
  await all.promise;
  await bus.close();
  return { messages, next };
}

const metric = async (url: string, name: string): Promise<string | undefined> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
};

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(LOOK_MS);
}

describe('the relay’s process', () => {
  let offset = 0;

  it(
    'on a data folder hands its log over, and says where it stands; a second one stands by and takes over',
    async () => {
      const log = await openSqliteLog(folder, { thread: false });
      await fillLog(log, EVENTS, 5);
      const first = await serve({ LALANH_INSTANCE: 'first' });
      const { messages, next } = await messagesAfter(offset, EVENTS);
      offset = next;
      expect(firstArrivals(messages)).toStrictEqual(
        (await logged(log)).map(({ id, position, envelope }) => ({ id, position, envelope })),
      );
      await until(
        async () => (await metric(first.url, 'lalanh_relay_position')) === `lalanh_relay_position ${EVENTS}`,
      );
      expect(await metric(first.url, 'lalanh_role_held')).toBe('lalanh_role_held{role="relay"} 1');
      expect(await metric(first.url, 'lalanh_log_head')).toBe(`lalanh_log_head ${EVENTS}`);
      expect(await metric(first.url, 'lalanh_relay_lag_events')).toBe('lalanh_relay_lag_events 0');
      expect(await metric(first.url, 'lalanh_relay_lag_seconds')).toBe('lalanh_relay_lag_seconds 0');

      const second = await serve({ LALANH_INSTANCE: 'second' });
      expect((await fetch(`${second.url}/health/live`)).status).toBe(200);
      expect(await (await fetch(`${second.url}/health/ready`)).json()).toStrictEqual({
        status: 'ok',
        troubles: [],
        relay: 'stands by',
        position: null,
      });
      expect(await metric(second.url, 'lalanh_relay_lag_events')).toBe('lalanh_relay_lag_events Nan');
      await first.stop();
      await until(
        async () => (await metric(second.url, 'lalanh_relay_position')) === `lalanh_relay_position ${EVENTS}`,
      );
      expect(await metric(second.url, 'lalanh_role_held')).toBe('lalanh_role_held{role="relay"} 1');
      expect(await (await fetch(`${second.url}/health/ready`)).json()).toStrictEqual({
        status: 'ok',
        troubles: [],
        relay: 'works',
        position: EVENTS,
      });
      await second.stop();
      await log.close();
    },
    TEST_MS,
  );

  it(
    'on KurrentDB (the protocol double) gives positions and hands the sequence over',
    async () => {
      const database = openDatabase({ url: postgres.url, schema: 'sequence' });
      await database.query('truncate roles.relay_checkpoints');
      await prepareSequence(database);
      const double = await openKurrentDouble();
      const sequence = openSequenceReader(database);
      const log = await openKurrentLog({ connectionString: double.url, sequence });
      await fillLog(log, EVENTS, 5);
      const serving = await serve({ LALANH_LOG: double.url, LALANH_INSTANCE: 'third' });
      // What the first log left in the topic lies before the offset.
      const from = offset;
      await until(
        async () =>
          (await metric(serving.url, 'lalanh_relay_position')) === `lalanh_relay_position ${EVENTS}`,
      );
      const { messages } = await messagesAfter(from, EVENTS);
      const fresh = messages.slice(
        messages.findIndex(({ kind, position }) => kind === 'event' && position === 1),
      );
      expect(firstArrivals(fresh)).toStrictEqual(
        (await logged(sequence)).map(({ id, position, envelope }) => ({ id, position, envelope })),
      );
      expect((await logged(sequence)).length).toBe(EVENTS);
      expect(await metric(serving.url, 'lalanh_sequencer_position')).toBe(
        `lalanh_sequencer_position ${EVENTS}`,
      );
      await serving.stop();
      await log.close();
      await sequence.close();
      await database.close();
      await double.close();
    },
    TEST_MS,
  );

  it('without Kafka or PostgreSQL says which setting is missing', async () => {
    const without = (name: string): Promise<unknown> =>
      serveRelay(settingsOf({ [name]: '' }), { onFault }).catch((error: unknown) =>
        error instanceof SettingError ? error.setting : error,
      );
    expect([await without('LALANH_KAFKA'), await without('LALANH_POSTGRES')]).toStrictEqual([
      'LALANH_KAFKA',
      'LALANH_POSTGRES',
    ]);
  });

  it(
    'of a topic with another number of partitions ends and says why',
    async () => {
      (await openSqliteLog(folder, { thread: false })).close().catch(onFault);
      const serving = await serve({ LALANH_PARTITIONS: '2', LALANH_INSTANCE: 'fourth' });
      await expect(serving.ended).rejects.toMatchObject({ code: 'BUS_TOPIC_DIFFERS' });
      await serving.stop();
    },
    TEST_MS,
  );
});
