import type { AnyHandler } from '#platform';
import { bookKind } from '../domain/book.ts';
import { conclude } from '../domain/conclude.ts';

/**
 * The commands, each concluded: judged by what lies in own accounts, and followed by what its facts do to shortfalls.
 * Every command on a book goes through here, so that none need think of it.
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
          return conclude(decided.value, (stream) => states.of(bookKind, stream));
        },
      },
    ]),
  ) as T;
