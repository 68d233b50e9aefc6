import type { BookEvent } from '#funds';
import { describe, expect, it } from 'vitest';
import { earn, spend } from '../../../tests/support/daily.ts';
import {
  type Step,
  type World,
  approve,
  correct,
  deliver,
  giveBack,
  id,
  pay,
  propose,
  receive,
  refund,
  reverseReceipt,
  take,
} from '../../../tests/support/funds.ts';
import { late, nextYear } from '../../../tests/support/periods.ts';
import { profileNamed } from '../profile.ts';
import { type Entry, entriesOf } from './entries.ts';
import { legsOf } from './legs.ts';
import { emptyPast } from './past.ts';
import type { Profile } from './profile.ts';

const general = profileNamed('general') as Profile;
const vnPublic = profileNamed('vn-public') as Profile;
const IN_2025 = { effectiveOn: '2025-06-01' };
const GIFT = id(2);

const world = nextYear([
  receive('900', { donor: 'a', ...IN_2025 }),
  propose('50', IN_2025),
  approve(id(3), IN_2025),
  pay(id(3), IN_2025),
  deliver(id(3), IN_2025),
]);

/** What a profile books for the last command of a world. */
function lastEntries(profile: Profile, { log }: Pick<World, 'log'>): Entry[] {
  const past = emptyPast();
  const last = log.at(-1)?.commandId;
  return log.flatMap((event: BookEvent) => {
    const entries = entriesOf(profile, past, legsOf(past, event));
    return event.commandId === last ? entries : [];
  });
}

/** The accounts, amount and statement line of each entry; `−` where it takes from the line. */
const booked = (profile: Profile, step: Step): unknown[] => {
  const { world: after, decided } = take(world, step);
  if (!decided.ok) throw new Error(JSON.stringify(decided.error));
  return lastEntries(profile, after).map(({ debit, credit, amount, flow, isBack }) => [
    debit,
    credit,
    amount,
    flow === null ? '' : `${isBack ? '−' : '+'} ${flow}`,
  ]);
};

const found = (step: Step): Step => late(step, '2025-12-20', world.closed);

describe('what belongs to a closed year', () => {
  it.each([
    ['a gift found late', found(receive('7')), [['1000:tien-mat', '4900', 7n, '+ prior']]],
    ['interest found late', found(earn('7')), [['1000:tien-mat', '4900', 7n, '+ prior']]],
    ['a bank fee found late', found(spend('7')), [['6900', '1000:tien-mat', 7n, '− prior']]],
    ['a gift that was less', correct(GIFT, { amount: '890' }), [['4900', '1000:tien-mat', 10n, '− prior']]],
    ['a gift that was more', correct(GIFT, { amount: '905' }), [['1000:tien-mat', '4900', 5n, '+ prior']]],
    ['a gift given back', refund(GIFT, '5'), [['4900', '1000:tien-mat', 5n, '− prior']]],
    [
      'another donor',
      correct(GIFT, { labels: { donor: 'b' } }),
      [
        ['4900', '1900', 900n, '− prior'],
        ['1900', '4900', 900n, '+ prior'],
      ],
    ],
    [
      'a payment that came back',
      giveBack(id(3), [{ line: 0, amount: '8' }]),
      [['1000:tien-mat', '6900', 8n, '+ prior']],
    ],
  ])('stands in accounts of its own in the general profile: %s', (_, step, expected) => {
    expect(booked(general, step)).toStrictEqual(expected);
  });

  it('stands in accounts of its own where a Vietnamese unit counts income as it is used', () => {
    expect(booked(vnPublic, found(spend('7')))).toStrictEqual([
      ['6119', '111:tien-mat', 7n, '− prior'],
      ['3661', '5119', 7n, ''],
    ]);
    expect(booked(vnPublic, giveBack(id(3), [{ line: 0, amount: '8' }]))).toStrictEqual([
      ['111:tien-mat', '6119', 8n, '+ prior'],
      ['5119', '3661', 8n, ''],
    ]);
    // A gift is no income before it is used, and so changes no result: only the statement of receipts says it apart.
    expect(booked(vnPublic, found(receive('7')))).toStrictEqual([['111:tien-mat', '3661', 7n, '+ prior']]);
  });

  it('and the right gift that a reversal records again, both', () => {
    const again = { restriction: { programme: 'ao-am' }, amount: null, account: null };
    const { world: after } = take(world, receive('60'));
    const { world: last } = take(after, reverseReceipt(GIFT, { recordAgain: again }));
    const flows = lastEntries(general, last).map(({ flow, isBack, amount }) => [flow, isBack, amount]);
    expect(flows).toStrictEqual([
      ['prior', false, 900n],
      ['prior', true, 850n],
      ['prior', true, 50n],
    ]);
  });

  it('does not mark what this year did with what it was left', () => {
    expect(booked(general, receive('7'))).toStrictEqual([['1000:tien-mat', '4000', 7n, '+ received']]);
  });
});
