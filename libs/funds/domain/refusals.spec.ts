import { type RefusalCase, describeRefusals } from '../../../tests/support/refusal-cases.ts';
import {
  type Step,
  type World,
  allocate,
  approve,
  cancel,
  closeBook,
  deliver,
  emptyWorld,
  giveBack,
  given,
  id,
  line,
  listGood,
  openAccount,
  openBook,
  pay,
  propose,
  receive,
  reduce,
  reject,
} from '../../../tests/support/funds.ts';
import { coreRefusals } from './refusals.ts';

/** Command 1 opens the book, 2 receives 1,000 đ that anybody may use; a third makes the item. */
const general = (...more: Step[]): World => given(openBook(), receive('1000'), ...more);
const POOL = 'qbt-06/VND/general';
const ITEM = id(3);
const proposed = (...more: Step[]): World => general(propose('400'), ...more);
const paid = (...more: Step[]): World => proposed(approve(ITEM), pay(ITEM), ...more);
const allocated = (...more: Step[]): World => general(allocate('400'), ...more);
/** Pools of 1 đ each, that differ in their last day only. */
const manyPools = (count: number): World =>
  given(
    openBook(),
    ...Array.from({ length: count }, (_, n) => receive('1', { restriction: { until: day(n) } })),
  );
const day = (n: number): string => `${2026 + Math.floor(n / 28)}-12-${String((n % 28) + 1).padStart(2, '0')}`;

