import type { Violation } from './fault.ts';

/** Milliseconds a client waits for one answer. */
export const ANSWER_MS_MAX = 10_000;
/** Violations kept in words; one more says nothing new. */
const VIOLATIONS_MAX = 50;

/** A command as a client sends it, first and on every later try. */
export interface Sent {
  readonly key: string;
  readonly path: string;
  readonly actor: string;
  readonly body: string;
}

export interface Acknowledged {
  readonly kind: 'acknowledged';
  /** Where its events stand, with the leaf hash where the answer names it. */
  readonly events: readonly { readonly id: string; readonly at: string; readonly hash?: string }[];
  /** Position of the last event; null where the sequencer has not placed it yet. */
  readonly position: number | null;
}

/** How a command ended as far as its client knows. A `refused` one may be sent again and is judged afresh. */
export type Settled = Acknowledged | { readonly kind: 'refused'; readonly code: string };

export interface Entry extends Sent {
  settled: Settled | undefined;
  /** Times that it was sent and not answered, or answered that it may or may not be recorded. */
  unanswered: number;
}

/** An event as a client read it back after the acknowledgement. */
export interface ReadBack {
  readonly id: string;
  readonly position: number;
  readonly envelope: string;
}

/** The root over the first `size` leaves, as somebody was shown it. */
export interface SeenRoot {
  readonly size: number;
  readonly root: string;
}

/** The client's own list: what it sent, what it was told. Nothing of the server under test is believed. */
export interface Journal {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly violations: readonly Violation[];
  readonly roots: SeenRoot[];
  readonly readBack: ReadBack[];
  /** Writes a command down before it is sent. */
  plan(sent: Sent): Entry;
  /** Writes down what a client was told; a second answer that differs from the first breaks I3. */
  told(entry: Entry, settled: Settled): void;
  /** Writes down that no answer came, or none that says whether it is recorded, and why. */
  untold(entry: Entry, why: string): void;
  /** How often each reason was given for {@link untold}. */
  readonly reasons: ReadonlyMap<string, number>;
  report(violation: Violation): void;
  /** Entries whose outcome nobody knows. */
  open(): readonly Entry[];
}

export const createJournal = (): Journal => {
  const entries = new Map<string, Entry>();
  const violations: Violation[] = [];
  const reasons = new Map<string, number>();
  const report = (violation: Violation): void => {
    if (violations.length < VIOLATIONS_MAX) violations.push(violation);
  };
  return {
    entries,
    violations,
    roots: [],
    readBack: [],
    plan: (sent) => {
      const entry: Entry = { ...sent, settled: undefined, unanswered: 0 };
      entries.set(sent.key, entry);
      return entry;
    },
    told: (entry, settled) => {
      if (entry.settled?.kind === 'acknowledged') {
        const before = placesOf(entry.settled);
        const now = settled.kind === 'refused' ? settled.code : placesOf(settled);
        if (now !== before)
          report({ invariant: 'I3', detail: `${entry.key} was ${before} and is now ${now}` });
        return;
      }
      entry.settled = settled;
    },
    reasons,
    untold: (entry, why) => {
      entry.unanswered += 1;
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
      // A refusal of an earlier try says nothing about this one.
      if (entry.settled?.kind === 'refused') entry.settled = undefined;
    },
    report,
    open: () => [...entries.values()].filter(({ settled }) => settled === undefined),
  };
};

const placesOf = ({ events }: Acknowledged): string => events.map(({ at }) => at).join(' ');

/** Codes after which the command may be recorded all the same. */
const UNCERTAIN = new Set(['LEDGER_UNAVAILABLE', 'LEDGER_BUSY', 'INTERNAL']);

/**
 * Sends a command once and writes down what comes back. Undefined: nobody knows how it ended. `disconnect`
 * leaves the connection that many milliseconds after sending, whatever comes.
 */
export const send = async (
  base: string,
  journal: Journal,
  entry: Entry,
  { disconnect = ANSWER_MS_MAX }: { readonly disconnect?: number } = {},
): Promise<Settled | undefined> => {
  let text: string;
  let status: number;
  try {
    const answer = await fetch(`${base}${entry.path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': entry.key,
        'lalanh-actor': entry.actor,
      },
      body: entry.body,
      signal: AbortSignal.timeout(disconnect),
    });
    ({ status } = answer);
    text = await answer.text();
  } catch {
    journal.untold(entry, 'noAnswer');
    return undefined;
  }
  const settled = readAnswer(status, text);
  if (typeof settled === 'string') {
    journal.untold(entry, settled);
    return undefined;
  }
  journal.told(entry, settled);
  return settled;
};

/** What an answer says, or the code of one that leaves it open. */
const readAnswer = (status: number, text: string): Settled | string => {
  let parsed: {
    readonly events?: Acknowledged['events'];
    readonly position?: number | null;
    readonly code?: string;
  };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    return 'unreadable';
  }
  const { events, position = null, code = `HTTP_${status}` } = parsed;
  if (status === 201 && events !== undefined) return { kind: 'acknowledged', events, position };
  return status >= 500 || UNCERTAIN.has(code) ? code : { kind: 'refused', code };
};
