import { bookKind, reconcileAccount, reconciledBook } from '#funds';
import { ok } from '#kernel';
import {
  type Handler,
  LIST_ITEMS_MAX,
  type States,
  amountSchema,
  daySchema,
  idSchema,
  textSchema,
} from '#platform';
import { z } from 'zod';
import { decideAcceptReconciliation } from '../domain/accept-reconciliation.ts';
import { type BankAccountRegistered, bankAccountStream, bankStream } from '../domain/events.ts';
import { MATCH_SIDE_MAX } from '../domain/match/match.ts';
import { decideMatchLines, decideSplitLine, decideUnmatchLine, yearsAround } from '../domain/match-lines.ts';
import { bankAccountDirectory } from './account-directory.ts';
import {
  MATCHES_MAX,
  accountState,
  balanceSchema,
  bankState,
  directionSchema,
  entrySchema,
  lineSchema,
  matchIdSchema,
  onYear,
  unitSchema,
} from './shared.ts';

const matchSchema = z.strictObject({
  ...onYear,
  matches: z
    .array(
      z.strictObject({
        lines: z.array(unitSchema).min(1).max(MATCH_SIDE_MAX),
        entries: z
          .array(
            z.strictObject({
              entry: entrySchema,
              fund: idSchema,
              amount: amountSchema,
              direction: directionSchema,
              day: daySchema,
            }),
          )
          .min(1)
          .max(MATCH_SIDE_MAX),
        rule: textSchema(63).nullable().default(null).meta({ description: 'null: the person decides' }),
      }),
    )
    .min(1)
    .max(MATCHES_MAX),
});
export type MatchLinesBody = z.infer<typeof matchSchema>;

/** Decides that lines of the bank are money events of the books. */
export const matchBankLines: Handler<MatchLinesBody> = {
  name: 'match-bank-lines',
  schema: matchSchema,
  personal: [],
  streams: (body) => yearsAround(body).map((year) => bankStream(body.account, year)),
  decide: (body, states, context) => {
    const others = yearsAround(body).filter((year) => year !== body.year);
    return decideMatchLines(
      body,
      bankState(body, states),
      others.map((year) => bankState({ account: body.account, year }, states)),
      context,
    );
  },
};

const splitSchema = z.strictObject({
  ...onYear,
  line: lineSchema,
  parts: z.array(amountSchema).min(2).max(LIST_ITEMS_MAX),
});

/** Divides a line, so that its parts can be matched apart. */
export const splitBankLine: Handler<z.infer<typeof splitSchema>> = {
  name: 'split-bank-line',
  schema: splitSchema,
  personal: [],
  streams: ({ account, year }) => [bankStream(account, year)],
  decide: (body, states) => decideSplitLine(body, bankState(body, states)),
};

const unmatchSchema = z.strictObject({ ...onYear, match: matchIdSchema, reason: textSchema() });

/** Undoes a match; the reason goes to the vault. */
export const unmatchBankLine: Handler<z.infer<typeof unmatchSchema>> = {
  name: 'unmatch-bank-line',
  schema: unmatchSchema,
  personal: ['reason'],
  streams: ({ account, year }) => [bankStream(account, year)],
  decide: (body, states) => decideUnmatchLine(body, bankState(body, states)),
};

const acceptSchema = z.strictObject({
  account: idSchema,
  on: daySchema,
  bank: balanceSchema.unwrap(),
  book: balanceSchema.unwrap(),
  items: balanceSchema.unwrap().meta({ description: 'Sum of the listed items: bank less book' }),
  listed: z.number().int().min(0),
  knownAt: z.number().int().min(0).meta({ description: 'Position the statement stood at' }),
});

/** The accounts of books in a bank account. */
const booksOf = (account: string, known: Pick<States, 'all'>): BankAccountRegistered['books'] =>
  known.all(bankAccountDirectory).get(account) ?? [];

/** A person accepts a reconciliation statement as it stood at a position; the books of the account note how far. */
export const acceptReconciliation: Handler<z.infer<typeof acceptSchema>> = {
  name: 'accept-reconciliation',
  schema: acceptSchema,
  personal: [],
  streams: ({ account, on }, _context, known) => [
    bankAccountStream(account),
    bankStream(account, Number(on.slice(0, 4))),
    ...booksOf(account, known).map(({ fund }) => reconciledBook(fund, on)),
  ],
  decide: (body, states, context) => {
    const accepted = decideAcceptReconciliation(body, accountState(body, states), context);
    if (!accepted.ok) return accepted;
    const noted = booksOf(body.account, states).flatMap(({ fund, account }) =>
      reconcileAccount(
        { fund, account, through: body.on, bank: body.account },
        states.of(bookKind, reconciledBook(fund, body.on)),
      ),
    );
    return ok([...accepted.value, ...noted]);
  },
};
