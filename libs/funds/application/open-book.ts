import { type Handler, nameSchema, idSchema, daySchema, placeRefSchema, yearSchema } from '#platform';
import { z } from 'zod';
import { bookKind } from '../domain/book.ts';
import { bookStream } from '../domain/events.ts';
import { decideCarryForward, decideOpenBook } from '../domain/open-book.ts';
import { nullable, placeIn } from './shared.ts';

/** Longer than any bank's number; what it says is judged by the domain. */
const BANK_CHARS_MAX = 40;

const accountKindSchema = z.enum(['cash', 'bank', 'treasury', 'store', 'unstated']);
/** What is said of an account when it is opened. */
export const accountSchema = {
  account: idSchema,
  kind: accountKindSchema,
  bank: z
    .strictObject({
      bin: z
        .string()
        .max(BANK_CHARS_MAX, 'BANK_BIN_INVALID')
        .meta({ examples: ['970436'] }),
      number: z.string().max(BANK_CHARS_MAX, 'BANK_NUMBER_INVALID'),
    })
    .optional()
    .meta({ description: 'Where gifts can be sent: it is public, in VietQR codes' }),
};
export const goodSchema = {
  code: idSchema,
  unit: nameSchema,
  exponent: z.number().int().min(0).max(6).default(0),
};
const ACCOUNTS_MAX = 100;
const GOODS_MAX = 200;

const schema = z.strictObject({
  fund: idSchema,
  year: yearSchema,
  name: nameSchema.meta({ description: 'Name of the institution; not personal' }),
  level: z.enum(['central', 'province', 'district', 'commune', 'facility']),
  place: nullable(placeRefSchema),
  accounts: z.array(z.strictObject(accountSchema)).max(ACCOUNTS_MAX),
  goods: z.array(z.strictObject(goodSchema)).max(GOODS_MAX).default([]),
  effectiveOn: daySchema,
});

/** How many years back the fund's last book is looked for. A fund that slept longer opens the years between. */
const YEARS_BACK_MAX = 10;

/** The fund's other books that opening this one depends on: those it could follow, and the next one. */
const booksAround = (fund: string, year: number): string[] => [
  bookStream(fund, year + 1),
  ...Array.from({ length: YEARS_BACK_MAX }, (_, back) => bookStream(fund, year - 1 - back)),
];

/** Opens the book of a fund for a fiscal year, with what its last book carried forward. */
export const openBook: Handler<z.infer<typeof schema>> = {
  name: 'open-book',
  schema,
  personal: [],
  streams: ({ fund, year }) => [bookStream(fund, year), ...booksAround(fund, year)],
  decide: (body, states, context) => {
    const place = placeIn(states, body.place, body.effectiveOn);
    if (!place.ok) return place;
    const book = states.of(bookKind, bookStream(body.fund, body.year));
    const others = booksAround(body.fund, body.year).map((stream) => states.of(bookKind, stream));
    return decideOpenBook({ ...body, place: place.value }, book, others, context);
  },
};

const carrySchema = schema.pick({ fund: true, year: true });

/** Goes on carrying what the last book left, when that was too much for one append. */
export const carryForward: Handler<z.infer<typeof carrySchema>> = {
  name: 'carry-forward',
  schema: carrySchema,
  personal: [],
  streams: ({ fund, year }) => [bookStream(fund, year), ...booksAround(fund, year)],
  decide: ({ fund, year }, states) =>
    decideCarryForward(
      { fund, year },
      states.of(bookKind, bookStream(fund, year)),
      booksAround(fund, year).map((stream) => states.of(bookKind, stream)),
    ),
};
