import { type Fact, type Result, ok } from '#kernel';
import { handlers as people } from '#people';
import { handlers as places } from '#places';
import { handlers, needKind, programmeKind, refusals, reportKind } from '#programmes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, factsOf, given, leftOpen } from '../../tests/support/given.ts';

const { openProgramme, openNeed, verifyNeed, meetNeed, closeNeed, reportSupport } = handlers;

const PROGRAMME = {
  programme: 'xe-dap-cho-uoc-mo',
  name: 'Quỹ xe đạp chở ước mơ',
  effectiveOn: '2023-01-01',
};
const BEFORE = factsOf([
  [places.establishPlace, { code: '06', name: 'Tỉnh Bắc Kạn', level: 'province', effectiveOn: '2021-01-01' }],
  [
    places.establishPlace,
    {
      code: '062',
      name: 'Huyện Ngân Sơn',
      level: 'district',
      parent: { code: '06' },
      effectiveOn: '2021-01-01',
    },
  ],
  [people.registerDonor, { donor: 'vietcombank', kind: 'organisation', effectiveOn: '2023-01-01' }],
  [openProgramme, PROGRAMME],
]);
const UNSTATED = { value: null, qualifier: 'exact' };

function expectRefused(result: Result<unknown>, code: string): void {
  expect(result).toMatchObject({ ok: false, error: { code } });
  expect(result.ok || !(code in refusals) ? [] : leftOpen(result.error, refusals)).toStrictEqual([]);
}

describe('a programme', () => {
  test('not yet open, then opens, on a day to come too', () => {
    const { effectiveOn, ...data } = { ...PROGRAMME, effectiveOn: '2027-01-01' };
    expect(decide(openProgramme, { ...PROGRAMME, effectiveOn })).toStrictEqual(
      ok([{ stream: 'programme-xe-dap-cho-uoc-mo', type: 'programme.opened.v1', effectiveOn, data }]),
    );
  });

  test('open, then is known and does not open again', () => {
    expect(given(BEFORE).of(programmeKind, 'programme-xe-dap-cho-uoc-mo')).toStrictEqual({ opened: true });
    expect(given(BEFORE).of(programmeKind, 'programme-khac')).toStrictEqual({ opened: false });
    expectRefused(decide(openProgramme, PROGRAMME, BEFORE), 'PROGRAMME_EXISTS');
  });
});

const NEED = { need: 'n-001', what: 'Nhà bán trú', source: 'N-001', effectiveOn: '2023-05-01' };

describe('opening a need', () => {
  test('given what the source states, then that is kept and the rest is not stated', () => {
    const body = {
      ...NEED,
      place: { code: '062', name: 'Ngân Sơn' },
      programme: 'xe-dap-cho-uoc-mo',
      prospect: 'vietcombank',
      stage: 'surveyed',
      quantity: { value: '2' },
      unit: 'nhà bán trú',
      amount: { value: '100000000', qualifier: 'about' },
      commodity: 'VND',
    };
    expect(decide(openNeed, body, BEFORE)).toStrictEqual(
      ok([
        {
          stream: 'need-n-001',
          type: 'need.opened.v1',
          effectiveOn: '2023-05-01',
          data: {
            need: 'n-001',
            place: '062-2021-01-01',
            programme: 'xe-dap-cho-uoc-mo',
            group: null,
            what: 'Nhà bán trú',
            quantity: { value: '2', qualifier: 'exact' },
            unit: 'nhà bán trú',
            amount: { value: '100000000', qualifier: 'about' },
            commodity: 'VND',
            children: UNSTATED,
            prospect: 'vietcombank',
            stage: 'surveyed',
            period: null,
            source: 'N-001',
          },
        },
      ]),
    );
  });

  test.each([
    ['an unknown programme', { programme: 'khac' }, 'PROGRAMME_UNKNOWN'],
    ['an unknown prospect', { prospect: 'khac' }, 'DONOR_UNKNOWN'],
    ['an unknown place', { place: { code: '99' } }, 'PLACE_UNKNOWN'],
    ['a bound without a value', { children: { qualifier: 'at-least' } }, 'QUALIFIER_WITHOUT_VALUE'],
    ['a quantity of a fraction', { quantity: { value: '1.5' } }, 'AMOUNT_FRACTIONAL'],
    ['an amount without currency', { amount: { value: '5' } }, 'CURRENCY_AND_AMOUNT_APART'],
    ['a currency without amount', { commodity: 'VND' }, 'CURRENCY_AND_AMOUNT_APART'],
    ['a good as currency', { amount: { value: '5' }, commodity: 'xe-dap' }, 'CURRENCY_UNKNOWN'],
    [
      'a period that ends first',
      { period: { from: '2023-12-31', to: '2023-01-01', dated: true } },
      'PERIOD_REVERSED',
    ],
    ['a day to come', { effectiveOn: '2026-07-01' }, 'DATE_IN_FUTURE'],
  ])('given %s, then it is refused', (_title, changes, code) => {
    expectRefused(decide(openNeed, { ...NEED, ...changes }, BEFORE), code);
  });

  test('given a period of one day, then it is accepted', () => {
    const period = { from: '2023-05-01', to: '2023-05-01', dated: true };
    expect(decide(openNeed, { ...NEED, period }, BEFORE).ok).toBe(true);
  });

  test('given the need is there, then it is not opened again', () => {
    expectRefused(decide(openNeed, NEED, factsOf([[openNeed, NEED]])), 'NEED_EXISTS');
  });
});

