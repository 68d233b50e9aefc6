import { expect, test } from 'vitest';
import { everything } from '#access';
import { eventId, openMemoryLog } from '#event-log';
import { type PlaceTree, emptyTree, evolvePlaces } from '#places';
import { writeEnvelope } from '#platform';
import { describeStores, projected } from '../../../../tests/support/stores.ts';
import { programmeProjections, readAnnualFunding } from '../index.ts';

const HASH = '0'.repeat(64);
const DAY = '2023-12-31';
const PLACE = '06-2021-01-01';

const book = (fund: string, level: string): [string, string, object] => [
  `book-${fund}-2023`,
  'book.opened.v1',
  { fund, year: 2023, name: fund, level, place: PLACE, accounts: [], goods: [] },
];
const receipt = (fund: string, amount: string, donor: string | null): [string, string, object] => [
  `book-${fund}-2023`,
  'book.receipt-recorded.v1',
  { commodity: 'VND', amount, donor, pool: `${fund}/VND/general` },
];
const support = (
  report: string,
  line: string | null,
  value: string | null,
  qualifier = 'exact',
  partOf: string | null = null,
): [string, string, object] => [
  'report-06-2023',
  'report.support-reported.v1',
  {
    report,
    unit: '06',
    year: 2023,
    line,
    commodity: 'VND',
    amount: { value, qualifier },
    partOf,
    source: report,
  },
];

describeStores('annual funding', (fresh) => {
  test('the annual table sums books by level, names who aided facilities, and keeps bounds and outside money apart', async () => {
    const facts = [
      book('qbt', 'province'),
      book('qbt-huyen', 'district'),
      book('bttxh', 'facility'),
      receipt('qbt', '90', null),
      receipt('qbt-huyen', '40', null),
      receipt('bttxh', '20', 'kinderhilfe'),
      receipt('bttxh', '5', 'fleur-blanche'),
      support('b-2', 'local-budget/province', '300'),
      support('b-3', 'local-budget/districts', '500'),
      support('b-4', 'local-budget/districts', '100', 'exact', 'b-3'),
      support('a-10', 'outside/child-fund-vietnam', '1000'),
      support('g-4', 'outside/volunteers', '400', 'at-least'),
      support('k-1', null, '7'),
      receipt('qbt', '6', null),
    ];
    const log = openMemoryLog();
    const revisions = new Map<string, number>();
    for (const [index, [stream, type, data]] of facts.entries()) {
      const commandId = `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`;
      const last = revisions.get(stream);
      const revision = (last ?? -1) + 1;
      revisions.set(stream, revision);
      const id = eventId(commandId, 0);
      const ids = { id, commandId, correlationId: commandId, causationId: commandId };
      const stamped = {
        ...ids,
        type,
        stream,
        revision,
        effectiveOn: DAY,
        recordedAt: `${DAY}T00:00:00.000Z`,
        actor: 'an',
        bodyHash: HASH,
        data,
      };
      const events = [{ id, type, envelope: writeEnvelope(stamped) }];
      await log.append({
        command: commandId,
        requestHash: HASH,
        writes: [{ stream, expected: last ?? 'no-stream', events }],
      });
    }
    const context = await projected(fresh, log, programmeProjections, 4);
    const established = {
      place: PLACE,
      code: '06',
      from: '2021-01-01',
      name: 'Bắc Kạn',
      level: 'province',
      parent: null,
    };
    const tree: PlaceTree = evolvePlaces(emptyTree(), {
      type: 'place.established.v1',
      effectiveOn: '2021-01-01',
      data: established,
    } as never);
    const query = { scope: everything('kiem-toan'), unit: '06', year: 2023, tree };
    const { table } = await readAnnualFunding(context, query);
    expect(table).toStrictEqual({
      localBudget: { total: '800', province: '300', districts: '500' },
      mobilised: {
        total: '161',
        childFund: { total: '136', province: '96', districts: '40' },
        aid: { total: '25', fleurBlanche: '5', kinderhilfe: '20' },
      },
      outsideTheFund: { childFundVietnam: '1000' },
      notExact: [{ line: 'outside/volunteers', amount: '400', qualifier: 'at-least', source: 'g-4' }],
    });
    const early = await readAnnualFunding(context, { ...query, knownAt: 6 });
    expect([
      early.knownAt,
      early.table.mobilised.total,
      early.table.mobilised.aid,
      early.table.localBudget.total,
    ]).toStrictEqual([6, '150', { total: '20', kinderhilfe: '20' }, null]);
    const other = await readAnnualFunding(context, { ...query, unit: '19' });
    expect(other.table.mobilised.total).toBe(null);
    await context.close();
  });
});
