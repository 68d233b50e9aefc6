import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { refuse } from '#kernel';
import type { AnyHandler, Command, Outcome } from '#platform';
import { commandOf } from './command-endpoint.ts';
import type { Problems, Route, Writing } from './endpoint.ts';
import { BODY_BYTES_MAX, SECURITY_HEADERS } from './limits.ts';

/** Lines that are decided as one batch. */
const BATCH_LINES = 1_000;
/** Batches under way at once: one is made durable while the next is read and decided. */
const BATCHES_MAX = 3;

interface Line {
  readonly key?: unknown;
  readonly name?: unknown;
  readonly actor?: unknown;
  readonly body?: unknown;
}

/**
 * Many commands in one request: NDJSON in (`{key, body}` a line; `{key, name, body}` when no handler is
 * given), NDJSON out in the same order (`{line, status, answer | problem}`), streamed, in bounded memory.
 * Each line stands alone: a bad one never hinders another. Sending everything again changes nothing.
 */
export function bulkEndpoint(
  handler: AnyHandler | undefined,
  path: string,
  tag: string,
  summary: string,
): Route {
  return {
    spec: { method: 'POST', path, tag, summary, bulk: true },
    route: (writing) => (request, reply) => {
      if (!isStream(request.body))
        return writing.problems.send(reply, { code: 'CONTENT_TYPE_UNSUPPORTED', details: {} });
      const common = commandOf(handler?.name ?? '', undefined, request);
      reply.hijack();
      void answerAll(request.body, reply.raw, common, handler === undefined, writing);
    },
  };
}

async function answerAll(
  body: Readable,
  out: ServerResponse,
  common: Command,
  named: boolean,
  { ledger, problems }: Writing,
): Promise<void> {
  out.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', ...SECURITY_HEADERS });
  const batches: Promise<string>[] = [];
  const flush = async (): Promise<void> => {
    const text = await batches.shift();
    if (text !== undefined && !out.write(text) && !out.destroyed) await once(out, 'drain');
  };
  const answer = async (lines: readonly string[], first: number): Promise<string> => {
    const commands = lines.map((line) => parseLine(line, common, named));
    const outcomes = await ledger.executeMany(commands.filter((command) => command !== undefined));
    let next = 0;
    let text = '';
    for (const [at, command] of commands.entries()) {
      const outcome: Outcome = (command && outcomes[next++]) ?? refuse('BODY_NOT_JSON');
      text += lineOf(first + at, outcome, problems);
    }
    return text;
  };
  let first = 1;
  try {
    for await (const lines of linesOf(body)) {
      batches.push(answer(lines, first));
      first += lines.length;
      if (batches.length >= BATCHES_MAX) await flush();
    }
    while (batches.length > 0) await flush();
    out.end();
  } catch {
    // The client went away or sent no text: what was answered counts, the rest can be sent again.
    await Promise.allSettled(batches);
    out.destroy();
  }
}

function lineOf(line: number, outcome: Outcome, problems: Problems): string {
  if (outcome.ok)
    return `{"line":${line},"status":${outcome.value.wouldAppend ? 200 : 201},"answer":${JSON.stringify(outcome.value)}}\n`;
  const problem = problems.of(outcome.error);
  return `{"line":${line},"status":${problem.status},"problem":${JSON.stringify(problem)}}\n`;
}

const isStream = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && 'read' in body;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function parseLine(line: string, common: Command, named: boolean): Command | undefined {
  try {
    const { key, name, actor, body } = JSON.parse(line) as Line;
    return {
      ...common,
      key: text(key).toLowerCase(),
      body,
      handler: named ? text(name) : common.handler,
      actor: text(actor) || common.actor,
    };
  } catch {
    return undefined;
  }
}

/** Batches of lines without the blank ones; a line longer than a body may be is cut off there, and so no JSON. */
async function* linesOf(body: Readable): AsyncGenerator<string[]> {
  let rest = '';
  let batch: string[] = [];
  body.setEncoding('utf8');
  for await (const chunk of body as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(0, BODY_BYTES_MAX);
    for (const line of lines) {
      if (line.trim() === '') continue;
      if (batch.push(line) < BATCH_LINES) continue;
      yield batch;
      batch = [];
    }
  }
  if (rest.trim() !== '') batch.push(rest);
  if (batch.length > 0) yield batch;
}
