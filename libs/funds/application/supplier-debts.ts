import { yearOf } from '#kernel';
import {
  type Handler,
  LIST_ITEMS_MAX,
  amountSchema,
  commoditySchema,
  daySchema,
  idSchema,
  textSchema,
  uuidSchema,
} from '#platform';
import { z } from 'zod';
import { bookKind } from '../domain/book.ts';
import { bookStream } from '../domain/events.ts';
import {
  decidePaySupplier,
  decideRecordSupplierDebt,
  decideReduceSupplierDebt,
} from '../domain/supplier-debts.ts';
import { expenseKindSchema } from './own-costs.ts';
import {
  approvable,
  bookAndProgramme,
  bookOf,
  bookState,
  coversOf,
  nullable,
  onBook,
  poolAmountsSchema,
} from './shared.ts';

/** Characters of the number of an invoice or a credit note. */
const NUMBER_CHARS_MAX = 60;

const numberSchema = textSchema(NUMBER_CHARS_MAX);

export const debtSchema = z.strictObject({
  ...onBook,
  supplier: idSchema.meta({ description: 'Who is owed, an opaque id' }),
  name: nullable(textSchema()).meta({ description: 'The name of the supplier, kept in the vault' }),
  invoice: numberSchema.meta({ description: 'Symbol and number of the invoice' }),
  invoiceDay: daySchema,
  due: nullable(daySchema),
  commodity: commoditySchema,
  amount: amountSchema,
  disbursement: nullable(uuidSchema).meta({
    description: 'An approved one of that amount; null: an own cost',
  }),
  kind: nullable(expenseKindSchema).meta({ description: 'Own cost: of which kind' }),
  programme: nullable(idSchema),
  purpose: nullable(idSchema),
  pools: poolAmountsSchema.meta({ description: 'Own cost; empty: the general pool' }),
  proposedBy: nullable(idSchema),
  narrative: nullable(textSchema()),
});

type Record = z.infer<typeof debtSchema>;

/** The fund's book of the year before: an invoice recorded there is not recorded again. */
const bookBefore = ({ fund, effectiveOn }: Pick<Record, 'fund' | 'effectiveOn'>): string =>
  bookStream(fund, yearOf(effectiveOn) - 1);

export const debtStreams = (body: Pick<Record, 'fund' | 'effectiveOn' | 'programme'>): string[] => [
  ...bookAndProgramme(body),
  bookBefore(body),
];

/** The decision on an invoice, at once or with the approvals of several. */
export const debtDecided = approvable<Record>((body, states, context) => {
  const before = states.of(bookKind, bookBefore(body));
  return decideRecordSupplierDebt(body, bookState(body, states), before, coversOf(states), context);
});

/** Records an invoice that is paid later. */
export const recordSupplierDebt: Handler<Record> = {
  name: 'record-supplier-debt',
  schema: debtSchema,
  personal: ['name', 'narrative'],
  streams: (body) => debtStreams(body),
  decide: (body, states, context) => debtDecided(body, states, context),
};

const onDebt = { ...onBook, debt: uuidSchema };

const paySchema = z.strictObject({
  ...onDebt,
  account: idSchema,
  amount: nullable(amountSchema).meta({ description: 'Null: all that is owed' }),
});

/** Pays a supplier, all that is owed for an invoice or a part. */
export const paySupplier: Handler<z.infer<typeof paySchema>> = {
  name: 'pay-supplier',
  schema: paySchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decidePaySupplier(body, bookState(body, states), context),
};

const reduceSchema = z.strictObject({
  ...onDebt,
  amount: nullable(amountSchema).meta({ description: 'Own cost; null: all that is owed' }),
  disbursement: nullable(uuidSchema).meta({ description: 'The one the invoice was for; null: an own cost' }),
  lines: z
    .array(z.strictObject({ line: z.number().int().min(0), amount: amountSchema }))
    .max(LIST_ITEMS_MAX)
    .default([])
    .meta({ description: 'Disbursement: what is credited of each line' }),
  creditNote: nullable(numberSchema),
  reason: textSchema(),
});

/** Books that less is owed than was invoiced. */
export const reduceSupplierDebt: Handler<z.infer<typeof reduceSchema>> = {
  name: 'reduce-supplier-debt',
  schema: reduceSchema,
  personal: ['reason'],
  streams: (body) => [bookOf(body)],
  history: ({ debt, disbursement }) => (disbursement === null ? [debt] : [debt, disbursement]),
  decide: (body, states, context) =>
    decideReduceSupplierDebt(
      body,
      bookState(body, states),
      {
        debt: states.history(body.debt),
        disbursement: body.disbursement === null ? [] : states.history(body.disbursement),
      },
      context,
    ),
};
