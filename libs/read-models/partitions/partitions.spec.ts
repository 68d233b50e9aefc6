import fc from 'fast-check';
import { expect, test } from 'vitest';
import { everything } from '#access';
import { type EventLog, openMemoryLog } from '#event-log';
import {
  fundProjections,
  readBooks,
  readDisbursementTrace,
  readDisbursements,
  readDonorBalances,
  readFundBalances,
  readGiftTrace,
  readItemPositions,
  readJournal,
  readPoolBalances,
  readProgrammeBalances,
  readTrialBalance,
} from '#funds';
import { eventId } from '#event-log';
import { parseEnvelope, writeEnvelope } from '#platform';
import { pledgeProjections, readPledgeAgeing } from '#pledges';
import { programmeProjections } from '#programmes';
import { bookHistory, randomFrom } from '../../../tests/support/book-history.ts';
import { rowsOf } from '../../../tests/support/rows.ts';
import { type FreshHome, describeStores } from '../../../tests/support/stores.ts';
import { topicOf } from '../../../tests/support/topic.ts';
import {
  type Handed,
  type PartitionedProjector,
  PartitionLostError,
  type ReadContext,
  type Store,
  catchUp,
  createPartitionedProjector,
  createProjector,
} from '../index.ts';

const PROJECTIONS = [...fundProjections, ...pledgeProjections, ...programmeProjections];
const PARTITIONS = 4;
/** Thousands of small transactions each. */
const RUNS = 8;
const SCOPE = everything('an');
const TOPIC = { group: 'projector', topic: 'ledger.events.v1', partitions: PARTITIONS };

const SHAPE = {
  funds: ['qbt-06', 'qbt-19', 'qbt-24', 'co-so-1', 'co-so-2'],
  donors: 5,
  places: ['062-2021-01-01', '058-2021-01-01'],
  beneficiaries: ['tre-1'],
  programmes: ['ao-am', 'sach'],
  year: 2024,
  giftMax: 50,
  receiptsPercent: 45,
  receipts: 60,
};

/** Books of several funds, two of them of care facilities, and pledges between their events. */
async function fill(log: EventLog, seed: number, count: number): Promise<void> {
  const random = randomFrom(seed);
  let pledges = 0;
  for (const { writes, ...append } of bookHistory(SHAPE, random)) {
    const changed = writes.map((write) => ({
      ...write,
      events: write.events.map((event) =>
        write.stream.startsWith('book-co-so')
          ? { ...event, envelope: event.envelope.replace('"level":"province"', '"level":"facility"') }
          : event,
      ),
    }));
    await log.append({ ...append, writes: changed as unknown as typeof writes });
    if (random(5) === 0) await appendPledge(log, (pledges += 1), random);
    if ((await log.head()) >= count) return;
  }
}

async function appendPledge(log: EventLog, number: number, random: (below: number) => number): Promise<void> {
  const pledge = `p${number}`;
  const stream = `pledge-${pledge}`;
  const data = {
    'pledge.made.v1': {
      pledge,
      donor: `d-${random(SHAPE.donors)}`,
      fund: SHAPE.funds[random(SHAPE.funds.length)],
      commodity: 'VND',
      amount: String(1 + random(90)),
      qualifier: random(3) === 0 ? 'about' : 'exact',
      instalments: [],
      narrative: null,
    },
    'pledge.cancelled.v1': { pledge, reason: 'đổi ý' },
  };
  for (const [revision, type] of (['pledge.made.v1', 'pledge.cancelled.v1'] as const).entries()) {
    if (revision === 1 && random(2) === 0) return;
    const commandId = `01890000-0000-700${revision}-9000-${String(number).padStart(12, '0')}`;
    const id = eventId(commandId, 0);
    const trace = { commandId, correlationId: commandId, causationId: commandId, bodyHash: '0'.repeat(64) };
    const when = { effectiveOn: '2024-05-05', recordedAt: '2024-05-05T00:00:00.000Z', actor: 'an' };
    const envelope = writeEnvelope({
      id,
      type,
      stream,
      revision,
      ...when,
      ...trace,
      data: data[type],
    } as never);
    const expected = revision === 0 ? ('no-stream' as const) : revision - 1;
    await log.append({
      command: commandId,
      requestHash: '0'.repeat(64),
      writes: [{ stream, expected, events: [{ id, type, envelope }] }],
    });
  }
}

