import type { EventLogReader } from '#event-log';
import { type Reference, pledgeStream, referenceOf } from '#pledges';

/** What a reference printed on a code or a letter stands for. */
export type Referred =
  { readonly kind: 'pledge'; readonly pledge: string } | { readonly kind: 'fund'; readonly fund: string };

/** Turns references into what they name and back, asking the log once for each. */
export interface ReferenceBook {
  /** Undefined: a code that nobody ever gave out. */
  readonly referred: (reference: Reference) => Promise<Referred | undefined>;
  /** The code of a pledge; undefined: there is no such pledge, or it has no place in the log yet. */
  readonly codeOf: (pledge: string) => Promise<string | undefined>;
}

/** Answers of each kind that are remembered; a further one is asked of the log again. */
const KNOWN_MAX = 100_000;

const PLEDGE = pledgeStream('');

/** Remembers what was asked, up to {@link KNOWN_MAX}. */
function remembered<T>(ask: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, T>();
  return async (key) => {
    if (known.has(key)) return known.get(key) as T;
    const answer = await ask(key);
    if (known.size < KNOWN_MAX) known.set(key, answer);
    return answer;
  };
}

/** `qbt-06` of `book-qbt-06-2026`. */
const fundIn = (stream: string): string | undefined => /^book-(.+)-\d{4}$/.exec(stream)?.[1];

/** References are numbered by the position of the promise, or of the opening of a fund's first book. */
export function referenceBook(log: Pick<EventLogReader, 'readAll' | 'readStream'>): ReferenceBook {
  const streamAt = remembered(async (position) => {
    const { events } = await log.readAll({ after: Number(position) - 1, limit: 1 });
    const [event] = events;
    return event?.position === Number(position) && event.revision === 0 ? event.stream : undefined;
  });
  return {
    referred: async ({ kind, number }) => {
      const stream = await streamAt(String(number));
      if (stream === undefined) return undefined;
      if (kind === 'pledge')
        return stream.startsWith(PLEDGE) ? { kind, pledge: stream.slice(PLEDGE.length) } : undefined;
      const fund = fundIn(stream);
      return fund === undefined ? undefined : { kind, fund };
    },
    codeOf: remembered(async (pledge) => {
      const [made] = await log.readStream(pledgeStream(pledge), { from: 0, limit: 1 });
      return made === undefined || made.position < 1 ? undefined : referenceOf('pledge', made.position);
    }),
  };
}
