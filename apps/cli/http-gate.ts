import type { ImportAnswer, ImportCommand } from '#batches';
import type { Fact, Refusal } from '#kernel';
import { CliFailure } from './failure.ts';
import type { OpenGate } from './gate.ts';

/** How long one batch may take over HTTP before the import gives up; the keys make asking again safe. */
const TIMEOUT_MS = 120_000;

/** A line of the answer to a bulk request. */
interface Line {
  readonly line: number;
  readonly answer?: {
    readonly duplicate: boolean;
    readonly events: readonly { readonly hash?: string; readonly at: string }[];
    readonly wouldAppend?: readonly Fact[];
  };
  /** A problem detail (RFC 9457) of the ledger. */
  readonly problem?: { readonly code?: string; readonly details?: Readonly<Record<string, string>> };
}

/** Sends commands to a running server, which decides them in this order, and files to its vault. */
export function httpGate(address: string): Omit<OpenGate, 'through'> {
  return {
    send: async (commands) => {
      const lines = await bulk(address, commands);
      const byLine = new Map(lines.map((line) => [line.line, line]));
      return commands.map((_, i) => answerOf(byLine.get(i + 1)));
    },
    preview: async (command) => {
      const [line] = await bulk(address, [command], '?dryRun=true');
      const answer = answerOf(line);
      return answer.ok ? { ok: true, wouldAppend: line?.answer?.wouldAppend ?? [] } : answer;
    },
    keep: (bytes) => keep(address, bytes),
    close: async () => undefined,
  };
}

async function bulk(
  address: string,
  commands: readonly ImportCommand[],
  query = '',
): Promise<readonly Line[]> {
  const body = commands.map((command) => JSON.stringify(command)).join('\n');
  const text = await ask(
    address,
    `/v1/commands/bulk${query}`,
    { 'content-type': 'application/x-ndjson' },
    body,
  );
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** Who keeps the evidence of an import; the vault asks for a name and writes none down. */
const KEEPER = 'nguoi-nhap';

async function keep(address: string, bytes: Uint8Array): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream', 'lalanh-actor': KEEPER };
  return (JSON.parse(await ask(address, '/v1/files', headers, bytes)) as { readonly file: string }).file;
}

async function ask(
  address: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): Promise<string> {
  try {
    const response = await fetch(`${address}${path}`, {
      method: 'POST',
      headers,
      body: typeof body === 'string' ? body : new Uint8Array(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 300)}`);
    return text;
  } catch (cause) {
    throw new CliFailure(
      `Máy chủ ${address} không trả lời được. Nhập lại sau; dòng đã ghi không bị ghi hai lần.`,
      `The server ${address} could not answer. Import again later; nothing is recorded twice.`,
      undefined,
      { cause },
    );
  }
}

const NO_ANSWER: Refusal = { code: 'LEDGER_UNREACHABLE', details: { cause: 'no answer to this line' } };

function answerOf(line: Line | undefined): ImportAnswer {
  if (line?.answer) {
    const { duplicate, events } = line.answer;
    const hashes = events.flatMap(({ hash }) => (hash === undefined ? [] : [hash]));
    return { ok: true, duplicate, hashes, at: events.map(({ at }) => at) };
  }
  const { code = NO_ANSWER.code, details = NO_ANSWER.details } = line?.problem ?? {};
  return { ok: false, refusal: { code, details } };
}
