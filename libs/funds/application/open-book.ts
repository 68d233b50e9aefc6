import { type Handler, nameSchema, idSchema, daySchema, placeRefSchema, yearSchema } from '#platform';
import { z } from 'zod';
import { bookKind } from '../domain/book.ts';
import { bookStream } from '../domain/events.ts';
import { decideOpenBook } from '../domain/open-book.ts';
import { nullable, placeIn } from './shared.ts';

export const accountKindSchema = z.enum(['cash', 'bank', 'treasury', 'store', 'unstated']);
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
  accounts: z.array(z.strictObject({ account: idSchema, kind: accountKindSchema })).max(ACCOUNTS_MAX),
  goods: z.array(z.strictObject(goodSchema)).max(GOODS_MAX).default([]),
  effectiveOn: daySchema,
});

/** Opens the book of a fund for a fiscal year. */
export const openBook: Handler<z.infer<typeof schema>> = {
  name: 'open-book',
  schema,
  personal: [],
  streams: ({ fund, year }) => [bookStream(fund, year)],
  decide: (body, states, context) => {
    const place = placeIn(states, body.place, body.effectiveOn);
    if (!place.ok) return place;
    const book = states.of(bookKind, bookStream(body.fund, body.year));
    return decideOpenBook({ ...body, place: place.value }, book, context);
  },
};
