import { type AllStreamRecordedEvent, KurrentDBClient } from '@kurrent/kurrentdb-client';
import { EventLogError } from '../event-log.ts';
import { pause, pauseBefore, within } from './deadline.ts';
import { failureOf, isUnavailable, textOf } from './failure.ts';
import { CALL_MS, OPEN_MS, RENEWALS_MAX } from './limits.ts';

export interface ConnectionOptions {
  /** `kurrentdb://…` for one node, `kurrentdb+discover://…` for a cluster. */
  readonly connectionString: string;
  /** Milliseconds one call may take; `CALL_MS` when absent. */
  readonly callMs?: number;
  /** Milliseconds the server may take to answer for the first time; `OPEN_MS` when absent. */
  readonly openMs?: number;
  /** Only for tests: takes a certificate that nobody vouches for. */
  readonly trustAnyCertificate?: boolean;
}

/** A record of KurrentDB with the bytes as they were stored. */
export interface RawRecord {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  /** Undefined where the store's reader has parsed them, so that they are lost. */
  readonly bytes: Uint8Array | undefined;
  /** What the client made of a JSON record. */
  readonly json: unknown;
  readonly commit: bigint;
  readonly prepare: bigint;
}

export interface StreamRange {
  readonly from: bigint | 'start' | 'end';
  readonly limit: number;
  readonly backwards?: boolean;
}

export interface AllRange {
  readonly from: { readonly commit: bigint; readonly prepare: bigint } | 'start' | 'end';
  readonly limit: number;
  readonly backwards?: boolean;
}

/** A client that is replaced when it can not recover by itself, and every call under a deadline of its own. */
export interface Connection {
  /** As the server says it: `26.1.0`. */
  readonly version: string;
  /** True when the server takes records with checks of streams it does not write. */
  readonly takesRecords: boolean;
  /** The client that writes and subscribes. Another one reads, so that neither has to begin anew for the other. */
  client(): KurrentDBClient;
  /** Leaves a client that would go on failing; of two who ask about the same one, the second changes nothing. */
  renew(failed: KurrentDBClient): void;
  /** Resolves when the server answers; nothing was sent before. Rejects like any call. */
  reach(ms: number): Promise<KurrentDBClient>;
  /** Reads; tried again until `deadline` (as `performance.now()`). Undefined: there is no such stream. */
  readStream(
    stream: string,
    range: StreamRange,
    deadline?: number,
  ): Promise<readonly RawRecord[] | undefined>;
  readAll(range: AllRange, deadline?: number): Promise<readonly RawRecord[]>;
  /** Milliseconds since the server was last heard of. */
  silentMs(): number;
  heard(): void;
  close(): Promise<void>;
}

const SCHEME = /^(?:kurrentdb|kurrentdb\+discover):\/\//u;
const OLDEST = { major: 25, minor: 1 } as const;
const RECORDS = { major: 26, minor: 1 } as const;

const unsupported = (message: string): EventLogError => new EventLogError('ES_UNSUPPORTED', message);

/** Refuses settings under which the promises of the port do not hold. */
const checkSettings = ({ connectionString, trustAnyCertificate = false }: ConnectionOptions): void => {
  if (!SCHEME.test(connectionString))
    throw unsupported(
      'Địa chỉ nhật ký phải bắt đầu bằng kurrentdb:// hoặc kurrentdb+discover:// · ' +
        'The log address must begin with kurrentdb:// or kurrentdb+discover://',
    );
  const query = new URLSearchParams(connectionString.split('?')[1]?.toLowerCase() ?? '');
  if (query.get('tlsverifycert') === 'false' && query.get('tls') !== 'false' && !trustAnyCertificate)
    throw unsupported(
      'Không dùng tlsVerifyCert=false: ai cũng có thể giả máy chủ. Đặt tlsCAFile là chứng chỉ gốc của cụm. · ' +
        'tlsVerifyCert=false is refused: anybody could pose as the server. Set tlsCAFile to the root certificate.',
    );
  if (query.get('throwonappendfailure') === 'false')
    throw unsupported(
      'Không dùng throwOnAppendFailure=false: ghi hỏng sẽ bị coi là đã ghi. · ' +
        'throwOnAppendFailure=false is refused: a failed append would look like a success.',
    );
};

/** As the client has it when its settings say nothing. */
const KEEP_ALIVE_MS = 10_000;
const KEEP_ALIVE = /([?&]keepalivetimeout=)(-?\d+)/iu;

/**
 * The settings of client number `made`, which differ from those of the one before by a millisecond. Clients whose
 * settings are the same share their connections in one process, also one that hangs while it is made: that has no
 * limit in the client, and a new client would wait for it as well.
 */
export const apart = (connectionString: string, made: number): string => {
  const extra = made % RENEWALS_MAX;
  const given = KEEP_ALIVE.exec(connectionString)?.[2];
  if (given === undefined)
    return `${connectionString}${connectionString.includes('?') ? '&' : '?'}keepAliveTimeout=${KEEP_ALIVE_MS + extra}`;
  if (given.startsWith('-')) return connectionString;
  return connectionString.replace(KEEP_ALIVE, (_, name: string) => `${name}${Number(given) + extra}`);
};