describe('the life of a need', () => {
  const on = (effectiveOn: string, extra: object = {}): object => ({ need: 'n-001', effectiveOn, ...extra });
  const opened = factsOf([[openNeed, NEED]]);
  const verified = factsOf([[verifyNeed, on('2023-06-01')]], opened);
  const met = factsOf([[meetNeed, on('2023-07-01', { by: 'vietcombank' })]], verified);
  const closed = factsOf([[closeNeed, on('2023-07-01', { reason: 'Trường sáp nhập' })]], opened);
  const steps = {
    verify: [verifyNeed, on('2024-01-01'), 'need.verified.v1', {}],
    meet: [meetNeed, on('2024-01-01'), 'need.met.v1', { by: null }],
    close: [closeNeed, on('2024-01-01', { reason: 'Thôi' }), 'need.closed.v1', { reason: 'Thôi' }],
  } as const;

  test.each([
    ['opened', 'verify', opened],
    ['opened', 'close', opened],
    ['verified', 'meet', verified],
    ['verified', 'close', verified],
  ] as const)('given it is %s, then it may %s', (_status, step, facts) => {
    const [handler, body, type, extra] = steps[step];
    expect(decide(handler, body, facts)).toStrictEqual(
      ok([{ stream: 'need-n-001', type, effectiveOn: '2024-01-01', data: { need: 'n-001', ...extra } }]),
    );
  });

  test.each([
    ['opened', 'meet', opened],
    ['verified', 'verify', verified],
    ['met', 'verify', met],
    ['met', 'meet', met],
    ['met', 'close', met],
    ['closed', 'verify', closed],
    ['closed', 'meet', closed],
    ['closed', 'close', closed],
  ] as const)('given it is %s, then it may not %s', (_status, step, facts) => {
    const [handler, body] = steps[step];
    expectRefused(decide(handler, body, facts), 'NEED_IN_OTHER_STATE');
  });

  test('given no such need, then nothing follows', () => {
    for (const [handler, body] of Object.values(steps)) expectRefused(decide(handler, body), 'NEED_UNKNOWN');
  });

  test('given its last step, then the next is not on an earlier day and not on one to come', () => {
    expectRefused(decide(meetNeed, on('2023-05-31'), verified), 'NEED_STEP_TOO_EARLY');
    expect(decide(meetNeed, on('2023-06-01'), verified).ok).toBe(true);
    expectRefused(decide(meetNeed, on('2026-07-01'), verified), 'DATE_IN_FUTURE');
  });

  test('the reason for closing is personal', () => {
    expect(closeNeed.personal).toStrictEqual(['reason']);
  });
});

const YEAR = { from: '2023-01-01', to: '2023-12-31', dated: true };
const REPORT = {
  report: 'g-004',
  unit: '06',
  year: 2023,
  channel: 'mass-organisation',
  kind: 'in-kind',
  period: YEAR,
  source: 'G-004',
  effectiveOn: '2023-12-31',
};
const reported = (...changes: object[]): Fact[] =>
  factsOf(
    changes.map((change) => [reportSupport, { ...REPORT, ...change }] as const),
    BEFORE,
  );

