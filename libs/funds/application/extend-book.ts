import { type Handler, daySchema, idSchema, textSchema, yearSchema } from '#platform';
import { z } from 'zod';
import { decideCloseBook, decideListGood, decideOpenAccount } from '../domain/extend-book.ts';
import { accountSchema, goodSchema } from './open-book.ts';
import { bookOf, bookState, nullable, onBook } from './shared.ts';

const openAccountSchema = z.strictObject({ ...onBook, ...accountSchema });

/** Adds an account to an open book. */
export const openAccount: Handler<z.infer<typeof openAccountSchema>> = {
  name: 'open-account',
  schema: openAccountSchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideOpenAccount(body, bookState(body, states), context),
};

const listGoodSchema = z.strictObject({ ...onBook, ...goodSchema });

/** Adds a good to those a book counts. */
export const listGood: Handler<z.infer<typeof listGoodSchema>> = {
  name: 'list-good',
  schema: listGoodSchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideListGood(body, bookState(body, states), context),
};

const closeSchema = z.strictObject({
  fund: idSchema,
  effectiveOn: daySchema,
  year: yearSchema,
  reason: nullable(textSchema()).meta({
    description: 'Why it is closed although the checklist is not clear; null: it is clear',
  }),
});

/** Closes the book of a year. */
export const closeBook: Handler<z.infer<typeof closeSchema>> = {
  name: 'close-book',
  schema: closeSchema,
  personal: ['reason'],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideCloseBook(body, bookState(body, states), context),
};