/** What one reader of the whole log, in order, would answer at a position. */
async function sequential(
  fresh: FreshHome,
  log: EventLog,
  head: number,
): Promise<ReadContext & { rows(): Promise<unknown>; close(): Promise<void> }> {
  const home = await fresh();
  const store = home.store();
  const known = {
    head: async () => head,
    readAll: (options: Parameters<EventLog['readAll']>[0]) =>
      log.readAll({ ...options, limit: Math.min(options.limit, head - (options.after ?? 0)) }),
  };
  if (head > 0) await catchUp(await createProjector({ log: known, store, projections: PROJECTIONS }));
  else await createProjector({ log: known, store, projections: PROJECTIONS });
  const models = home.models();
  const rows = (): Promise<unknown> => rowsOf(store, PROJECTIONS);
  const close = async (): Promise<void> => {
    await models.close();
    store.close();
  };
  return { db: models.db, log, rows, close };
}

/** Answers of every kind, as they stand. */
async function answers(
  context: ReadContext,
  ids: { readonly gifts: readonly string[]; readonly items: readonly string[] },
  knownAt: number | undefined,
): Promise<unknown> {
  const scope = SCOPE;
  const two = { scope, knownAt, effectiveThrough: '2024-06-01' } as const;
  const one = { scope, knownAt } as const;
  const balances = [readFundBalances, readPoolBalances, readProgrammeBalances];
  const found: unknown[] = [];
  for (const read of balances) found.push(await read(context, one), await read(context, two));
  found.push(await readFundBalances(context, { ...one, funds: ['qbt-06', 'co-so-1'] }));
  found.push(await readTrialBalance(context, one), await readTrialBalance(context, two));
  found.push(await readDonorBalances(context, { ...one, limit: 3 }), await readDonorBalances(context, two));
  found.push(await readJournal(context, { ...one, limit: 500 }), await readBooks(context, one));
  found.push(await readDisbursements(context, { ...one, limit: 100 }));
  found.push(await readPledgeAgeing(context, { ...one, on: '2024-12-31' }));
  for (const receipt of ids.gifts) found.push(await readGiftTrace(context, { ...one, receipt }));
  for (const disbursement of ids.items)
    found.push(
      await readDisbursementTrace(context, { ...one, disbursement }),
      await readItemPositions(context, disbursement),
    );
  return found;
}

/** One of the instances: what it has fetched, and whether it still believes that it owns a partition. */
interface Instance {
  projector: PartitionedProjector;
  /** Where it reads on, by partition it believes to own. */
  readonly offsets: Map<number, number>;
  /** Transactions until one fails at its commit. */
  crashIn: { left: number };
}

const failingStore = (store: Store, crashIn: { left: number }): Store => ({
  ...store,
  transaction: (work, durability) =>
    store.transaction(async (tx) => {
      const result = await work(tx);
      if ((crashIn.left -= 1) === 0) throw Object.assign(new Error('power cut'), { errcode: 10 });
      return result;
    }, durability),
});

const messagesFrom = (messages: readonly Handed[], offset: number, count: number): Handed[] =>
  messages.filter((message) => message.offset >= offset).slice(0, count);

const operation = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      instance: fc.nat(2),
      partition: fc.nat(PARTITIONS - 1),
      count: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('assign' as const),
      instance: fc.nat(2),
      partition: fc.nat(PARTITIONS - 1),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('build' as const), instance: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rebuild' as const), instance: fc.nat(2), one: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      instance: fc.nat(2),
      after: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('read' as const), back: fc.integer({ min: 0, max: 90 }) }),
  },
);

