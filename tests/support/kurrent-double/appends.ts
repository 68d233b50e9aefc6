import type { ServerDuplexStream } from '@grpc/grpc-js';
import { features, rpcStatus, shared, streams, streams2, wellKnown } from './protocol.ts';
import { type Refusal, tooLarge, twiceInSession } from './refusals.ts';
import {
  EXPECTED,
  type ProposedRecord,
  type StreamPart,
  type WriteRequest,
  type WriteVerdict,
} from './store.ts';

type AppendReq = InstanceType<typeof streams.AppendReq>;
type AppendResp = InstanceType<typeof streams.AppendResp>;
type BatchReq = InstanceType<typeof streams.BatchAppendReq>;
type BatchResp = InstanceType<typeof streams.BatchAppendResp>;
type Session = InstanceType<typeof streams2.AppendRequest>;
type SessionResp = InstanceType<typeof streams2.AppendSessionResponse>;
type RecordsReq = InstanceType<typeof streams2.AppendRecordsRequest>;
type RecordsResp = InstanceType<typeof streams2.AppendRecordsResponse>;
type Record2 = InstanceType<typeof streams2.AppendRecord>;

const JSON_FORMAT = 1;
/** What a property of the format costs beside the data. */
const FORMAT_BYTES = 28;

const nameOf = (identifier: { getStreamName_asU8(): Uint8Array } | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

const uuidOf = (id: InstanceType<typeof shared.UUID> | undefined): string => {
  const structured = id?.getStructured();
  if (structured === undefined) return id?.getString() ?? '';
  const half = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0');
  const hex = `${half(structured.getMostSignificantBits())}${half(structured.getLeastSignificantBits())}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
};

interface Proposed {
  getId(): InstanceType<typeof shared.UUID> | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getCustomMetadata_asU8(): Uint8Array;
  getData_asU8(): Uint8Array;
}

const proposed = (message: Proposed): ProposedRecord => ({
  id: uuidOf(message.getId()),
  type: message.getMetadataMap().get('type') ?? '',
  contentType:
    message.getMetadataMap().get('content-type') === 'application/json'
      ? 'application/json'
      : 'application/octet-stream',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

/** A record of the second protocol as the server keeps it: its format and properties become metadata. */
const proposed2 = (record: Record2): ProposedRecord => {
  const json = record.getSchema()?.getFormat() === JSON_FORMAT;
  const properties = Object.fromEntries(
    record
      .getPropertiesMap()
      .getEntryList()
      .map(([key, value]) => [key, value.toJavaScript()]),
  );
  const kept = json ? properties : { ...properties, '$schema.format': 'Bytes' };
  return {
    id: record.getRecordId() ?? '',
    type: record.getSchema()?.getName() ?? '',
    contentType: json ? 'application/json' : 'application/octet-stream',
    data: record.getData_asU8(),
    metadata: Buffer.from(Object.keys(kept).length === 0 ? '' : JSON.stringify(kept)),
  };
};

const sizeOf = (records: readonly ProposedRecord[]): number =>
  records.reduce((sum, { data, type }) => sum + data.length + Buffer.byteLength(type) + FORMAT_BYTES, 0);

/** The request of one `Append` call: its options first, then its messages. */
export const requestOfAppend = (messages: readonly AppendReq[]): WriteRequest => {
  const options = messages[0]?.getOptions();
  const expected =
    options?.hasRevision() === true
      ? Number(options.getRevision())
      : options?.hasNoStream() === true
        ? EXPECTED.noStream
        : options?.hasStreamExists() === true
          ? EXPECTED.exists
          : EXPECTED.any;
  return {
    parts: [{ stream: nameOf(options?.getStreamIdentifier()), expected }],
    records: messages.flatMap((message) => {
      const given = message.getProposedMessage();
      return given ? [{ ...proposed(given), part: 0 }] : [];
    }),
  };
};

export const answerAppend = ({ parts }: WriteRequest, verdict: WriteVerdict): AppendResp => {
  const resp = new streams.AppendResp();
  const [part] = parts;
  if (verdict.kind !== 'wrong-version') {
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(String(verdict.commit));
    position.setPreparePosition(String(verdict.commit));
    const success = new streams.AppendResp.Success();
    success.setCurrentRevision(String(verdict.last[0]));
    success.setPosition(position);
    resp.setSuccess(success);
    return resp;
  }
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  const actual = verdict.failures[0]?.actual ?? -1;
  if (actual < 0) wrong.setCurrentNoStream(new shared.Empty());
  else wrong.setCurrentRevision(String(actual));
  if (part?.expected === EXPECTED.noStream) wrong.setExpectedNoStream(new shared.Empty());
  else if (part?.expected === EXPECTED.exists) wrong.setExpectedStreamExists(new shared.Empty());
  else wrong.setExpectedRevision(String(part?.expected));
  resp.setWrongExpectedVersion(wrong);
  return resp;
};

/** Puts the pieces of a batch together; gives it when its last piece has come. */
export const createBatches = () => {
  const open = new Map<string, { part: StreamPart; records: WriteRequest['records'][number][] }>();
  return (piece: BatchReq): { readonly id: string; readonly request: WriteRequest } | undefined => {
    const id = uuidOf(piece.getCorrelationId());
    const options = piece.getOptions();
    if (options !== undefined) {
      const expected = options.hasStreamPosition()
        ? Number(options.getStreamPosition())
        : options.hasNoStream()
          ? EXPECTED.noStream
          : options.hasStreamExists()
            ? EXPECTED.exists
            : EXPECTED.any;
      open.set(id, { part: { stream: nameOf(options.getStreamIdentifier()), expected }, records: [] });
    }
    const batch = open.get(id);
    for (const message of piece.getProposedMessagesList())
      batch?.records.push({ ...proposed(message), part: 0 });
    if (!piece.getIsFinal() || batch === undefined) return undefined;
    open.delete(id);
    return { id, request: { parts: [batch.part], records: batch.records } };
  };
};

export const answerBatch = (id: string, { parts }: WriteRequest, verdict: WriteVerdict): BatchResp => {
  const resp = new streams.BatchAppendResp();
  const correlation = new shared.UUID();
  correlation.setString(id);
  resp.setCorrelationId(correlation);
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(parts[0]?.stream ?? ''));
  resp.setStreamIdentifier(identifier);
  if (verdict.kind !== 'wrong-version') {
    const position = new shared.AllStreamPosition();
    position.setCommitPosition(String(verdict.commit));
    position.setPreparePosition(String(verdict.commit));
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(verdict.last[0]));
    success.setPosition(position);
    resp.setSuccess(success);
    return resp;
  }
  const wrong = new shared.WrongExpectedVersion();
  const actual = verdict.failures[0]?.actual ?? -1;
  if (actual >= 0) wrong.setCurrentStreamRevision(String(actual));
  const expected = parts[0]?.expected ?? EXPECTED.any;
  if (expected >= 0) wrong.setExpectedStreamPosition(String(expected));
  const any = new wellKnown.Any();
  any.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  const error = new rpcStatus.Status();
  error.setDetails(any);
  resp.setError(error);
  return resp;
};

export type BatchCall = ServerDuplexStream<BatchReq, BatchResp>;

/** A session names every stream once. */
export const requestOfSession = (messages: readonly Session[], maxBytes: number): WriteRequest | Refusal => {
  const parts: StreamPart[] = [];
  const records: WriteRequest['records'][number][] = [];
  for (const message of messages) {
    const stream = message.getStream();
    if (parts.some((part) => part.stream.toLowerCase() === stream.toLowerCase()))
      return twiceInSession(stream);
    parts.push({ stream, expected: Number(message.getExpectedRevision() ?? EXPECTED.any) });
    for (const record of message.getRecordsList())
      records.push({ ...proposed2(record), part: parts.length - 1 });
  }
  return sizeOf(records) > maxBytes ? tooLarge(sizeOf(records), maxBytes) : { parts, records };
};

export const answerSession = (
  { parts }: WriteRequest,
  verdict: Exclude<WriteVerdict, { kind: 'wrong-version' }>,
): SessionResp => {
  const resp = new streams2.AppendSessionResponse();
  resp.setPosition(String(verdict.commit));
  for (const [at, { stream }] of parts.entries()) {
    const output = new streams2.AppendResponse();
    output.setStream(stream);
    output.setStreamRevision(String(verdict.last[at]));
    resp.addOutput(output);
  }
  return resp;
};

/** Records in any order, and checks, also of streams that get none. */
export const requestOfRecords = (request: RecordsReq, maxBytes: number): WriteRequest | Refusal => {
  const parts: StreamPart[] = [];
  const indexOf = (stream: string): number => {
    const known = parts.findIndex((part) => part.stream.toLowerCase() === stream.toLowerCase());
    return known >= 0 ? known : parts.push({ stream, expected: EXPECTED.any }) - 1;
  };
  const records = request
    .getRecordsList()
    .map((record) => ({ ...proposed2(record), part: indexOf(record.getStream()) }));
  for (const check of request.getChecksList()) {
    const state = check.getStreamState();
    if (state === undefined) continue;
    const part = indexOf(state.getStream());
    parts[part] = { stream: parts[part]?.stream ?? '', expected: Number(state.getExpectedState()) };
  }
  return sizeOf(records) > maxBytes ? tooLarge(sizeOf(records), maxBytes) : { parts, records };
};

export const answerRecords = (
  { parts }: WriteRequest,
  verdict: Exclude<WriteVerdict, { kind: 'wrong-version' }>,
): RecordsResp => {
  const resp = new streams2.AppendRecordsResponse();
  resp.setPosition(String(verdict.commit));
  for (const [at, { stream }] of parts.entries()) {
    const last = verdict.last[at] ?? -1;
    if (last < 0) continue;
    const revision = new streams2.StreamRevision();
    revision.setStream(stream);
    revision.setRevision(String(last));
    resp.addRevisions(revision);
  }
  return resp;
};

/** The methods a server of this version says it has. */
export const supportedMethods = (version: string): InstanceType<typeof features.SupportedMethods> => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const since = (y: number, x: number): boolean => major > y || (major === y && minor >= x);
  const V1 = 'event_store.client.streams.streams';
  const V2 = 'kurrentdb.protocol.v2.streams.streamsservice';
  const methods = [
    [V1, 'read', ['position', 'events']],
    [V1, 'append', []],
    [V1, 'batchappend', ['deadline_duration']],
    ...(since(25, 1) ? [[V2, 'appendsession', []]] : []),
    ...(since(26, 1) ? [[V2, 'appendrecords', []]] : []),
  ] as [string, string, string[]][];
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion(version);
  for (const [service, name, list] of methods) {
    const method = new features.SupportedMethod();
    method.setServiceName(service);
    method.setMethodName(name);
    method.setFeaturesList(list);
    supported.addMethods(method);
  }
  return supported;
};
