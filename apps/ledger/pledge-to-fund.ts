import { bookKind, bookStream } from '#funds';
import { type Context, refuse, yearOf } from '#kernel';
import type { AnyHandler, States } from '#platform';
import { handlers } from '#pledges';

const { makePledge } = handlers;
type Body = Parameters<typeof makePledge.decide>[0];

/** Books in which a fund is looked for: a promise may be older than its first book, or for the next year. */
const booksOf = ({ fund, effectiveOn }: Body): string[] =>
  [-1, 0, 1].map((offset) => bookStream(fund, yearOf(effectiveOn) + offset));

/**
 * Makes a pledge to a fund that has a book. It stands here because pledges can not ask funds: funds import
 * them, to record a receipt and its payment as one.
 */
export const makePledgeToFund: AnyHandler = {
  ...makePledge,
  streams: (body: Body, context: Context, directories: Pick<States, 'all' | 'history'>) => [
    ...makePledge.streams(body, context, directories),
    ...booksOf(body),
  ],
  decide: (body: Body, states: States, context: Context) =>
    booksOf(body).every((stream) => states.of(bookKind, stream).status === 'unopened')
      ? refuse('BOOK_UNKNOWN', { fund: body.fund, year: String(yearOf(body.effectiveOn)) })
      : makePledge.decide(body, states, context),
};
