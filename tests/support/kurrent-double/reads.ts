import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { shared, streams, timestamps } from './protocol.ts';
import { type DoubleStore, type Place, type StoredRecord, comparePlaces } from './store.ts';

type Req = InstanceType<typeof streams.ReadReq>;
type Resp = InstanceType<typeof streams.ReadResp>;
type Options = NonNullable<ReturnType<Req['getOptions']>>;
export type ReadCall = ServerWritableStream<Req, Resp>;

const TICKS_PER_MS = 10_000n;
const BACKWARDS = 1;
/** Records of one checkpoint interval; the request names how many of them. */
const CHECKPOINT_RECORDS = 32;

const nameOf = (identifier: { getStreamName_asU8(): Uint8Array } | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

const eventOf = (record: StoredRecord): Resp => {
  const id = new shared.UUID();
  id.setString(record.id);
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(record.stream));
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(identifier);
  recorded.setStreamRevision(String(record.revision));
  recorded.setCommitPosition(String(record.commit));
  recorded.setPreparePosition(String(record.prepare));
  recorded.setData(record.data);
  recorded.setCustomMetadata(record.metadata);
  const metadata = recorded.getMetadataMap();
  metadata.set('type', record.type);
  metadata.set('content-type', record.contentType);
  metadata.set('created', String(BigInt(record.created) * TICKS_PER_MS));
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(String(record.commit));
  const resp = new streams.ReadResp();
  resp.setEvent(event);
  return resp;
};

const placeOf = (position: { getCommitPosition(): string; getPreparePosition(): string }): Place => ({
  commit: BigInt(position.getCommitPosition()),
  prepare: BigInt(position.getPreparePosition()),
});

/** True when the request's filter keeps the record; without one all are kept. */
const filterOf = (options: Options): ((record: StoredRecord) => boolean) => {
  const filter = options.getFilter();
  if (filter === undefined) return () => true;
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  const pattern = new RegExp(expression?.getRegex() ?? '', 'u');
  const keeps = (text: string): boolean =>
    prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : pattern.test(text);
  return filter.hasStreamIdentifier() ? ({ stream }) => keeps(stream) : ({ type }) => keeps(type);
};

/** The records a finite read gives; undefined: there is no such stream. */
const selected = (store: DoubleStore, options: Options): readonly StoredRecord[] | undefined => {
  const backwards = options.getReadDirection() === BACKWARDS;
  const count = Number(options.getCount());
  const stream = options.getStream();
  if (stream !== undefined) {
    const records = store.stream(nameOf(stream.getStreamIdentifier()));
    if (records === undefined) return undefined;
    const from = stream.hasRevision() ? Number(stream.getRevision()) : stream.hasEnd() ? Infinity : 0;
    return backwards
      ? records
          .slice(0, Math.min(from, records.length - 1) + 1)
          .reverse()
          .slice(0, count)
      : records.slice(Math.min(from, records.length), Math.min(from, records.length) + count);
  }
  const all = store.all().filter(filterOf(options));
  const position = options.getAll()?.getPosition();
  const from = position && placeOf(position);
  if (backwards) {
    const before = from ? all.filter((record) => comparePlaces(record, from) < 0) : all;
    return [...before].reverse().slice(0, count);
  }
  // Forwards a position is inclusive; a subscription's is not.
  const begin = from ? all.findIndex((record) => comparePlaces(record, from) >= 0) : 0;
  if (options.getAll()?.hasEnd() === true || begin < 0) return [];
  return all.slice(begin, begin + count);
};

/** Answers a finite read; `cutAfter` records it breaks off, when given. */
export const answerRead = async (store: DoubleStore, call: ReadCall, cutAfter?: number): Promise<boolean> => {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  const records = selected(store, options);
  if (records === undefined) {
    const identifier = new shared.StreamIdentifier();
    identifier.setStreamName(Buffer.from(nameOf(options.getStream()?.getStreamIdentifier())));
    const missing = new streams.ReadResp.StreamNotFound();
    missing.setStreamIdentifier(identifier);
    const resp = new streams.ReadResp();
    resp.setStreamNotFound(missing);
    call.write(resp);
    return true;
  }
  for (const [at, record] of records.entries()) {
    if (at === cutAfter) return false;
    if (!call.write(eventOf(record))) await once(call, 'drain');
  }
  return cutAfter === undefined;
};

const caughtUp = (last: StoredRecord | undefined): Resp => {
  const notice = new streams.ReadResp.CaughtUp();
  const now = new timestamps.Timestamp();
  now.fromDate(new Date());
  notice.setTimestamp(now);
  if (last !== undefined) {
    const position = new streams.ReadResp.Position();
    position.setCommitPosition(String(last.commit));
    position.setPreparePosition(String(last.prepare));
    notice.setPosition(position);
  }
  const resp = new streams.ReadResp();
  resp.setCaughtUp(notice);
  return resp;
};

const checkpoint = (at: Place): Resp => {
  const notice = new streams.ReadResp.Checkpoint();
  notice.setCommitPosition(String(at.commit));
  notice.setPreparePosition(String(at.prepare));
  const resp = new streams.ReadResp();
  resp.setCheckpoint(notice);
  return resp;
};

/** Delivers every event and checkpoint as often as this says. */
export interface Delivery {
  readonly copies: () => number;
}

/** A subscription to `$all` or a stream: what lies after the position, caught-up, then what comes, until it ends. */
export const subscribe = async (
  store: DoubleStore,
  call: ReadCall,
  signal: AbortSignal,
  { copies }: Delivery,
): Promise<void> => {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  const keeps = filterOf(options);
  const interval = (options.getFilter()?.getCheckpointintervalmultiplier() ?? 0) * CHECKPOINT_RECORDS;
  const stream = options.getStream();
  const source = (): readonly StoredRecord[] =>
    stream ? (store.stream(nameOf(stream.getStreamIdentifier())) ?? []) : store.all();
  let next = firstAfter(options, source());

  const send = async (resp: Resp): Promise<void> => {
    for (let copy = 0; copy < copies() && !signal.aborted; copy += 1)
      if (!call.write(resp)) await Promise.race([once(call, 'drain'), store.grown(signal)]);
  };
  const confirmation = new streams.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(randomUUID());
  const confirmed = new streams.ReadResp();
  confirmed.setConfirmation(confirmation);
  call.write(confirmed);

  let live = false;
  for (let sinceCheckpoint = 0; !signal.aborted;) {
    const record = source()[next];
    if (record !== undefined) {
      next += 1;
      sinceCheckpoint += 1;
      if (keeps(record)) await send(eventOf(record));
      if (interval > 0 && sinceCheckpoint >= interval) {
        sinceCheckpoint = 0;
        await send(checkpoint(record));
      }
      continue;
    }
    if (!live) call.write(caughtUp(source()[next - 1]));
    live = true;
    await store.grown(signal);
  }
};

const firstAfter = (options: Options, records: readonly StoredRecord[]): number => {
  const all = options.getAll();
  const stream = options.getStream();
  if (all?.hasEnd() === true || stream?.hasEnd() === true) return records.length;
  if (stream?.hasRevision() === true) return Number(stream.getRevision()) + 1;
  const position = all?.getPosition();
  if (position === undefined) return 0;
  const from = placeOf(position);
  const at = records.findIndex((record) => comparePlaces(record, from) > 0);
  return at < 0 ? records.length : at;
};
