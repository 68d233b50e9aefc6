import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { rpcStatus, serverErrors, streamErrors, wellKnown } from './protocol.ts';
import type { VersionFailure, WriteRequest } from './store.ts';

export type Refusal = Pick<ServiceError, 'code' | 'details' | 'metadata'> & Error;

const refusal = (code: status, details: string, metadata = new Metadata()): Refusal =>
  Object.assign(new Error(details), { code, details, metadata });

interface Details {
  serializeBinary(): Uint8Array;
}

/** A status of the second protocol: its details travel as a packed `google.rpc.Status`. */
const detailed = (code: status, text: string, type: string, message: Details): Refusal => {
  const any = new wellKnown.Any();
  any.setTypeUrl(`type.googleapis.com/${type}`);
  any.setValue(message.serializeBinary());
  const packed = new rpcStatus.Status();
  packed.setCode(code as number);
  packed.setMessage(text);
  packed.setDetails(any);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(packed.serializeBinary()));
  return refusal(code, text, metadata);
};

const STREAM_ERRORS = 'kurrentdb.protocol.v2.streams.errors';

export interface Leader {
  readonly host: string;
  readonly port: number;
}

/** As the first protocol says it. */
export const notLeader = ({ host, port }: Leader): Refusal => {
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', host);
  metadata.set('leader-endpoint-port', String(port));
  return refusal(status.NOT_FOUND, 'Leader info available', metadata);
};

/** As the second protocol says it; the client 1.3.1 does not know it. */
export const notLeaderNode = ({ host, port }: Leader): Refusal => {
  const node = new serverErrors.NotLeaderNodeErrorDetails.NodeInfo();
  node.setHost(host);
  node.setPort(port);
  const details = new serverErrors.NotLeaderNodeErrorDetails();
  details.setCurrentLeader(node);
  const text = 'The server is not the leader node and cannot handle the request.';
  return detailed(
    status.FAILED_PRECONDITION,
    text,
    'kurrentdb.protocol.v2.NotLeaderNodeErrorDetails',
    details,
  );
};

export const overloaded = (): Refusal => refusal(status.RESOURCE_EXHAUSTED, 'Server is too busy');
export const unavailable = (): Refusal => refusal(status.UNAVAILABLE, 'Server is not ready');
export const connectionLost = (): Refusal => refusal(status.UNAVAILABLE, 'Connection dropped');
export const accessDenied = (): Refusal => {
  const metadata = new Metadata();
  metadata.set('exception', 'access-denied');
  return refusal(status.PERMISSION_DENIED, 'Access Denied', metadata);
};
export const badRequest = (text: string): Refusal => refusal(status.INVALID_ARGUMENT, text);

export const tooLarge = (size: number, max: number): Refusal => {
  const details = new streamErrors.AppendTransactionSizeExceededErrorDetails();
  details.setSize(size);
  details.setMaxSize(max);
  const text = `The total size of the append transaction (${size}) exceeds the maximum of ${max}`;
  return detailed(
    status.ABORTED,
    text,
    `${STREAM_ERRORS}.AppendTransactionSizeExceededErrorDetails`,
    details,
  );
};

export const twiceInSession = (stream: string): Refusal => {
  const details = new streamErrors.StreamAlreadyInAppendSessionErrorDetails();
  details.setStream(stream);
  const text = `Stream '${stream}' is already part of this append session.`;
  return detailed(status.ABORTED, text, `${STREAM_ERRORS}.StreamAlreadyInAppendSessionErrorDetails`, details);
};

/** What `AppendSession` says to a wrong version: the first only, and where none can be named it breaks. */
export const revisionConflict = ({ parts }: WriteRequest, [first]: readonly VersionFailure[]): Refusal => {
  const part = first && parts[first.part];
  if (first === undefined || part === undefined)
    return refusal(status.UNKNOWN, 'Exception was thrown by handler.');
  const details = new streamErrors.StreamRevisionConflictErrorDetails();
  details.setStream(part.stream);
  details.setExpectedRevision(String(part.expected));
  details.setActualRevision(String(first.actual));
  const text = `Append failed due to a revision conflict on stream '${part.stream}'.`;
  const type = `${STREAM_ERRORS}.StreamRevisionConflictErrorDetails`;
  return detailed(status.FAILED_PRECONDITION, text, type, details);
};

/** What `AppendRecords` says to wrong versions: those of the checks that failed, perhaps none. */
export const consistencyViolation = (
  { parts }: WriteRequest,
  failures: readonly VersionFailure[],
): Refusal => {
  const details = new streamErrors.AppendConsistencyViolationErrorDetails();
  for (const { part, actual } of failures) {
    const state = new streamErrors.ConsistencyViolation.StreamStateViolation();
    state.setStream(parts[part]?.stream ?? '');
    state.setExpectedState(String(parts[part]?.expected));
    state.setActualState(String(actual));
    const violation = new streamErrors.ConsistencyViolation();
    violation.setCheckIndex(part);
    violation.setStreamState(state);
    details.addViolations(violation);
  }
  const type = `${STREAM_ERRORS}.AppendConsistencyViolationErrorDetails`;
  return detailed(status.FAILED_PRECONDITION, 'Consistency checks failed.', type, details);
};
