import { type Day, yearOf } from '#kernel';
import type { AnyHandler } from '#platform';
import { bookStream } from '../domain/events.ts';
import { bookKind } from '../domain/book.ts';
import { asLate } from '../domain/late-facts.ts';

/** What a body says when it is about something found after the close. */
interface LateBody {
  readonly fund: string;
  readonly effectiveOn: Day;
  readonly belongsTo: Day;
}

const isLate = (body: unknown): body is LateBody =>
  typeof body === 'object' && body !== null && 'belongsTo' in body && body.belongsTo !== undefined;

const closedBook = ({ fund, belongsTo }: LateBody): string => bookStream(fund, yearOf(belongsTo));

/**
 * The commands, each of which may say with `belongsTo` that what it records belongs to a closed year. Deciders know
 * nothing of it: what they decide is marked here.
 */
export const takingLate = <T extends Record<string, AnyHandler>>(handlers: T): T =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]): [string, AnyHandler] => [
      name,
      {
        ...handler,
        streams: (body, context, known) => [
          ...new Set([...handler.streams(body, context, known), ...(isLate(body) ? [closedBook(body)] : [])]),
        ],
        decide: (body, states, context) => {
          if (!isLate(body)) return handler.decide(body, states, context);
          const { belongsTo, ...usual } = body;
          const decided = handler.decide(usual, states, context);
          if (!decided.ok) return decided;
          const book = states.of(bookKind, bookStream(body.fund, yearOf(body.effectiveOn)));
          return asLate(decided.value, belongsTo, book, states.of(bookKind, closedBook(body)));
        },
      },
    ]),
  ) as T;