describe('reporting support that did not pass through a fund', () => {
  test('given a lower bound, goods and places, then each is kept as what it is', () => {
    const body = {
      ...REPORT,
      channel: 'partner',
      line: 'outside/vietcombank',
      programme: 'xe-dap-cho-uoc-mo',
      donor: 'vietcombank',
      via: 'Tỉnh đoàn Bắc Kạn',
      places: [{ code: '062' }, { code: '06' }, { code: '062', name: 'Ngân Sơn' }],
      commodity: 'VND',
      amount: { value: '400000000', qualifier: 'at-least' },
      goods: [{ what: 'chăn ấm', quantity: { value: '355' } }, { what: 'mì tôm' }],
      narrative: 'Lời kể',
    };
    expect(decide(reportSupport, body, BEFORE)).toStrictEqual(
      ok([
        {
          stream: 'report-06-2023',
          type: 'report.support-reported.v1',
          effectiveOn: '2023-12-31',
          data: {
            report: 'g-004',
            unit: '06',
            year: 2023,
            channel: 'partner',
            line: 'outside/vietcombank',
            kind: 'in-kind',
            programme: 'xe-dap-cho-uoc-mo',
            donor: 'vietcombank',
            via: 'Tỉnh đoàn Bắc Kạn',
            places: ['062-2021-01-01', '06-2021-01-01'],
            commodity: 'VND',
            amount: { value: '400000000', qualifier: 'at-least' },
            goods: [
              { what: 'chăn ấm', unit: null, quantity: { value: '355', qualifier: 'exact' } },
              { what: 'mì tôm', unit: null, quantity: UNSTATED },
            ],
            children: UNSTATED,
            group: null,
            period: YEAR,
            partOf: null,
            narrative: 'Lời kể',
            source: 'G-004',
          },
        },
      ]),
    );
  });

  test('given only what happened and where it is written, then nothing else is made up', () => {
    const result = decide(reportSupport, { ...REPORT, report: 'h-001', source: 'H-001' }, BEFORE);
    expect(result.ok && result.value[0]?.data).toMatchObject({
      places: [],
      amount: UNSTATED,
      children: UNSTATED,
      group: null,
      commodity: null,
      goods: [],
    });
  });

  test.each([
    ['an unknown unit', { unit: '99' }, 'PLACE_UNKNOWN'],
    ['an unknown place', { places: [{ code: '06' }, { code: '099' }] }, 'PLACE_UNKNOWN'],
    ['a place that means another', { places: [{ code: '062', name: 'Na Rì' }] }, 'PLACE_CODE_MEANS_OTHER'],
    ['an unknown programme', { programme: 'khac' }, 'PROGRAMME_UNKNOWN'],
    ['an unknown donor', { donor: 'khac' }, 'DONOR_UNKNOWN'],
    ['a day of another year', { effectiveOn: '2022-12-31' }, 'REPORT_OUTSIDE_YEAR'],
    ['a day to come', { year: 2026, effectiveOn: '2026-12-31' }, 'DATE_IN_FUTURE'],
    [
      'a bound without an amount',
      { amount: { value: null, qualifier: 'at-least' } },
      'QUALIFIER_WITHOUT_VALUE',
    ],
    ['a bound without a count', { children: { qualifier: 'about' } }, 'QUALIFIER_WITHOUT_VALUE'],
    [
      'a bound of goods without a quantity',
      {
        goods: [
          { what: 'gạo', quantity: { value: '1' } },
          { what: 'mì', quantity: { qualifier: 'about' } },
        ],
      },
      'QUALIFIER_WITHOUT_VALUE',
    ],
    ['no children as zero', { children: { value: '0' } }, 'AMOUNT_ZERO'],
    ['an amount without currency', { amount: { value: '5' } }, 'CURRENCY_AND_AMOUNT_APART'],
    ['a good as currency', { amount: { value: '5' }, commodity: 'gao' }, 'CURRENCY_UNKNOWN'],
    ['a period that ends first', { period: { ...YEAR, to: '2022-01-01' } }, 'PERIOD_REVERSED'],
    ['a whole that is not reported', { partOf: 'g-999' }, 'REPORT_PART_OF_UNKNOWN'],
    ['itself as the whole', { partOf: 'g-004' }, 'REPORT_PART_OF_UNKNOWN'],
    [
      'a partner in a line of the local budget',
      { line: 'local-budget/province' },
      'REPORT_LINE_OF_OTHER_CHANNEL',
    ],
  ])('given %s, then it is refused', (_title, changes, code) => {
    expectRefused(decide(reportSupport, { ...REPORT, ...changes }, BEFORE), code);
  });

  test('given the report is there, then it is refused; in another year it is another report', () => {
    expectRefused(decide(reportSupport, REPORT, reported({})), 'REPORT_EXISTS');
    const next = { ...REPORT, year: 2024, effectiveOn: '2024-12-31' };
    expect(decide(reportSupport, next, reported({})).ok).toBe(true);
    expectRefused(
      decide(reportSupport, { ...next, report: 'k-1', partOf: 'g-004' }, reported({})),
      'REPORT_PART_OF_UNKNOWN',
    );
  });

  test('given the State budget, then the lines of the local budget are open to it', () => {
    for (const line of ['local-budget/province', 'local-budget/districts', 'outside/trung-uong'])
      expect(decide(reportSupport, { ...REPORT, channel: 'state-budget', line }, BEFORE).ok).toBe(true);
  });

  test.each([
    'local-budget',
    'local-budget/communes',
    'outside/',
    'outside/ChildFund',
    'x-outside/a',
    'outside/a/b',
  ])('given the line %s, then it is refused at the boundary', (line) => {
    expect(reportSupport.schema.safeParse({ ...REPORT, line }).error?.issues[0]?.message).toBe(
      'REPORT_LINE_INVALID',
    );
    expect(refusals).toHaveProperty('REPORT_LINE_INVALID');
  });

  test('given a whole in no line, then its parts may stand in the table', () => {
    const facts = reported({ report: 'b-001' }, { report: 'b-002', partOf: 'b-001', line: 'outside/a' });
    expect(
      decide(reportSupport, { ...REPORT, report: 'b-003', partOf: 'b-001', line: 'outside/b' }, facts).ok,
    ).toBe(true);
  });

  test('given a whole in a line, then its parts and their parts are reported outside the table only', () => {
    const facts = reported({ report: 'a', line: 'outside/a' }, { report: 'a-1', partOf: 'a' });
    for (const partOf of ['a', 'a-1'])
      expectRefused(
        decide(reportSupport, { ...REPORT, partOf, line: 'outside/b' }, facts),
        'REPORT_COUNTED_TWICE',
      );
    expect(decide(reportSupport, { ...REPORT, partOf: 'a-1' }, facts).ok).toBe(true);
  });

  test('the narrative is personal', () => {
    expect(reportSupport.personal).toStrictEqual(['narrative']);
  });

  test('over random reports, then no report stands in the table together with one it is a part of', () => {
    const reports = fc
      .array(fc.record({ whole: fc.nat({ max: 30 }), line: fc.constantFrom(null, 'outside/x') }), {
        minLength: 8,
        maxLength: 16,
      })
      .map((all) =>
        all.map(({ whole, line }, i) => ({
          report: `r${i}`,
          partOf: whole % 3 === 0 || i === 0 ? null : `r${whole % i}`,
          line,
        })),
      );
    let partsInTable = 0;
    fc.assert(
      fc.property(reports, (bodies) => {
        const facts = bodies.reduce<Fact[]>((before, body) => {
          const result = decide(reportSupport, { ...REPORT, ...body }, before);
          return result.ok ? [...before, ...result.value] : before;
        }, BEFORE);
        const found = new Map(
          facts
            .filter(({ stream }) => stream === 'report-06-2023')
            .map(({ data }) => data as { report: string; partOf: string | null; line: string | null })
            .map((data) => [data.report, data]),
        );
        for (const { line, partOf } of found.values()) {
          if (line === null) continue;
          partsInTable += partOf === null ? 0 : 1;
          for (let at = partOf; at !== null; at = found.get(at)?.partOf ?? null)
            expect(found.get(at)?.line).toBeNull();
        }
      }),
      { numRuns: 200, seed: 6 },
    );
    expect(partsInTable).toBeGreaterThan(100);
  });
});

test('an event of another kind stops the fold', () => {
  const stray = { type: 'place.dissolved.v1', effectiveOn: '2023-01-01', data: {} };
  for (const kind of [programmeKind, needKind, reportKind]) {
    const stream = `${kind.kind}-a`;
    expect(() => kind.evolve(kind.initial(stream) as never, { ...stray, stream } as never)).toThrow(
      'place.dissolved.v1',
    );
  }
});
