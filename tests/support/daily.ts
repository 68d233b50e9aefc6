import { decideMoveOwnMoney, decideReceiveOwnMoney } from '../../libs/funds/domain/own-money.ts';
import {
  decideRecordExpense,
  decideRecordIncome,
  decideSetAdminCap,
} from '../../libs/funds/domain/own-costs.ts';
import {
  decideIdentifyReceipt,
  decideRecordUnidentifiedReceipt,
  decideReturnUnidentifiedReceipt,
} from '../../libs/funds/domain/unidentified-receipt.ts';
import { type Step, covers } from './funds.ts';

/** Steps of daily money, for worlds as `funds.ts` makes them. */

type Command<Decide extends (command: never, ...rest: never[]) => unknown> = Parameters<Decide>[0];

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };

export const receiveUnidentified = (
  amount: string,
  change: Partial<Command<typeof decideRecordUnidentifiedReceipt>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideRecordUnidentifiedReceipt(
      { ...ON, account: 'tien-mat', commodity: 'VND', amount, bankLine: null, narrative: null, ...change },
      book,
      context,
    ),
});

export const identify = (
  unidentified: string,
  change: Partial<Command<typeof decideIdentifyReceipt>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideIdentifyReceipt(
      {
        ...ON,
        unidentified,
        amount: null,
        source: 'voluntary',
        donor: null,
        place: null,
        pledge: null,
        restriction: {},
        period: null,
        narrative: null,
        ...change,
      },
      book,
      context,
    ),
});

export const sendBack = (
  unidentified: string,
  change: Partial<Command<typeof decideReturnUnidentifiedReceipt>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideReturnUnidentifiedReceipt(
      { ...ON, unidentified, amount: null, account: 'tien-mat', reason: 'gui-nham', ...change },
      book,
      context,
    ),
});

/** From the cash box into the bank, unless told otherwise. */
export const moveOwn = (amount: string, change: Partial<Command<typeof decideMoveOwnMoney>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideMoveOwnMoney(
      {
        ...ON,
        from: 'tien-mat',
        to: 'vcb',
        commodity: 'VND',
        amount,
        inTransit: false,
        narrative: null,
        ...change,
      },
      book,
      context,
    ),
});

export const receiveOwn = (
  move: string,
  change: Partial<Command<typeof decideReceiveOwnMoney>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideReceiveOwnMoney({ ...ON, move, account: 'vcb', amount: null, ...change }, book, context),
});

export const earn = (amount: string, change: Partial<Command<typeof decideRecordIncome>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideRecordIncome(
      {
        ...ON,
        account: 'tien-mat',
        kind: 'interest',
        commodity: 'VND',
        amount,
        restriction: {},
        period: null,
        narrative: null,
        ...change,
      },
      book,
      context,
    ),
});

/** An expense of administration, recorded by lan unless told otherwise. */
export const spend = (
  amount: string,
  change: Partial<Command<typeof decideRecordExpense>> = {},
  actor = 'lan',
): Step => ({
  actor,
  decide: ({ book }, context) =>
    decideRecordExpense(
      {
        ...ON,
        account: 'tien-mat',
        kind: 'administration',
        commodity: 'VND',
        amount,
        programme: null,
        purpose: null,
        pools: [],
        proposedBy: null,
        narrative: null,
        ...change,
      },
      book,
      covers,
      context,
    ),
});

/** Five per cent of what is freely given and earned, from the first of February; chi may allow more. */
export const setCap = (change: Partial<Command<typeof decideSetAdminCap>> = {}, actor = 'chi'): Step => ({
  actor,
  decide: ({ book }, context) =>
    decideSetAdminCap(
      {
        ...ON,
        basisPoints: 500,
        sources: ['voluntary', 'income'],
        without: ['beneficiary'],
        kinds: ['administration', 'bank-fee'],
        validFrom: '2026-02-01',
        overrideApprover: 'chi',
        proposedBy: 'lan',
        ...change,
      },
      book,
      context,
    ),
});
