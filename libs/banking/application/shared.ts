import { type States, amountSchema, idSchema, yearSchema } from '#platform';
import { z } from 'zod';
import { type BankAccountState, type BankState, bankAccountKind, bankKind } from '../domain/bank.ts';
import { bankAccountStream, bankStream } from '../domain/events.ts';

/** Lines of one command; the service that reads files cuts them so. */
export const LINES_MAX = 200;
/** Matches of one command. */
export const MATCHES_MAX = 100;

/** What every command on the lines of a year names. */
export const onYear = { account: idSchema, year: yearSchema };

/** The id of a line: hex, keyed by a secret of the vault, so that it tells nothing of the text it was made from. */
export const lineSchema = z.string().regex(/^[0-9a-f]{32}$/, 'BANK_LINE_ID_INVALID');
/** A line, or a part of one. */
export const unitSchema = z.string().regex(/^[0-9a-f]{32}(?:\.\d{1,3})?$/, 'BANK_LINE_ID_INVALID');
export const entrySchema = z
  .string()
  .regex(/^[0-9a-f-]{36}(?:\.\d{1,3})?$/, 'BANK_ENTRY_ID_INVALID')
  .meta({ description: 'Id of the money event in the books' });
export const matchIdSchema = z.string().regex(/^[0-9a-f-]{36}\.\d{1,3}$/, 'BANK_MATCH_ID_INVALID');
export const commitmentSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'HASH_INVALID')
  .nullable()
  .default(null);
export const directionSchema = z.enum(['in', 'out']);
/** A balance may be below zero or nothing. */
export const balanceSchema = amountSchema.regex(/^-?\d{1,19}$/, 'AMOUNT_NOT_A_NUMBER').nullable();

export const accountState = ({ account }: { readonly account: string }, states: States): BankAccountState =>
  states.of(bankAccountKind, bankAccountStream(account));

export const bankState = (
  { account, year }: { readonly account: string; readonly year: number },
  states: States,
): BankState => states.of(bankKind, bankStream(account, year));
