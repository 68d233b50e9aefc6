import { bookKind, bookStream } from '#funds';
import { type Context, type Day, type Fact, type Result, refuse, yearOf } from '#kernel';
import type { AnyHandler, States } from '#platform';
import { handlers } from '#pledges';

interface ToFund {
  readonly fund: string;
  readonly effectiveOn: Day;
}

/** A handler whose body names a fund. */
interface FundHandler<Body extends ToFund> extends Omit<AnyHandler, 'streams' | 'decide'> {
  streams(body: Body, context: Context, known: Pick<States, 'all' | 'history'>): readonly string[];
  decide(body: Body, states: States, context: Context): Result<readonly Fact[]>;
}

/** Books in which a fund is looked for: a promise may be older than its first book, or for the next year. */
const booksOf = ({ fund, effectiveOn }: ToFund): string[] =>
  [-1, 0, 1].map((offset) => bookStream(fund, yearOf(effectiveOn) + offset));

/**
 * The same handler for a fund that has a book. It stands here because pledges can not ask funds: funds import
 * them, to record a receipt and its payment as one.
 */
const toFund = <Body extends ToFund>(handler: FundHandler<Body>): AnyHandler => ({
  ...handler,
  streams: (body: Body, context: Context, known: Pick<States, 'all' | 'history'>) => [
    ...handler.streams(body, context, known),
    ...booksOf(body),
  ],
  decide: (body: Body, states: States, context: Context) =>
    booksOf(body).every((stream) => states.of(bookKind, stream).status === 'unopened')
      ? refuse('BOOK_UNKNOWN', { fund: body.fund, year: String(yearOf(body.effectiveOn)) })
      : handler.decide(body, states, context),
});

/** Makes a pledge to a fund that has a book. */
export const makePledgeToFund: AnyHandler = toFund(handlers.makePledge);

/** Registers a sponsorship whose money goes to a fund that has a book. */
export const registerSponsorshipToFund: AnyHandler = toFund(handlers.registerSponsorship);
