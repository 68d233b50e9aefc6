import { envelopeAgrees } from '../check-append.ts';
import { EVENT_BYTES_MAX } from '../limits.ts';
import { leafHash } from '#transparency';
import type { Cursor, FeedEvent } from '../kurrent/feed.ts';

/** Why the sequence stops: what the feed gives can not all be true. Stored text: each says what to do next. */
export const SEQUENCER_FAULTS = {
  SEQUENCE_ID_REUSED: {
    vi: 'Một mã sự kiện đã có trong dãy lại đến với nội dung khác.',
    en: 'An event id that the sequence holds came again with other content.',
  },
  SEQUENCE_REVISION_TAKEN: {
    vi: 'Một sự kiện khác đã đứng ở đúng số thứ tự này của luồng.',
    en: 'Another event already stands at this revision of the stream.',
  },
  SEQUENCE_REVISION_GAP: {
    vi: 'Luồng thiếu sự kiện: số thứ tự nhảy quãng.',
    en: 'The stream lacks events: its revisions jump.',
  },
  SEQUENCE_NOT_AN_EVENT: {
    vi: 'Văn bản của sự kiện không khớp với mã, loại, luồng hay số thứ tự của nó.',
    en: 'The text of the event does not say its id, type, stream and revision.',
  },
} as const;
export type SequencerFaultCode = keyof typeof SEQUENCER_FAULTS;

const NEXT = {
  vi: 'Dãy dừng trước sự kiện này. So KurrentDB với bản sao lưu, chạy lalanh verify, rồi khởi động lại.',
  en: 'The sequence stops before this event. Compare KurrentDB with a backup, run lalanh verify, then restart.',
};

/** The sequence stopped before an event and stays there until somebody has looked; nothing is skipped. */
export class SequencerFault extends Error {
  override readonly name = 'SequencerFault';
  readonly code: SequencerFaultCode;
  readonly vi: string;
  readonly cursor: Cursor;

  constructor(code: SequencerFaultCode, { id, stream, revision, cursor }: FeedEvent, detail: string) {
    const { vi, en } = SEQUENCER_FAULTS[code];
    const where = `${stream}@${revision}, ${id}, C:${cursor.commit}/P:${cursor.prepare}: ${detail}`;
    super(`${code}: ${en} ${where}. ${NEXT.en}`);
    this.code = code;
    this.vi = `${code}: ${vi} ${where}. ${NEXT.vi}`;
    this.cursor = cursor;
  }
}

/** An event of the sequence, as far as telling a repeat from another event needs it. */
export interface Known {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly leaf: string;
}

export interface Placed {
  readonly event: FeedEvent;
  readonly leaf: string;
}

export interface Judgement {
  /** What follows in the sequence, in order. */
  readonly placed: readonly Placed[];
  /** Last revisions of the streams after them. */
  readonly revisions: ReadonlyMap<string, number>;
  /** Indexes of events that came again and are not known yet: judge again with what the sequence says of them. */
  readonly unclear: readonly number[];
  /** The first event that can not be placed, by its index; `placed` ends before it. */
  readonly fault: { readonly at: number; readonly error: SequencerFault } | undefined;
}

/**
 * What of a page of the feed comes next in the sequence. An event at its stream's next revision does; one at an
 * earlier revision is a repeat when the very same one is known, and else a fault; so is a later one.
 */
export const judge = (
  events: readonly FeedEvent[],
  lastOf: (stream: string) => number,
  known: ReadonlyMap<string, Known>,
  /** True when `known` says all there is to say: what is unclear is a fault then. */
  complete = false,
): Judgement => {
  const placed: Placed[] = [];
  const here = new Map<string, Known>();
  const revisions = new Map<string, number>();
  const unclear: number[] = [];
  for (const [at, event] of events.entries()) {
    const { id, type, stream, revision } = event;
    const leaf = leafHash(event.envelope);
    const last = revisions.get(stream) ?? lastOf(stream);
    const before = here.get(id) ?? known.get(id);
    const fault = (code: SequencerFaultCode, detail: string): Judgement => ({
      placed,
      revisions,
      unclear,
      fault: { at, error: new SequencerFault(code, event, detail) },
    });
    if (before !== undefined) {
      if (before.leaf !== leaf) return fault('SEQUENCE_ID_REUSED', `the text of ${id} differs`);
      if (before.stream !== stream || before.revision !== revision || before.type !== type)
        return fault('SEQUENCE_ID_REUSED', `it is ${before.type} at ${before.stream}@${before.revision}`);
    } else if (revision > last + 1) return fault('SEQUENCE_REVISION_GAP', `the stream stands at ${last}`);
    else if (revision <= last) {
      if (complete) return fault('SEQUENCE_REVISION_TAKEN', `the stream stands at ${last} without that id`);
      unclear.push(at);
    } else {
      const flaw = flawOf(event);
      if (flaw !== undefined) return fault('SEQUENCE_NOT_AN_EVENT', flaw);
      placed.push({ event, leaf });
      here.set(id, { stream, revision, type, leaf });
      revisions.set(stream, revision);
    }
  }
  return { placed, revisions, unclear, fault: undefined };
};

/** A UUID as ids are written. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What no table could hold, or what its own text denies. */
const flawOf = ({ id, type, stream, revision, envelope }: FeedEvent): string | undefined => {
  if (!UUID.test(id)) return 'its id is no UUID';
  if (!envelope.isWellFormed() || envelope.includes('\0')) return 'its text can not be stored unchanged';
  if (envelope.length * 3 > EVENT_BYTES_MAX && Buffer.byteLength(envelope) > EVENT_BYTES_MAX)
    return `its text is longer than ${EVENT_BYTES_MAX} bytes`;
  if (!envelopeAgrees(envelope, id, type, stream, revision)) return 'its text says something else';
  return undefined;
};