/** How each refusal is reached. The same code from another decider is another row. */
const cases: Record<string, RefusalCase[]> = {
  AMOUNT_NOT_A_NUMBER: [
    { state: 'a word', world: general, step: receive('abc'), details: { amount: 'abc' } },
    { state: 'a word as value', world: general, step: bicycles('x', 'VND'), details: { amount: 'x' } },
    {
      state: 'a word in a line',
      world: general,
      step: propose('5', { lines: [line('x')] }),
      details: { amount: 'x' },
    },
    {
      state: 'a word in what came back',
      world: paid,
      step: giveBack(ITEM, [{ line: 0, amount: 'x' }]),
      details: { amount: 'x' },
    },
  ],
  AMOUNT_FRACTIONAL: [
    { state: 'half a đồng', world: general, step: receive('0.5'), details: { amount: '0.5' } },
  ],
  AMOUNT_ZERO: [
    { state: 'nothing received', world: general, step: receive('0'), details: {} },
    { state: 'nothing allocated', world: general, step: allocate('0'), details: {} },
    { state: 'nothing undone', world: allocated, step: reduce(ITEM, '0'), details: {} },
    { state: 'nothing proposed', world: general, step: propose('0'), details: {} },
    { state: 'no line came back', world: paid, step: giveBack(ITEM, []), details: {} },
  ],
  AMOUNT_NEGATIVE: [
    { state: 'a negative gift', world: general, step: receive('-1'), details: { amount: '-1' } },
  ],
  AMOUNT_TOO_LARGE: [
    {
      state: 'more than 10^15',
      world: general,
      step: receive('1000000000000001'),
      details: { max: '1000000000000000' },
    },
  ],
  BOOK_UNKNOWN: [
    { state: 'no book', world: emptyWorld, step: receive('1'), details: { fund: 'qbt-06', year: '2026' } },
  ],
  BOOK_BEFORE_OPEN: [
    {
      state: 'an open book of the year before',
      world: emptyWorld,
      step: openBook({ year: 2027, effectiveOn: '2027-01-01' }, [general().book]),
      details: { fund: 'qbt-06', before: '2026' },
    },
  ],
  BOOK_OUT_OF_ORDER: [
    {
      state: 'a book of a later year',
      world: emptyWorld,
      step: openBook({ year: 2025, effectiveOn: '2025-01-01' }, [general(closeBook()).book]),
      details: { fund: 'qbt-06', year: '2025', later: '2026' },
    },
  ],
  BOOK_EXISTS: [
    { state: 'an open book', world: general, step: openBook(), details: { fund: 'qbt-06', year: '2026' } },
    {
      state: 'a closed book',
      world: () => general(closeBook()),
      step: openBook(),
      details: { fund: 'qbt-06', year: '2026' },
    },
  ],
  BOOK_CLOSED: [
    receive('1'),
    allocate('1'),
    reduce(ITEM, '1'),
    propose('1'),
    approve(ITEM),
    giveBack(ITEM, []),
    openAccount(),
    listGood(),
    closeBook(),
  ].map((step) => ({
    state: 'a closed book',
    world: () => general(closeBook()),
    step,
    details: { fund: 'qbt-06', year: '2026' },
  })),
  BOOK_WITHOUT_ACCOUNT: [
    { state: 'no account', world: emptyWorld, step: openBook({ accounts: [] }), details: { fund: 'qbt-06' } },
  ],
  DATE_OUTSIDE_BOOK: [
    {
      state: 'a day of last year',
      world: general,
      step: receive('1', { effectiveOn: '2025-12-31' }),
      details: { date: '2025-12-31', year: '2026' },
    },
    {
      state: 'a book of another year',
      world: emptyWorld,
      step: openBook({ effectiveOn: '2025-12-31' }),
      details: { date: '2025-12-31', year: '2026' },
    },
    {
      state: 'a closing that names another year',
      world: general,
      step: closeBook({ year: 2025 }),
      details: { date: '2026-03-01', year: '2025' },
    },
  ],
  DATE_IN_FUTURE: [
    {
      state: 'tomorrow',
      world: general,
      step: receive('1', { effectiveOn: '2026-07-01' }),
      details: { date: '2026-07-01', today: '2026-06-30' },
    },
  ],
  COMMODITY_UNKNOWN: [
    {
      state: 'a good the book does not count',
      world: general,
      step: receive('1', { commodity: 'gao' }),
      details: { commodity: 'gao', fund: 'qbt-06' },
    },
    {
      state: 'no currency',
      world: general,
      step: allocate('1', { commodity: 'XXX' }),
      details: { commodity: 'XXX', fund: 'qbt-06' },
    },
    {
      state: 'no currency',
      world: general,
      step: propose('1', { commodity: 'XXX' }),
      details: { commodity: 'XXX', fund: 'qbt-06' },
    },
  ],
  COMMODITY_WRONG: [
    {
      state: 'a pool of đồng',
      world: general,
      step: propose('1', { commodity: 'EUR', pools: [{ pool: POOL, amount: '1' }] }),
      details: { pool: POOL, commodity: 'EUR' },
    },
  ],
  GOOD_CODE_INVALID: [
    { state: 'capitals', world: general, step: listGood({ code: 'GAO' }), details: { code: 'GAO' } },
    {
      state: 'capitals at opening',
      world: emptyWorld,
      step: openBook({ goods: [{ code: 'VND', unit: 'đồng', exponent: 0 }] }),
      details: { code: 'VND' },
    },
  ],
  GOOD_EXISTS: [
    {
      state: 'bicycles are counted',
      world: general,
      step: listGood({ code: 'xe-dap' }),
      details: { code: 'xe-dap', fund: 'qbt-06' },
    },
    {
      state: 'a good twice at opening',
      world: emptyWorld,
      step: openBook({
        goods: ['gao', 'xe-dap', 'gao'].map((code) => ({ code, unit: 'kg', exponent: 3 })),
      }),
      details: { code: 'gao', fund: 'qbt-06' },
    },
  ],
  ACCOUNT_UNKNOWN: [
    {
      state: 'another account',
      world: general,
      step: receive('1', { account: 'vcb' }),
      details: { account: 'vcb', fund: 'qbt-06' },
    },
    {
      state: 'payment from another account',
      world: () => proposed(approve(ITEM)),
      step: pay(ITEM, { account: 'vcb' }),
      details: { account: 'vcb', fund: 'qbt-06' },
    },
    {
      state: 'return to another account',
      world: paid,
      step: giveBack(ITEM, [{ line: 0, amount: '1' }], { account: 'vcb' }),
      details: { account: 'vcb', fund: 'qbt-06' },
    },
  ],
  ACCOUNT_EXISTS: [
    {
      state: 'the till is open',
      world: general,
      step: openAccount({ account: 'tien-mat' }),
      details: { account: 'tien-mat', fund: 'qbt-06' },
    },
    {
      state: 'an account twice at opening',
      world: emptyWorld,
      step: openBook({
        accounts: [
          { account: 'a', kind: 'cash' },
          { account: 'a', kind: 'bank' },
        ],
      }),
      details: { account: 'a', fund: 'qbt-06' },
    },
  ],
  ACCOUNT_HOLDS_OTHER: [
    {
      state: 'money into the store',
      world: general,
      step: receive('1', { account: 'kho' }),
      details: { account: 'kho', commodity: 'VND' },
    },
    {
      state: 'bicycles into the till',
      world: general,
      step: receive('1', { commodity: 'xe-dap' }),
      details: { account: 'tien-mat', commodity: 'xe-dap' },
    },
  ],
  VALUATION_OF_MONEY: [
    {
      state: 'đồng with a value',
      world: general,
      step: receive('1', { valuation: { amount: '1', commodity: 'VND', technique: 'gia-hoa-don' } }),
      details: { commodity: 'VND' },
    },
  ],
  VALUATION_NOT_IN_MONEY: [
    {
      state: 'bicycles valued in rice',
      world: general,
      step: bicycles('1', 'gao'),
      details: { commodity: 'gao' },
    },
  ],
  RESTRICTION_EXPIRED: [
    {
      state: 'a gift to be used before it came',
      world: general,
      step: receive('1', { restriction: { until: '2026-02-28' } }),
      details: { until: '2026-02-28', date: '2026-03-01' },
    },
  ],
  RESTRICTION_BROKEN: [
    {
      state: 'a gift for scholarships',
      world: () => given(openBook(), receive('9', { restriction: { purpose: 'hoc-bong' } })),
      step: propose('1', { purpose: 'ao-am', pools: [{ pool: 'qbt-06/VND/purpose=hoc-bong', amount: '1' }] }),
      details: { pool: 'qbt-06/VND/purpose=hoc-bong' },
    },
    {
      state: 'a gift for another district',
      world: () => given(openBook(), receive('9', { restriction: { place: 'bk.ns' } })),
      step: allocate('1', {
        designation: { place: 'bk.pn' },
        pools: [{ pool: 'qbt-06/VND/place=bk.ns', amount: '1' }],
      }),
      details: { pool: 'qbt-06/VND/place=bk.ns' },
    },
    {
      state: 'a gift that expires between proposal and approval',
      world: () => given(openBook(), receive('9', { restriction: { until: '2026-03-31' } }), propose('1')),
      step: approve(ITEM, { effectiveOn: '2026-04-01' }),
      details: { pool: 'qbt-06/VND/until=2026-03-31' },
    },
  ],
  POOL_UNKNOWN: [
    {
      state: 'another pool',
      world: general,
      step: propose('1', { pools: [{ pool: 'qbt-06/VND/group=g', amount: '1' }] }),
      details: { pool: 'qbt-06/VND/group=g', fund: 'qbt-06' },
    },
    {
      state: 'another pool that would not admit it either',
      world: general,
      step: allocate('1', {
        designation: { group: 'h' },
        pools: [{ pool: 'qbt-06/VND/group=g', amount: '1' }],
      }),
      details: { pool: 'qbt-06/VND/group=g', fund: 'qbt-06' },
    },
  ],
  POOL_NAMED_TWICE: [
    {
      state: 'one pool in two rows',
      world: general,
      step: propose('2', { pools: [POOL, POOL].map((pool) => ({ pool, amount: '1' })) }),
      details: {},
    },
  ],
  POOL_OVERDRAWN: [
    {
      state: '1,000 đ in the pool',
      world: general,
      step: propose('1001', { pools: [{ pool: POOL, amount: '1001' }] }),
      details: { pool: POOL, asked: '1001', free: '1000' },
    },
    {
      state: 'the money was committed to another proposal',
      world: () => general(propose('800'), propose('300'), approve(id(4))),
      step: approve(ITEM),
      details: { pool: POOL, asked: '800', free: '700' },
    },
  ],
  POOLS_INSUFFICIENT: [
    {
      state: '1,000 đ that may be used',
      world: () => general(receive('5', { restriction: { group: 'g' } })),
      step: propose('1001'),
      details: { asked: '1001', free: '1000', commodity: 'VND' },
    },
    {
      state: 'all of it designated already',
      world: () => general(allocate('1000', { designation: { group: 'g' } })),
      step: allocate('1', { designation: { group: 'g' } }),
      details: { asked: '1', free: '0', commodity: 'VND' },
    },
  ],
  POOLS_TOO_MANY: [
    {
      state: '201 pools of 1 đ',
      world: () => manyPools(201),
      step: propose('201'),
      details: { count: '201', max: '200' },
    },
    {
      state: '201 pools named',
      world: general,
      step: propose('201', {
        pools: Array.from({ length: 201 }, (_, n) => ({ pool: `qbt-06/VND/group=g${n}`, amount: '1' })),
      }),
      details: { count: '201', max: '200' },
    },
  ],
  PARTS_DO_NOT_SUM: [
    {
      state: 'lines of 9 for 10',
      world: general,
      step: propose('10', { lines: [line('4'), line('5')] }),
      details: { whole: '10', sum: '9' },
    },
    {
      state: 'pools of 9 for 10',
      world: general,
      step: propose('10', { pools: [{ pool: POOL, amount: '9' }] }),
      details: { whole: '10', sum: '9' },
    },
    {
      state: 'pools of 9 for an allocation of 10',
      world: general,
      step: allocate('10', { pools: [{ pool: POOL, amount: '9' }] }),
      details: { whole: '10', sum: '9' },
    },
  ],
  MAKER_IS_CHECKER: [
    {
      state: 'own allocation',
      world: general,
      step: allocate('1', { proposedBy: 'chi' }),
      details: { person: 'chi' },
    },
    { state: 'own proposal', world: proposed, step: approve(ITEM, {}, 'lan'), details: { person: 'lan' } },
    { state: 'own proposal', world: proposed, step: reject(ITEM, 'lan'), details: { person: 'lan' } },
  ],
  DESIGNATION_EMPTY: [
    { state: 'for nothing', world: general, step: allocate('1', { designation: {} }), details: {} },
  ],
  ALLOCATION_UNKNOWN: [
    {
      state: 'no such allocation',
      world: general,
      step: reduce(ITEM, '1'),
      details: { allocation: ITEM, fund: 'qbt-06' },
    },
    {
      state: 'a disbursement of that id',
      world: proposed,
      step: reduce(ITEM, '1'),
      details: { allocation: ITEM, fund: 'qbt-06' },
    },
  ],
  ALLOCATION_TO_ITSELF: [
    {
      state: 'the pool is designated so',
      world: allocated,
      step: allocate('1', { pools: [{ pool: `${POOL}/programme=ao-am`, amount: '1' }] }),
      details: { pool: `${POOL}/programme=ao-am` },
    },
  ],
  ALLOCATION_USED: [
    {
      state: '400 đ allocated, 150 đ of it committed',
      world: () => allocated(propose('150', { programme: 'ao-am' }), approve(id(4))),
      step: reduce(ITEM, '251'),
      details: { allocation: ITEM, asked: '251', free: '250' },
    },
  ],
  LINES_OUT_OF_BOUNDS: [
    {
      state: 'no line',
      world: general,
      step: propose('1', { lines: [] }),
      details: { count: '0', max: '200' },
    },
    {
      state: '201 lines',
      world: general,
      step: propose('201', { lines: Array.from({ length: 201 }, () => line('1')) }),
      details: { count: '201', max: '200' },
    },
  ],
  LINE_NAMED_TWICE: [
    {
      state: 'one line twice',
      world: paid,
      step: giveBack(ITEM, [
        { line: 0, amount: '1' },
        { line: 0, amount: '1' },
      ]),
      details: { line: '0' },
    },
  ],
  DISBURSEMENT_NOT_OPEN: [
    ...[approve(ITEM), reject(ITEM), cancel(ITEM), pay(ITEM), deliver(ITEM), giveBack(ITEM, [])].map(
      (step) => ({
        state: 'no such disbursement',
        world: general,
        step,
        details: { disbursement: ITEM },
      }),
    ),
    ...[pay(ITEM), giveBack(ITEM, [])].map((step) => ({
      state: 'rejected',
      world: () => proposed(reject(ITEM)),
      step,
      details: { disbursement: ITEM },
    })),
    ...[approve(ITEM), giveBack(ITEM, [])].map((step) => ({
      state: 'cancelled',
      world: () => proposed(cancel(ITEM)),
      step,
      details: { disbursement: ITEM },
    })),
    {
      state: 'delivered',
      world: () => paid(deliver(ITEM)),
      step: deliver(ITEM),
      details: { disbursement: ITEM },
    },
    {
      state: 'returned in full',
      world: () => paid(giveBack(ITEM, [{ line: 0, amount: '400' }])),
      step: deliver(ITEM),
      details: { disbursement: ITEM },
    },
  ],
  DISBURSEMENT_IN_OTHER_STATE: [
    {
      state: 'proposed',
      world: proposed,
      step: pay(ITEM),
      details: { status: 'proposed', wanted: 'approved' },
    },
    {
      state: 'proposed',
      world: proposed,
      step: deliver(ITEM),
      details: { status: 'proposed', wanted: 'paid' },
    },
    {
      state: 'proposed',
      world: proposed,
      step: giveBack(ITEM, [{ line: 0, amount: '1' }]),
      details: { status: 'proposed', wanted: 'paid' },
    },
    ...[approve(ITEM), reject(ITEM)].map((step) => ({
      state: 'approved',
      world: () => proposed(approve(ITEM)),
      step,
      details: { status: 'approved', wanted: 'proposed' },
    })),
    {
      state: 'paid',
      world: paid,
      step: cancel(ITEM),
      details: { status: 'paid', wanted: 'proposed, approved' },
    },
    { state: 'paid', world: paid, step: pay(ITEM), details: { status: 'paid', wanted: 'approved' } },
  ],
  PROPOSAL_IS_ANOTHER: [
    {
      state: 'another hash',
      world: proposed,
      step: approve(ITEM, { proposalHash: '0'.repeat(64) }),
      details: { disbursement: ITEM },
    },
  ],
  RETURN_TOO_LARGE: [
    {
      state: 'more than the line',
      world: paid,
      step: giveBack(ITEM, [{ line: 0, amount: '401' }]),
      details: { line: '0', asked: '401', left: '400' },
    },
    {
      state: 'more than what an earlier return left',
      world: () => paid(giveBack(ITEM, [{ line: 0, amount: '100' }])),
      step: giveBack(ITEM, [{ line: 0, amount: '301' }]),
      details: { line: '0', asked: '301', left: '300' },
    },
    {
      state: 'more than what a return after delivery left',
      world: () => paid(deliver(ITEM), giveBack(ITEM, [{ line: 0, amount: '100' }])),
      step: giveBack(ITEM, [{ line: 0, amount: '301' }]),
      details: { line: '0', asked: '301', left: '300' },
    },
    {
      state: 'returned in full',
      world: () => paid(giveBack(ITEM, [{ line: 0, amount: '400' }])),
      step: giveBack(ITEM, [{ line: 0, amount: '1' }]),
      details: { line: '0', asked: '1', left: '0' },
    },
    {
      state: 'a line that is not there',
      world: paid,
      step: giveBack(ITEM, [{ line: 1, amount: '1' }]),
      details: { line: '1', asked: '1', left: '0' },
    },
  ],
  HISTORY_BEHIND: [
    {
      state: 'delivered, and the log does not show it yet',
      world: () => paid(deliver(ITEM)),
      step: giveBack(ITEM, [{ line: 0, amount: '1' }], {}, (history) => history.slice(0, -1)),
      details: { item: ITEM },
    },
    {
      state: 'returned after delivery, and the log does not show it yet',
      world: () => paid(deliver(ITEM), giveBack(ITEM, [{ line: 0, amount: '1' }])),
      step: giveBack(ITEM, [{ line: 0, amount: '1' }], {}, (history) => history.slice(0, -1)),
      details: { item: ITEM },
    },
  ],
};

function bicycles(amount: string, commodity: string): Step {
  return receive('1', {
    commodity: 'xe-dap',
    account: 'kho',
    valuation: { amount, commodity, technique: 'gia-hoa-don' },
  });
}

describeRefusals('of a book', cases, coreRefusals);
