import { ok } from '#kernel';
import type { AnyHandler } from '#platform';
import { bookKind } from '../domain/book.ts';
import { settleShortfalls } from '../domain/shortfalls.ts';

/**
 * The commands, each followed by what its facts do to shortfalls. Every command on a book goes through here, so
 * that whoever mints units or gives them back need not think of it.
 */
export const settling = <T extends Record<string, AnyHandler>>(handlers: T): T =>
  Object.fromEntries(
    Object.entries(handlers).map(([name, handler]): [string, AnyHandler] => [
      name,
      {
        ...handler,
        decide: (body, states, context) => {
          const decided = handler.decide(body, states, context);
          if (!decided.ok) return decided;
          return ok(settleShortfalls(decided.value, (stream) => states.of(bookKind, stream)));
        },
      },
    ]),
  ) as T;
