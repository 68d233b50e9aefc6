import { describe, expect, test } from 'vitest';
import {
  allocate,
  approve,
  cancel,
  deliver,
  giveBack,
  given,
  id,
  line,
  openBook,
  pay,
  propose,
  receive,
  reduce,
} from '../../../tests/support/funds.ts';
import { type Movement, movementsOf, poolUsesOf } from './movements.ts';
import { type Posting, postingsOf } from './postings.ts';

const GIFT = 'qbt-06/VND/place=bk';
const SET = `${GIFT}/group=g;place=bk.ns;programme=p`;
const lines = [line('30', { place: 'bk.ns', beneficiary: 'b' }), line('20', { place: 'bk.ns' })];

const { log } = given(
  openBook(),
  receive('100', { donor: 'd', restriction: { place: 'bk' } }),
  allocate('80', { designation: { programme: 'p', place: 'bk.ns', group: 'g' } }),
  reduce(id(3), '10'),
  propose('50', { lines, programme: 'p', group: 'g' }),
  approve(id(5)),
  pay(id(5)),
  giveBack(id(5), [{ line: 1, amount: '5' }]),
  deliver(id(5)),
  giveBack(id(5), [{ line: 0, amount: '7' }]),
  propose('1', { lines: [line('1', { place: 'bk' })] }),
  cancel(id(11)),
  propose('1', { lines: [line('1', { place: 'bk' })] }),
  approve(id(13)),
  cancel(id(13)),
  receive('4', {
    place: 'bk.pn',
    restriction: { place: 'bk', beneficiary: 'c', programme: 'q', group: 'h' },
  }),
);

/** A movement in one line: measure, amount and what it may be taken by, without what is not specified. */
const text = ({ measure, amount, commodity, fund, ...by }: Movement): string =>
  [
    `${measure} ${amount} ${fund} ${commodity}`,
    ...Object.entries(by).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`])),
  ].join(' ');
const posted = ({ account, amount, commodity }: Posting): string => `${account} ${amount} ${commodity}`;

const of = (index: number): unknown => {
  const event = log[index];
  if (event === undefined) throw new Error(`no event ${index}`);
  return {
    type: event.type.split('.')[1],
    movements: movementsOf(event).map(text),
    uses: poolUsesOf(event).map(text),
    postings: postingsOf(event).map(posted),
  };
};

const atGift = `qbt-06 VND pool=${GIFT} place=bk`;
const atSet = `qbt-06 VND pool=${SET} place=bk.ns programme=p group=g`;
const first = 'place=bk.ns programme=p group=g beneficiary=b';
const second = 'place=bk.ns programme=p group=g';

/** Movements in the order of `Movement`'s own fields, so that a row reads alike whatever made it. */
const inOrder = (row: string): string => row.split(' ').toSorted().join(' ');

describe('what an event moves', () => {
  test.each([
    [0, { type: 'opened', movements: [], uses: [], postings: [] }],
    [
      1,
      {
        type: 'receipt-recorded',
        movements: [`received 100 ${atGift} donor=d`, `available 100 ${atGift}`],
        uses: [],
        postings: ['asset/qbt-06/tien-mat 100 VND', `free/${GIFT} -100 VND`],
      },
    ],
    [
      2,
      {
        type: 'allocation-approved',
        movements: [
          `movedOut 80 ${atGift}`,
          `available -80 ${atGift}`,
          `movedIn 80 ${atSet}`,
          `available 80 ${atSet}`,
        ],
        uses: [],
        postings: [`free/${GIFT} 80 VND`, `free/${SET} -80 VND`],
      },
    ],
    [
      3,
      {
        type: 'allocation-reduced',
        movements: [
          `movedOut -10 ${atGift}`,
          `available 10 ${atGift}`,
          `movedIn -10 ${atSet}`,
          `available -10 ${atSet}`,
        ],
        uses: [],
        postings: [`free/${SET} 10 VND`, `free/${GIFT} -10 VND`],
      },
    ],
    [4, { type: 'disbursement-proposed', movements: [], uses: [], postings: [] }],
    [
      5,
      {
        type: 'disbursement-approved',
        movements: [
          `available -50 ${atSet}`,
          `committed 30 qbt-06 VND ${first}`,
          `committed 20 qbt-06 VND ${second}`,
        ],
        uses: [`committed 50 ${atSet}`],
        postings: [`free/${SET} 50 VND`, `committed/${SET} -50 VND`],
      },
    ],
    [
      6,
      {
        type: 'disbursement-paid',
        movements: [
          `committed -30 qbt-06 VND ${first}`,
          `committed -20 qbt-06 VND ${second}`,
          `paid 30 qbt-06 VND ${first}`,
          `paid 20 qbt-06 VND ${second}`,
        ],
        uses: [`committed -50 ${atSet}`, `paid 50 ${atSet}`],
        postings: [`committed/${SET} 50 VND`, 'asset/qbt-06/tien-mat -50 VND'],
      },
    ],
    [
      7,
      {
        type: 'disbursement-returned',
        movements: [`available 5 ${atSet}`, `paid 0 qbt-06 VND ${first}`, `paid -5 qbt-06 VND ${second}`],
        uses: [`paid -5 ${atSet}`],
        postings: ['asset/qbt-06/tien-mat 5 VND', `free/${SET} -5 VND`],
      },
    ],
    [
      8,
      {
        type: 'disbursement-delivered',
        movements: [`delivered 30 qbt-06 VND ${first}`, `delivered 15 qbt-06 VND ${second}`],
        uses: [],
        postings: [],
      },
    ],
    [
      9,
      {
        type: 'disbursement-returned',
        movements: [
          `available 7 ${atSet}`,
          `paid -7 qbt-06 VND ${first}`,
          `paid 0 qbt-06 VND ${second}`,
          `delivered -7 qbt-06 VND ${first}`,
          `delivered 0 qbt-06 VND ${second}`,
        ],
        uses: [`paid -7 ${atSet}`],
        postings: ['asset/qbt-06/tien-mat 7 VND', `free/${SET} -7 VND`],
      },
    ],
    [11, { type: 'disbursement-cancelled', movements: [], uses: [], postings: [] }],
    [
      14,
      {
        type: 'disbursement-cancelled',
        movements: [`available 1 ${atGift}`, 'committed -1 qbt-06 VND place=bk'],
        uses: [`committed -1 ${atGift}`],
        postings: [`committed/${GIFT} 1 VND`, `free/${GIFT} -1 VND`],
      },
    ],
    [
      15,
      {
        type: 'receipt-recorded',
        // Received where the gift is counted for, available where it may be used.
        movements: [
          'received 4 qbt-06 VND pool=qbt-06/VND/beneficiary=c;group=h;place=bk;programme=q place=bk.pn programme=q group=h beneficiary=c',
          'available 4 qbt-06 VND pool=qbt-06/VND/beneficiary=c;group=h;place=bk;programme=q place=bk programme=q group=h beneficiary=c',
        ],
        uses: [],
        postings: [
          'asset/qbt-06/tien-mat 4 VND',
          'free/qbt-06/VND/beneficiary=c;group=h;place=bk;programme=q -4 VND',
        ],
      },
    ],
  ])('event %i of a life', (index, expected) => {
    const { movements, uses, ...rest } = of(index) as typeof expected;
    expect({ ...rest, movements: movements.map(inOrder), uses: uses.map(inOrder) }).toStrictEqual({
      type: expected.type,
      postings: expected.postings,
      movements: (expected.movements as string[]).map(inOrder),
      uses: (expected.uses as string[]).map(inOrder),
    });
  });
});