describeStores('several projectors over the partitions of a log', (fresh) => {
  test('in any order, moved, killed, repeated and with gaps, answer as one reader at the lowest position', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(operation, { minLength: 20, maxLength: 90 }),
        async (seed, operations) => {
          const log = openMemoryLog();
          const random = randomFrom(seed);
          await fill(log, seed, 140);
          const topic = await topicOf(log, PARTITIONS, random, { duplicate: 15, lost: 7, heartbeat: 20 });
          const events = (await log.readAll({ limit: 1_000 })).events.map(parseEnvelope);
          const idsOf = (type: string, member: string): string[] =>
            events
              .filter((event) => event.type === type)
              .map(({ data }) => (data as Record<string, string>)[member] ?? '')
              .slice(-15);
          const ids = {
            gifts: idsOf('book.receipt-recorded.v1', 'receipt'),
            items: idsOf('book.disbursement-approved.v1', 'disbursement'),
          };

          const home = await fresh();
          const stores: Store[] = [];
          const start = async (): Promise<Instance> => {
            const crashIn = { left: Number.POSITIVE_INFINITY };
            const plain = home.store();
            stores.push(plain);
            const store = failingStore(plain, crashIn);
            const options = { ...TOPIC, log, store, projections: PROJECTIONS, pageEvents: 1 + random(30) };
            return { projector: await createPartitionedProjector(options), offsets: new Map(), crashIn };
          };
          const instances = [await start(), await start(), await start()];
          const models = home.models();

          const assign = async (instance: Instance, partition: number): Promise<void> => {
            const { nextOffset } = await instance.projector.assign(partition);
            instance.offsets.set(partition, nextOffset ?? 0);
          };
          const deliver = async (instance: Instance, partition: number, count: number): Promise<void> => {
            const from = instance.offsets.get(partition);
            if (from === undefined) return;
            const handed = messagesFrom(topic[partition] ?? [], from, count);
            if (handed.length === 0) return;
            try {
              await instance.projector.apply(partition, handed);
              instance.offsets.set(partition, (handed.at(-1)?.offset ?? from) + 1);
            } catch (error) {
              if (!(error instanceof PartitionLostError)) throw error;
              instance.offsets.delete(partition);
            }
          };
          for (const partition of topic.keys()) await assign(instances[partition % 3] as Instance, partition);
          // Mostly they are followed from the beginning; else they are built while the partitions move.
          if (random(3) > 0) while (await instances[0]?.projector.build());
          const check = async (back: number): Promise<void> => {
            const { position } = await readBooks({ db: models.db, log }, { scope: SCOPE });
            const lowest = Math.min(
              ...(await models.status()).filter(({ served }) => served).map((build) => build.position),
            );
            const known = Math.max(0, lowest - back);
            expect(position).toBeGreaterThanOrEqual(lowest);
            const one = await sequential(fresh, log, lowest);
            const all = (await models.status()).every((build) => !build.served || build.position === lowest);
            const context = { db: models.db, log };
            // Read models may stand at different positions while they are built; then only an earlier one is common.
            if (all)
              expect(await answers(context, ids, undefined)).toStrictEqual(
                await answers(one, ids, undefined),
              );
            expect(withoutPositions(await answers(context, ids, known))).toStrictEqual(
              withoutPositions(await answers(one, ids, known)),
            );
            await one.close();
          };

          for (const one of operations) {
            const instance = 'instance' in one ? instances[one.instance] : instances[0];
            if (instance === undefined) continue;
            try {
              if (one.do === 'deliver') await deliver(instance, one.partition, one.count);
              else if (one.do === 'assign') await assign(instance, one.partition);
              else if (one.do === 'build') await instance.projector.build();
              else if (one.do === 'rebuild') await instance.projector.rebuild(one.one ? 'traces' : 'all');
              else if (one.do === 'crash') instance.crashIn.left = one.after;
              else await check(one.back);
            } catch (error) {
              expect((error as Error).message).toBe('power cut');
              instances[instances.indexOf(instance)] = await start();
            }
          }

          const last = await start();
          for (const partition of topic.keys()) await assign(last, partition);
          for (const partition of topic.keys()) await deliver(last, partition, 10_000);
          for (let steps = 0; await last.projector.build(); steps += 1) expect(steps).toBeLessThan(2_000);
          await check(0);
          const whole = await sequential(fresh, log, await log.head());
          expect(await rowsOf(home.store(), PROJECTIONS)).toStrictEqual(await whole.rows());
          expect(
            (await last.projector.builds()).map(({ served, fault, follows }) => ({ served, fault, follows })),
          ).toStrictEqual(PROJECTIONS.map(() => ({ served: true, fault: null, follows: true })));
          await whole.close();
          await models.close();
          for (const store of stores) store.close();
        },
      ),
      { numRuns: RUNS },
    );
  });
});

/** Answers as known at one position are the same whichever later one they stand at. */
const withoutPositions = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      key === 'position' ? undefined : typeof member === 'bigint' ? `${member}n` : member,
    ),
  );
