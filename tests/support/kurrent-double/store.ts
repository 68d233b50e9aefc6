/** A record of the double as the wire shows it. */
export interface StoredRecord {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  readonly contentType: 'application/json' | 'application/octet-stream';
  /** Unix milliseconds. */
  readonly created: number;
  /** All records of one append share it, as in a transaction. */
  readonly commit: bigint;
  readonly prepare: bigint;
}

export type ProposedRecord = Pick<StoredRecord, 'id' | 'type' | 'data' | 'metadata' | 'contentType'>;

/** Expected versions as the server numbers them; any number from 0 on is a revision. */
export const EXPECTED = { noStream: -1, any: -2, exists: -4 } as const;

/** One stream of an append: its expected version, and the indexes of its records in the request. */
export interface StreamPart {
  readonly stream: string;
  readonly expected: number;
}

/** Records in the order of the request, each with the index of its stream in `parts`. */
export interface WriteRequest {
  readonly parts: readonly StreamPart[];
  readonly records: readonly (ProposedRecord & { readonly part: number })[];
}

export interface VersionFailure {
  readonly part: number;
  /** −1: there is no such stream. */
  readonly actual: number;
}

export type WriteVerdict =
  | {
      readonly kind: 'written' | 'idempotent';
      /** Per part; −1 for a part that was only checked and does not exist. */
      readonly last: readonly number[];
      readonly commit: bigint;
    }
  /** Without failures where some parts were known already and others were not: the server then names none. */
  | { readonly kind: 'wrong-version'; readonly failures: readonly VersionFailure[] };

export interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

export const comparePlaces = (a: Place, b: Place): number =>
  a.commit === b.commit ? Number(a.prepare - b.prepare) : a.commit < b.commit ? -1 : 1;

type Decision = 'ok' | 'idempotent' | 'wrong-version' | 'corrupt';

/** A system event goes before every so many appends. */
const SYSTEM_EVERY = 3;
/** The first record does not lie at 0, and between two appends lies something that is not read. */
const GAP = 41n;

/**
 * The state behind the double: one log in memory. An append is checked as the server's index writer does it:
 * a known id counts at exactly its revision, only in a memory of ids where any revision is expected; all parts
 * ok: written; all known: success without writing; anything mixed is a wrong version.
 */
export const createStore = () => {
  const log: StoredRecord[] = [];
  const streams = new Map<string, StoredRecord[]>();
  const recent = new Map<string, StoredRecord>();
  const waiting = new Set<() => void>();
  let end = GAP;
  let appends = 0;

  const lastOf = (stream: string): number => (streams.get(stream)?.length ?? 0) - 1;

  const store = (stream: string, record: ProposedRecord, place: Place): StoredRecord => {
    const { id, type, data, metadata, contentType } = record;
    const revision = lastOf(stream) + 1;
    const stored = { id, type, data, metadata, contentType, stream, revision, created: Date.now(), ...place };
    log.push(stored);
    recent.set(id, stored);
    const known = streams.get(stream);
    if (known === undefined) streams.set(stream, [stored]);
    else known.push(stored);
    return stored;
  };

  const write = (records: WriteRequest['records'], parts: readonly StreamPart[]): bigint => {
    const prepares = records.map(({ data, type }) => {
      const at = end;
      end += BigInt(data.length + type.length + 64);
      return at;
    });
    const commit = end;
    for (const [at, record] of records.entries())
      store(parts[record.part]?.stream ?? '', record, { commit, prepare: prepares[at] ?? commit });
    end += GAP;
    return commit;
  };

  const systemEvent = (): void => {
    const data = Buffer.from('{"double":true}');
    const id = `00000000-0000-4000-8000-${appends.toString(16).padStart(12, '0')}`;
    const record = { id, type: '$double-statistics', data, metadata: Buffer.alloc(0) };
    write([{ ...record, contentType: 'application/json', part: 0 }], [{ stream: '$double', expected: -2 }]);
  };

  const decide = ({ stream, expected }: StreamPart, ids: readonly string[]): Decision => {
    const last = lastOf(stream);
    if (expected === EXPECTED.exists && last < 0) return 'wrong-version';
    if (expected === EXPECTED.any || expected === EXPECTED.exists) {
      const known = ids.filter((id) => recent.get(id)?.stream === stream);
      if (known.length === 0) return 'ok';
      return known.length === ids.length ? 'idempotent' : 'corrupt';
    }
    if (expected === last) return 'ok';
    if (expected > last || ids.length === 0) return 'wrong-version';
    const at = ids.findIndex((id, index) => streams.get(stream)?.[expected + 1 + index]?.id !== id);
    return at < 0 ? 'idempotent' : at === 0 ? 'wrong-version' : 'corrupt';
  };

  const append = ({ parts, records }: WriteRequest): WriteVerdict => {
    const idsOf = (part: number): string[] =>
      records.filter((record) => record.part === part).map(({ id }) => id);
    const decisions = parts.map((part, at) => decide(part, idsOf(at)));
    const count = (decision: Decision): number => decisions.filter((one) => one === decision).length;
    if (count('idempotent') === parts.length)
      return {
        kind: 'idempotent',
        last: parts.map(({ stream }) => lastOf(stream)),
        commit: records.map(({ id }) => recent.get(id)?.commit ?? 0n).reduce((a, b) => (a > b ? a : b), 0n),
      };
    if (count('ok') + count('wrong-version') < parts.length) return { kind: 'wrong-version', failures: [] };
    if (count('ok') < parts.length)
      return {
        kind: 'wrong-version',
        failures: parts.flatMap(({ stream }, part) =>
          decisions[part] === 'ok' ? [] : [{ part, actual: lastOf(stream) }],
        ),
      };
    if (appends % SYSTEM_EVERY === 0) systemEvent();
    appends += 1;
    const commit = write(records, parts);
    for (const wake of [...waiting]) wake();
    return { kind: 'written', last: parts.map(({ stream }) => lastOf(stream)), commit };
  };

  return {
    append,
    all: (): readonly StoredRecord[] => log,
    stream: (name: string): readonly StoredRecord[] | undefined => streams.get(name),
    /** Resolves when something is appended, or the signal aborts. */
    grown: (signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener('abort', wake);
        if (signal.aborted) wake();
      }),
  };
};

export type DoubleStore = ReturnType<typeof createStore>;
