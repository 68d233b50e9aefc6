import { yearOf } from '#kernel';
import { type Handler, idSchema, textSchema } from '#platform';
import { z } from 'zod';
import { bookKind } from '../domain/book.ts';
import { bookStream } from '../domain/events.ts';
import { decideMergeFund } from '../domain/merge-fund.ts';
import { bookOf, bookState, filesSchema, onBook } from './shared.ts';

const ACCOUNTS_MAX = 100;

const schema = z.strictObject({
  ...onBook,
  into: idSchema.meta({ description: 'The fund that goes on with everything' }),
  accounts: z
    .array(z.strictObject({ account: idSchema, as: idSchema }))
    .max(ACCOUNTS_MAX)
    .default([])
    .meta({ description: 'New ids of own accounts whose id the other fund has already' }),
  proposedBy: idSchema.meta({ description: 'The person who proposed it; never the one who decides' }),
  reason: textSchema().meta({ description: 'The decision that ordered it' }),
  files: filesSchema,
});
type Body = z.infer<typeof schema>;

const successorOf = ({ into, effectiveOn }: Body): string => bookStream(into, yearOf(effectiveOn));

/** Merges a fund into another one: its book is closed, and the other one's goes on with all that was in it. */
export const mergeFund: Handler<Body> = {
  name: 'merge-fund',
  schema,
  personal: ['reason'],
  streams: (body) => [bookOf(body), successorOf(body)],
  decide: (body, states, context) => {
    const successor = states.of(bookKind, successorOf(body));
    return decideMergeFund(body, { book: bookState(body, states), successor }, context);
  },
};
