import { type Handler, LIST_ITEMS_MAX, amountSchema, daySchema, idSchema, textSchema } from '#platform';
import { yearOf } from '#kernel';
import { z } from 'zod';
import { bankAccountStream, bankStream } from '../domain/events.ts';
import { decideImportStatement, decideRecordLines } from '../domain/record-lines.ts';
import {
  LINES_MAX,
  accountState,
  balanceSchema,
  bankState,
  commitmentSchema,
  directionSchema,
  lineSchema,
  onYear,
} from './shared.ts';

const linesSchema = z.strictObject({
  ...onYear,
  lines: z
    .array(
      z.strictObject({
        line: lineSchema,
        bookedOn: daySchema,
        valueOn: daySchema.nullable(),
        amount: amountSchema,
        direction: directionSchema,
        balance: balanceSchema,
        narrative: commitmentSchema,
        counterparty: commitmentSchema,
        bankRef: textSchema(100).nullable(),
      }),
    )
    .min(1)
    .max(LINES_MAX),
});
export type RecordLinesBody = z.infer<typeof linesSchema>;

/** Records lines of a bank file; those that are there already are left out. */
export const recordBankLines: Handler<RecordLinesBody> = {
  name: 'record-bank-lines',
  schema: linesSchema,
  personal: [],
  streams: ({ account, year }) => [bankAccountStream(account), bankStream(account, year)],
  decide: (body, states, context) =>
    decideRecordLines(body, accountState(body, states), bankState(body, states), context),
};

const statementSchema = z.strictObject({
  account: idSchema,
  statement: lineSchema,
  file: z.string().regex(/^[0-9a-f]{64}$/, 'HASH_INVALID'),
  format: z.enum(['csv', 'xlsx', 'html', 'camt.053', 'mt940']),
  layout: textSchema(63),
  from: daySchema,
  to: daySchema,
  opening: balanceSchema,
  closing: balanceSchema,
  lines: z.number().int().min(0),
  totalIn: amountSchema,
  totalOut: amountSchema,
  exceptions: z
    .array(
      z.strictObject({
        code: z.string().regex(/^[A-Z][A-Z_]{1,40}$/, 'FIELD_INVALID'),
        details: z.record(z.string().max(40), z.string().max(200)),
      }),
    )
    .max(LIST_ITEMS_MAX),
});
export type ImportStatementBody = z.infer<typeof statementSchema>;

/** Records that a bank file was read, with what it stated and what in it does not add up. */
export const importBankStatement: Handler<ImportStatementBody> = {
  name: 'import-bank-statement',
  schema: statementSchema,
  personal: [],
  streams: ({ account, to }) => [bankAccountStream(account), bankStream(account, yearOf(to))],
  decide: (body, states, context) => {
    const year = yearOf(body.to);
    const bank = bankState({ account: body.account, year }, states);
    return decideImportStatement(body, accountState(body, states), bank, context);
  },
};
