import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { standing } from './measure.ts';

export interface LagOptions {
  readonly ledger: string;
  readonly reports: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** Body and key of the next command. */
  readonly next: () => { readonly key: string; readonly body: string };
}

/** Commands sent at once at the most; more than these waiting is a ledger that can not keep the pace. */
const SOCKETS = 64;
/** Between two looks at where reads stand: the resolution of the figure. */
const LOOK_MS = 2;
const SETTLE_MS_MAX = 30_000;

/**
 * Sends commands at a steady pace and measures, for each, the time from its answer (durable) until reads include
 * it. Commands are sent when their time comes, whether earlier ones were answered or not, so a stall shows
 * in every command it delays.
 */
export async function measureLag(
  options: LagOptions,
): Promise<{ readonly lagsMs: number[]; readonly answersMs: number[]; readonly perSecond: number }> {
  const { ledger, reports, perSecond, seconds, next } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  const answered: { readonly position: number; readonly at: number }[] = [];
  const answersMs: number[] = [];
  const reached: { readonly position: number; readonly at: number }[] = [];
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const { lowest } = await standing(reports);
      if (lowest > (reached.at(-1)?.position ?? 0)) reached.push({ position: lowest, at: performance.now() });
      await sleep(LOOK_MS);
    }
  })();
  const send = async (): Promise<void> => {
    const at = performance.now();
    const position = await post(agent, `${ledger}/v1/receipts`, next());
    const now = performance.now();
    answersMs.push(now - at);
    answered.push({ position, at: now });
  };
  const started = performance.now();
  const sent: Promise<void>[] = [];
  const total = perSecond * seconds;
  while (sent.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * perSecond));
    while (sent.length < due) {
      sent.push(send());
    }
    await sleep(1);
  }
  await Promise.all(sent);
  const elapsed = (performance.now() - started) / 1000;
  const last = Math.max(...answered.map(({ position }) => position));
  const end = performance.now() + SETTLE_MS_MAX;
  while ((reached.at(-1)?.position ?? 0) < last && performance.now() < end) await sleep(LOOK_MS);
  watching = false;
  await watch;
  agent.destroy();
  answered.sort((a, b) => a.position - b.position);
  let look = 0;
  const lagsMs = answered.map(({ position, at }) => {
    while (look < reached.length && (reached[look]?.position ?? 0) < position) look += 1;
    // Never reached is the longest lag there is: it must not vanish from the figure.
    return Math.max(0, (reached[look]?.at ?? Infinity) - at);
  });
  return { lagsMs, answersMs, perSecond: total / elapsed };
}

const post = (agent: Agent, url: string, { key, body }: ReturnType<LagOptions['next']>): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key, 'lalanh-actor': 'ke-toan' };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        if (answer.statusCode !== 201) return reject(new Error(`${answer.statusCode} ${text}`));
        return resolve((JSON.parse(text) as { position: number }).position);
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
