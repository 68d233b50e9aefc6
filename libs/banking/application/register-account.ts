import { bookKind, bookStream } from '#funds';
import { refuse, yearOf } from '#kernel';
import { type Handler, LIST_ITEMS_MAX, commoditySchema, daySchema, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { bankAccountStream } from '../domain/events.ts';
import { COLUMN_FIELDS } from '../domain/read-statement/layouts.ts';
import { decideRegisterAccount, decideSaveLayout } from '../domain/register-account.ts';
import { accountState } from './shared.ts';

/** Funds whose money may lie in one account. */
const BOOKS_MAX = 20;
/** Digits of an account number. */
const NUMBER = /^\d{6,19}$/;

const registerSchema = z.strictObject({
  account: idSchema.meta({ description: 'An id of its own, never the number' }),
  bin: z
    .string()
    .regex(/^\d{6}$/, 'BANK_BIN_INVALID')
    .meta({ description: 'Napas BIN of the bank', examples: ['970436'] }),
  number: z.string().regex(NUMBER, 'BANK_NUMBER_INVALID').meta({ description: 'Goes to the vault' }),
  commodity: commoditySchema.default('VND'),
  startsOn: daySchema.meta({ description: 'First day that is reconciled' }),
  books: z
    .array(z.strictObject({ fund: idSchema, account: idSchema }))
    .min(1)
    .max(BOOKS_MAX),
  effectiveOn: daySchema,
});

type Register = z.infer<typeof registerSchema>;

const bookOf = ({ fund }: Register['books'][number], { effectiveOn }: Register): string =>
  bookStream(fund, yearOf(effectiveOn));

/** Registers an account at a bank; each account of a book that is kept in it is open in that book. */
export const registerBankAccount: Handler<Register> = {
  name: 'register-bank-account',
  schema: registerSchema,
  personal: ['number'],
  streams: (body) => [
    bankAccountStream(body.account),
    ...new Set(body.books.map((book) => bookOf(book, body))),
  ],
  decide: (body, states, context) => {
    for (const book of body.books) {
      const state = states.of(bookKind, bookOf(book, body));
      if (state.status === 'unopened')
        return refuse('BOOK_UNKNOWN', { fund: book.fund, year: String(yearOf(body.effectiveOn)) });
      if (!state.accounts.has(book.account))
        return refuse('ACCOUNT_UNKNOWN', { account: book.account, fund: book.fund });
    }
    return decideRegisterAccount(body, accountState(body, states), context);
  },
};

const phrases = z.array(textSchema(60)).max(LIST_ITEMS_MAX);

const layoutSchema = z.strictObject({
  account: idSchema,
  layout: z.strictObject({
    name: idSchema,
    bin: z
      .string()
      .regex(/^\d{6}$/, 'BANK_BIN_INVALID')
      .nullable()
      .default(null),
    columns: z.partialRecord(z.enum(COLUMN_FIELDS), phrases),
    dayOrder: z.enum(['day-first', 'month-first']).optional(),
    decimalSign: z.enum(['.', ',']).optional(),
  }),
  effectiveOn: daySchema,
});

/** Saves the words by which a bank heads its columns, for the files of one account. */
export const saveBankLayout: Handler<z.infer<typeof layoutSchema>> = {
  name: 'save-bank-layout',
  schema: layoutSchema,
  personal: [],
  streams: (body) => [bankAccountStream(body.account)],
  decide: ({ account, layout, effectiveOn }, states) =>
    decideSaveLayout({ account, layout, effectiveOn }, accountState({ account }, states)),
};
