import {
  decidePayAdvance,
  decideReturnAdvance,
  decideSettleAdvance,
  decideTopUpAdvance,
} from '../../libs/funds/domain/advances.ts';
import { unopened } from '../../libs/funds/domain/book.ts';
import type { BookState } from '../../libs/funds/domain/book.ts';
import {
  decidePaySupplier,
  decideRecordSupplierDebt,
  decideReduceSupplierDebt,
} from '../../libs/funds/domain/supplier-debts.ts';
import { type Step, covers, historyOf } from './funds.ts';

/** Steps of advances and supplier debts, for worlds as `funds.ts` makes them. */

type Command<Decide extends (command: never, ...rest: never[]) => unknown> = Parameters<Decide>[0];

const ON = { fund: 'qbt-06', effectiveOn: '2026-03-01' };

/** For own costs, out of the general pool, unless told otherwise. */
export const payAdvance = (amount: string, change: Partial<Command<typeof decidePayAdvance>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decidePayAdvance(
      {
        ...ON,
        account: 'tien-mat',
        person: 'nv-1',
        name: null,
        commodity: 'VND',
        amount,
        due: null,
        disbursement: null,
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

export const topUp = (
  advance: string,
  amount: string,
  change: Partial<Command<typeof decideTopUpAdvance>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideTopUpAdvance(
      { ...ON, advance, account: 'tien-mat', amount, pools: [], proposedBy: null, ...change },
      book,
      covers,
      context,
    ),
});

/** All of it, as administration, unless told otherwise. */
export const settle = (advance: string, change: Partial<Command<typeof decideSettleAdvance>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideSettleAdvance(
      {
        ...ON,
        advance,
        amount: null,
        kind: 'administration',
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

export const returnAdvance = (
  advance: string,
  change: Partial<Command<typeof decideReturnAdvance>> = {},
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideReturnAdvance({ ...ON, advance, account: 'tien-mat', amount: null, ...change }, book, context),
});

/** Administration invoiced by a shop, unless told otherwise. `before`: the fund's book of the year before. */
export const invoice = (
  amount: string,
  change: Partial<Command<typeof decideRecordSupplierDebt>> = {},
  before: BookState = unopened(),
): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decideRecordSupplierDebt(
      {
        ...ON,
        supplier: 'ncc-1',
        name: null,
        invoice: '1C26TAA-0000123',
        invoiceDay: '2026-02-27',
        due: null,
        commodity: 'VND',
        amount,
        disbursement: null,
        kind: 'administration',
        programme: null,
        purpose: null,
        pools: [],
        proposedBy: null,
        narrative: null,
        ...change,
      },
      book,
      before,
      covers,
      context,
    ),
});

export const paySupplier = (debt: string, change: Partial<Command<typeof decidePaySupplier>> = {}): Step => ({
  actor: 'lan',
  decide: ({ book }, context) =>
    decidePaySupplier({ ...ON, debt, account: 'tien-mat', amount: null, ...change }, book, context),
});

export const credit = (
  debt: string,
  change: Partial<Command<typeof decideReduceSupplierDebt>> = {},
): Step => ({
  actor: 'lan',
  decide: (world, context) =>
    decideReduceSupplierDebt(
      {
        ...ON,
        debt,
        amount: null,
        disbursement: null,
        lines: [],
        creditNote: null,
        reason: 'hang-tra-lai',
        ...change,
      },
      world.book,
      {
        debt: historyOf(world, debt),
        disbursement: change.disbursement ? historyOf(world, change.disbursement) : [],
      },
      context,
    ),
});
