import { decideCountCash, decideCountStock } from '../../libs/funds/domain/counts.ts';
import { decideReceiveCharge, decideResolveCountDifference } from '../../libs/funds/domain/resolve-count.ts';
import { type Step, covers } from './funds.ts';

/** Steps of counts, for worlds as `funds.ts` makes them. */

type Command<Decide extends (command: never, ...rest: never[]) => unknown> = Parameters<Decide>[0];

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };
const PRESENT = 'aa'.repeat(32);
const LARGE = 500_000n;
const SMALL = 20_000n;

/** Notes of 500,000 and 20,000 đ, and coins of 1 đ, that make an amount. */
export const notesOf = (amount: string): { value: string; pieces: number }[] => {
  const sum = BigInt(amount);
  const rest = (sum % LARGE) % SMALL;
  return [
    { value: String(LARGE), pieces: Number(sum / LARGE) },
    { value: String(SMALL), pieces: Number((sum % LARGE) / SMALL) },
    { value: '1', pieces: Number(rest) },
  ].filter(({ pieces }) => pieces > 0);
};

export const countCash = (counted: string, change: Partial<Command<typeof decideCountCash>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideCountCash(
      {
        ...ON,
        account: 'tien-mat',
        commodity: 'VND',
        counted,
        denominations: notesOf(counted),
        present: PRESENT,
        files: [],
        narrative: null,
        ...change,
      },
      book,
      context,
    ),
});

/** Bicycles in the store, unless told otherwise. */
export const countStock = (
  counted: string,
  change: Partial<Command<typeof decideCountStock>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideCountStock(
      {
        ...ON,
        account: 'kho',
        commodity: 'xe-dap',
        counted,
        present: PRESENT,
        files: [],
        narrative: null,
        ...change,
      },
      book,
      context,
    ),
});

/** Found again, all of it, unless told otherwise. */
export const resolveCount = (
  difference: string,
  change: Partial<Command<typeof decideResolveCountDifference>> = {},
  actor = 'chi',
): Step => ({
  actor,
  decide: ({ book }, context) =>
    decideResolveCountDifference(
      {
        ...ON,
        difference,
        how: 'found',
        amount: null,
        person: null,
        name: null,
        restriction: {},
        programme: null,
        purpose: null,
        pools: [],
        proposedBy: null,
        reason: 'ly-do',
        ...change,
      },
      book,
      covers,
      context,
    ),
});

export const receiveCharge = (
  charge: string,
  change: Partial<Command<typeof decideReceiveCharge>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideReceiveCharge({ ...ON, charge, account: 'tien-mat', amount: null, ...change }, book, context),
});
