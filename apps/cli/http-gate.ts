import type { Refusal } from '#kernel';
import { CliFailure } from './failure.ts';
import type { ImportAnswer, ImportCommand, ImportGate } from './import/run.ts';

/** The path of each command; `{fund}` and the like are members of its body, `{year}` that of its day. */
const PATHS: Readonly<Record<string, string>> = {
  'open-book': '/v1/books',
  'open-account': '/v1/books/{fund}/{year}/accounts',
  'list-good': '/v1/books/{fund}/{year}/goods',
  'record-receipt': '/v1/receipts',
  'approve-allocation': '/v1/allocations',
  'propose-disbursement': '/v1/disbursements',
  'approve-disbursement': '/v1/disbursements/{disbursement}/approve',
  'pay-disbursement': '/v1/disbursements/{disbursement}/pay',
  'deliver-disbursement': '/v1/disbursements/{disbursement}/deliver',
  'make-pledge': '/v1/pledges',
  'cancel-pledge': '/v1/pledges/{pledge}/cancel',
  'register-donor': '/v1/donors',
  'register-beneficiary': '/v1/beneficiaries',
  'open-programme': '/v1/programmes',
  'open-need': '/v1/needs',
  'verify-need': '/v1/needs/{need}/verify',
  'meet-need': '/v1/needs/{need}/meet',
  'report-support': '/v1/support',
  'establish-place': '/v1/places',
  'rename-place': '/v1/places/rename',
  'merge-place': '/v1/places/merge',
  'split-place': '/v1/places/split',
  'dissolve-place': '/v1/places/dissolve',
};

type Members = Readonly<Record<string, unknown>>;

function pathOf(name: string, body: Members): string {
  const path = PATHS[name];
  if (path === undefined) throw new Error(`no path for ${name}`);
  return path.replace(/\{(\w+)\}/g, (_, member: string) =>
    encodeURIComponent(member === 'year' ? String(body['effectiveOn']).slice(0, 4) : String(body[member])),
  );
}

/** How long one command may take over HTTP before the import gives up; its key makes asking again safe. */
const TIMEOUT_MS = 60_000;

/** Sends the commands of an import to a running server, one after another, so that their order is kept. */
export function httpGate(address: string): ImportGate & { readonly close: () => Promise<void> } {
  return {
    send: async (commands) => {
      const answers: ImportAnswer[] = [];
      for (const command of commands) answers.push(await sendOne(address, command));
      return answers;
    },
    close: async () => undefined,
  };
}

async function sendOne(address: string, { name, key, actor, body }: ImportCommand): Promise<ImportAnswer> {
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(address + pathOf(name, body as Members), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, 'lalanh-actor': actor },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    answer = await response.json();
  } catch (cause) {
    throw new CliFailure(
      `Máy chủ ${address} không trả lời. Nhập lại sau; dòng đã ghi không bị ghi hai lần.`,
      `The server ${address} does not answer. Import again later; nothing is recorded twice.`,
      undefined,
      { cause },
    );
  }
  return response.ok ? accepted(answer as Accepted) : { ok: false, refusal: refusalOf(answer as Problem) };
}

interface Accepted {
  readonly duplicate: boolean;
  readonly events: readonly { readonly hash?: string }[];
}

const accepted = ({ duplicate, events }: Accepted): ImportAnswer => ({
  ok: true,
  duplicate,
  hashes: events.flatMap(({ hash }) => (hash === undefined ? [] : [hash])),
});

/** A problem detail (RFC 9457) of the ledger. */
interface Problem {
  readonly code?: string;
  readonly details?: Readonly<Record<string, string>>;
}

const refusalOf = ({ code = 'INTERNAL', details = {} }: Problem): Refusal => ({ code, details });
