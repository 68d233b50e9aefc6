import type { Scope } from '#access';
import { type EventLogReader, PAGE_MAX } from '#event-log';
import { type Day, yearOf } from '#kernel';
import { parseEnvelope } from '#platform';
import {
  type DueInstalment,
  findReferences,
  outstandingInstalments,
  pledgeKind,
  pledgeStream,
} from '#pledges';
import { type BookedAs, directionOf } from '../domain/book-line.ts';
import { type Candidate, candidatesFor } from '../domain/match/candidates.ts';
import type { OpenLine } from '../domain/match/open.ts';
import { type MatchPorts, type OpenBoard, openBoard } from './open-board.ts';

/** A way to book a line that no entry is there for, ready to be confirmed by a person. */
export interface Proposal {
  readonly as: BookedAs;
  /** Why: a pledge's reference stands in the line, or people booked this payer's lines so. */
  readonly reason: 'reference' | 'learned';
  /** Name and body of the command that books it. */
  readonly command: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The instalment that is expected next of the pledge, the one of this money first; null: none is. */
  readonly expected: { readonly index: number; readonly due: Day; readonly amount: bigint } | null;
}

export interface LineCandidates {
  readonly position: number;
  readonly candidates: readonly Candidate[];
  readonly proposals: readonly Proposal[];
}

/** What one open line could be, the likeliest first, and how it could be booked; undefined: no such open line. */
export async function candidatesOf(
  ports: MatchPorts,
  { scope, account, line }: { readonly scope: Scope; readonly account: string; readonly line: string },
): Promise<LineCandidates | undefined> {
  const board = await openBoard(ports, scope, account);
  const open = board?.lines.find((one) => one.line === line);
  if (!board || !open) return undefined;
  const candidates = candidatesFor(open, board.entries, board.knowledge);
  const proposals = [...(await pledgeProposals(ports.log, board, open)), ...learnedProposals(board, open)];
  return { position: board.position, candidates, proposals };
}

const onLine = (board: OpenBoard, { line, day }: OpenLine, fund: string): Record<string, unknown> => ({
  account: board.account.account,
  year: yearOf(day),
  line,
  fund,
  effectiveOn: day,
});

/** A receipt on each pledge whose reference stands in the line, where no entry of it is open yet. */
async function pledgeProposals(
  log: Pick<EventLogReader, 'readStream'>,
  board: OpenBoard,
  line: OpenLine,
): Promise<Proposal[]> {
  if (line.direction !== 'in') return [];
  const found: Proposal[] = [];
  for (const reference of findReferences(line.squeezed)) {
    const referred = await board.references.referred(reference);
    if (referred?.kind !== 'pledge') continue;
    const { pledge } = referred;
    if (board.entries.some((entry) => entry.pledge === pledge && entry.amount === line.amount)) continue;
    const state = await pledgeOf(log, pledge);
    if (state.status === 'unmade' || !board.account.books.some(({ fund }) => fund === state.fund)) continue;
    if (state.commodity !== board.account.commodity) continue;
    const gift = { source: 'voluntary', donor: state.donor, pledge };
    found.push({
      as: 'receipt',
      reason: 'reference',
      command: 'receive-bank-line',
      body: { ...onLine(board, line, state.fund), ...gift },
      expected: expectedOf(outstandingInstalments(state), line.amount),
    });
  }
  return found;
}

/** The instalment of this money, else the earliest. */
const expectedOf = (instalments: readonly DueInstalment[], amount: bigint): Proposal['expected'] => {
  const next = instalments.find((one) => one.amount === amount) ?? instalments[0];
  return next ? { index: next.index, due: next.due, amount: next.amount } : null;
};

async function pledgeOf(
  log: Pick<EventLogReader, 'readStream'>,
  pledge: string,
): Promise<ReturnType<typeof pledgeKind.initial>> {
  const stream = pledgeStream(pledge);
  const records = await log.readStream(stream, { from: 0, limit: PAGE_MAX });
  return records.map(parseEnvelope).reduce(pledgeKind.evolve, pledgeKind.initial(stream));
}

/** What people booked this payer's lines as, for the only book of the account: with several, a person chooses. */
function learnedProposals(board: OpenBoard, line: OpenLine): Proposal[] {
  const as = line.fingerprint === '' ? undefined : board.bookedAs.get(line.fingerprint);
  const [only, ...others] = board.account.books;
  if (!as || as === 'receipt' || !only || others.length > 0 || directionOf(as) !== line.direction) return [];
  const command = as === 'interest' ? 'book-bank-interest' : 'book-bank-fee';
  return [{ as, reason: 'learned', command, body: onLine(board, line, only.fund), expected: null }];
}