const atLeast = (
  version: string,
  { major, minor }: { readonly major: number; readonly minor: number },
): boolean => {
  const [given = 0, second = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  return given > major || (given === major && second >= minor);
};

const collect = async (events: AsyncIterable<{ readonly event?: unknown }>): Promise<RawRecord[]> => {
  const records: RawRecord[] = [];
  // Always drained: the bridge's iterators can not be left early without a leak, so the limit is in the request.
  for await (const { event } of events) if (event !== undefined) records.push(rawOf(event));
  return records;
};

const rawOf = (given: unknown): RawRecord => {
  const event = given as AllStreamRecordedEvent;
  return {
    id: event.id,
    type: event.type,
    stream: event.streamId,
    revision: Number(event.revision),
    bytes: event.data instanceof Uint8Array ? event.data : undefined,
    json: event.isJson ? event.data : undefined,
    commit: event.position?.commit ?? 0n,
    prepare: event.position?.prepare ?? 0n,
  };
};

/**
 * Connects. Rejects with `ES_UNSUPPORTED` (server older than 25.1, a setting that breaks promises) at once, with
 * `ES_UNAVAILABLE` when no server answers in `openMs`.
 */
export const connect = async (options: ConnectionOptions): Promise<Connection> => {
  checkSettings(options);
  const { connectionString, callMs = CALL_MS, openMs = OPEN_MS } = options;
  let made = 0;
  const fresh = (): KurrentDBClient => {
    made += 1;
    return KurrentDBClient.connectionString(apart(connectionString, made));
  };
  const clients = { writer: fresh(), reader: fresh() };
  let renewals = 0;
  let heardAt = performance.now();
  let closed = false;

  const heard = (): void => {
    heardAt = performance.now();
    renewals = 0;
  };
  const renew = (failed: KurrentDBClient): void => {
    const role = failed === clients.writer ? 'writer' : failed === clients.reader ? 'reader' : undefined;
    if (role === undefined || closed || renewals >= RENEWALS_MAX) return;
    renewals += 1;
    clients[role] = fresh();
    failed.dispose().catch(() => undefined);
  };

  const reach = async (ms: number): Promise<KurrentDBClient> => {
    const asked = clients.writer;
    try {
      // Protected in the client's types, yet the only way to ask whether the server answers, and which one it is,
      // before anything is sent that may be carried out.
      await within(Math.min(ms, callMs), 'the server', asked['capabilities']);
      return asked;
    } catch (error) {
      // The client keeps any refusal but “unavailable” for ever, and waits for ever for an answer that was lost.
      if (!isUnavailable(error)) renew(asked);
      throw error;
    }
  };

  const reading = async <T>(
    what: string,
    read: (from: KurrentDBClient) => Promise<T>,
    deadline = performance.now() + callMs,
  ): Promise<T | undefined> => {
    let cause: unknown;
    for (let attempt = 1; performance.now() < deadline && !closed; attempt += 1) {
      const asked = clients.reader;
      try {
        const answer = await within(Math.min(callMs, deadline - performance.now()), what, read(asked));
        heard();
        return answer;
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'no-stream') {
          heard();
          return undefined;
        }
        if (failure.kind === 'refused') throw failure.error;
        if (failure.kind === 'unknown' && failure.renew) renew(asked);
        cause = error;
      }
      await pause(Math.min(pauseBefore(attempt), deadline - performance.now()));
    }
    throw new EventLogError('ES_UNAVAILABLE', `KurrentDB, ${what}: ${textOf(cause)}`, 'no', { cause });
  };

  const first = async (): Promise<{ readonly version: string; readonly takesRecords: boolean }> => {
    const deadline = performance.now() + openMs;
    let cause: unknown;
    for (let attempt = 1; performance.now() < deadline; attempt += 1) {
      try {
        const reached = await reach(deadline - performance.now());
        const version = (await reached['capabilities']).serverVersion;
        return { version, takesRecords: atLeast(version, RECORDS) };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'refused' && failure.error.code !== 'ES_UNAVAILABLE') throw failure.error;
        cause = error;
      }
      await pause(Math.min(pauseBefore(attempt), deadline - performance.now()));
    }
    throw new EventLogError(
      'ES_UNAVAILABLE',
      `no KurrentDB answers at the address of the log: ${textOf(cause)}`,
      'no',
      { cause },
    );
  };

  const close = async (): Promise<void> => {
    closed = true;
    await Promise.all(
      Object.values(clients).map((one) => within(callMs, 'closing', one.dispose()).catch(() => undefined)),
    );
  };
  const server = await first().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  heard();
  if (!atLeast(server.version, OLDEST)) {
    await close();
    throw unsupported(
      `KurrentDB ${server.version} quá cũ: cần bản 25.1 trở lên để ghi nhiều luồng cùng lúc. Nâng cấp máy chủ rồi mở lại. · ` +
        `KurrentDB ${server.version} is too old: 25.1 or newer is needed to write several streams at once. ` +
        'Upgrade the server and start again.',
    );
  }

  return {
    ...server,
    client: () => clients.writer,
    renew,
    reach,
    readStream: (stream, { from, limit, backwards = false }, deadline) =>
      reading(
        `reading ${stream}`,
        (asked) =>
          collect(
            asked.readStream(stream, {
              direction: backwards ? 'backwards' : 'forwards',
              fromRevision: from,
              maxCount: limit,
              requiresLeader: true,
            }),
          ),
        deadline,
      ),
    readAll: async ({ from, limit, backwards = false }, deadline) =>
      (await reading(
        'reading $all',
        (asked) =>
          collect(
            asked.readAll({
              direction: backwards ? 'backwards' : 'forwards',
              fromPosition: from,
              maxCount: limit,
              requiresLeader: true,
            }),
          ),
        deadline,
      )) ?? [],
    silentMs: () => performance.now() - heardAt,
    heard,
    close,
  };
};
