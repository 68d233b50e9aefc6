import { sql } from 'kysely';
import type { Scope } from '#access';
import type { CommodityCode, Day } from '#kernel';
import {
  type AsOf,
  type Projection,
  type ReadContext,
  type Standing,
  insertInto,
  readAsOf,
} from '#read-models';
import type { BookEvent } from '../../domain/events.ts';
import {
  type ApprovalTables,
  type ApprovalsShown,
  type KnownRule,
  approvals,
  knownRules,
  shownApprovals,
} from '../approvals/approvals.ts';
import { mergers, withPredecessors } from '../mergers/mergers.ts';
import { visibleFunds } from '../query.ts';

/** What happened to a disbursement or an allocation, in the words of its events. */
export type Step =
  | 'proposed'
  | 'changed'
  | 'approval-given'
  | 'approved'
  | 'rejected'
  | 'cancelled'
  | 'paid'
  | 'delivered'
  | 'returned'
  | 'allocated'
  | 'reduced'
  | 'corrected'
  | 'adjusted'
  | 'reversed'
  | 'refunded'
  | 'released'
  | 'handed-over'
  | 'taken-over'
  | 'carried'
  | 'voucher-voided';

const STEPS = {
  'book.disbursement-proposed.v1': 'proposed',
  'book.disbursement-changed.v1': 'changed',
  'book.disbursement-approval-given.v1': 'approval-given',
  'book.disbursement-approved.v1': 'approved',
  'book.disbursement-carried.v1': 'carried',
  'book.disbursement-rejected.v1': 'rejected',
  'book.disbursement-cancelled.v1': 'cancelled',
  'book.disbursement-paid.v1': 'paid',
  'book.disbursement-delivered.v1': 'delivered',
  'book.disbursement-returned.v1': 'returned',
  'book.disbursement-handed-over.v1': 'handed-over',
  'book.disbursement-taken-over.v1': 'taken-over',
  'book.allocation-approved.v1': 'allocated',
  'book.allocation-reduced.v1': 'reduced',
  'book.receipt-corrected.v1': 'corrected',
  'book.receipt-adjusted.v1': 'adjusted',
  'book.receipt-reversed.v1': 'reversed',
  'book.donor-refunded.v1': 'refunded',
  'book.restriction-released.v1': 'released',
  'book.voucher-voided.v1': 'voucher-voided',
} as const satisfies Partial<Record<BookEvent['type'], Step>>;

type ItemEvent = Extract<BookEvent, { type: keyof typeof STEPS }>;

const isItemEvent = (event: BookEvent): event is ItemEvent => event.type in STEPS;

/** Steps that change a voucher, a book, an approval or what was said, and not how far a disbursement is. */
const ASIDE: ReadonlySet<string> = new Set<Step>([
  'carried',
  'handed-over',
  'taken-over',
  'returned',
  'voucher-voided',
  'changed',
  'approval-given',
]);

/** What an event is about: a correction is a step of what it corrects. */
const itemOf = (data: ItemEvent['data']): string => {
  if ('corrects' in data) return data.corrects;
  if ('allocation' in data) return data.allocation;
  return 'release' in data ? data.release : data.disbursement;
};

const COLUMNS = [
  'item',
  'position',
  'step',
  'fund',
  'day',
  'actor',
  'commodity',
  'amount',
  'programme',
  'purpose',
  'payee',
] as const;

/** Every step of every disbursement and allocation: where their events are, and what a list shows of them. */
export const items: Projection = {
  name: 'items',
  version: 4,
  types: Object.keys(STEPS),
  tables: {
    book_item: {
      columns: {
        item: 'text',
        position: 'whole',
        step: 'text',
        fund: 'text',
        day: 'text',
        actor: 'text',
        commodity: 'text?',
        amount: 'whole?',
        programme: 'text?',
        purpose: 'text?',
        payee: 'text?',
      },
      key: ['item', 'position'],
      indexes: [{ columns: ['position'], where: "step = 'proposed'" }],
    },
  },
  open: (physical) => {
    const insert = insertInto(physical('book_item'), COLUMNS);
    return async (page, tx) => {
      const events = (page.events as readonly BookEvent[]).filter(isItemEvent);
      await tx.run(
        insert,
        events.map(({ type, data, stream, position, effectiveOn, actor }) => [
          itemOf(data),
          position,
          STEPS[type],
          stream.slice('book-'.length, stream.lastIndexOf('-')),
          effectiveOn,
          actor,
          'commodity' in data ? data.commodity : null,
          // Each part of a decision that went over several events repeats the amount of the whole.
          'amount' in data && !('part' in data && data.part > 1) ? BigInt(data.amount) : null,
          'programme' in data ? data.programme : null,
          'purpose' in data ? data.purpose : null,
          'payeePerson' in data ? (data.payeePerson ?? null) : null,
        ]),
      );
    };
  },
};

interface ItemTables extends ApprovalTables {
  readonly book_item: {
    readonly item: string;
    readonly position: bigint;
    readonly step: string;
    readonly fund: string;
    readonly day: Day;
    readonly actor: string;
    readonly commodity: string | null;
    readonly amount: bigint | null;
    readonly programme: string | null;
    readonly purpose: string | null;
    readonly payee: string | null;
  };
}

/**
 * Positions of the events about a disbursement or allocation, in log order, up to `position`: the decider
 * reads them from the log. A decision can tell from the book when this lags behind.
 */
export const readItemPositions = (
  context: ReadContext,
  item: string,
): Promise<Standing & { readonly positions: readonly number[] }> =>
  readAsOf<ItemTables, { positions: readonly number[] }>(
    context,
    [items.name],
    {},
    async (trx, { knownAt }) => {
      const rows = await trx
        .selectFrom('book_item')
        .select('position')
        .where('item', '=', item)
        .where('position', '<=', BigInt(knownAt))
        .orderBy('position')
        .execute();
      return { positions: rows.map(({ position }) => Number(position)) };
    },
  );

/** One thing that happened to a disbursement. */
export interface DisbursementStep {
  readonly step: Step;
  readonly position: number;
  readonly effectiveOn: Day;
  readonly actor: string;
  readonly amount: bigint | null;
}

/** A disbursement with its life so far, and how far its approvals are. */
export interface DisbursementRow extends ApprovalsShown {
  readonly disbursement: string;
  readonly fund: string;
  readonly commodity: CommodityCode;
  /** As proposed, or as it was changed since. */
  readonly amount: bigint;
  readonly returned: bigint;
  readonly programme: string | null;
  readonly purpose: string | null;
  /** The last step that changed how far it is. */
  readonly status: 'proposed' | 'approved' | 'rejected' | 'cancelled' | 'paid' | 'delivered';
  readonly steps: readonly DisbursementStep[];
}

export interface DisbursementsQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  readonly status?: DisbursementRow['status'] | undefined;
  /** Only what this person may still approve. */
  readonly by?: string | undefined;
  /** The day whose rules count beside those of the day it was proposed; `effectiveThrough` when absent. */
  readonly on?: Day | undefined;
  /** Disbursements proposed before this position: the `next` of the page before. */
  readonly before?: number | undefined;
  /** 1 … {@link DISBURSEMENTS_PAGE_MAX} */
  readonly limit: number;
}

export const DISBURSEMENTS_PAGE_MAX = 500;

/** Disbursements, the newest proposal first; `next` is null at the end. */
export function readDisbursements(
  context: ReadContext,
  { scope, funds: asked, status, by, on, before, limit, ...asOf }: DisbursementsQuery,
): Promise<Standing & { readonly rows: readonly DisbursementRow[]; readonly next: number | null }> {
  const size = Math.min(Math.max(1, limit), DISBURSEMENTS_PAGE_MAX);
  return readAsOf<ItemTables, { rows: readonly DisbursementRow[]; next: number | null }>(
    context,
    [items.name, approvals.name, mergers.name],
    asOf,
    async (trx, stand) => {
      const { knownAt, through, effectiveThrough } = stand;
      const funds = await withPredecessors(trx, visibleFunds(scope, asked), stand);
      const rows: DisbursementRow[] = [];
      let next = Math.min(before ?? knownAt + 1, knownAt + 1);
      for (;;) {
        let select = trx
          .selectFrom('book_item')
          .select(['item', 'position', 'fund'])
          .where('step', '=', sql.lit('proposed'))
          .where('position', '<', BigInt(next))
          .where('day', '<=', through)
          .orderBy('position', 'desc')
          .limit(size);
        if (funds !== 'all') select = select.where('fund', 'in', funds.size === 0 ? [''] : [...funds]);
        const proposals = await select.execute();
        const steps = await trx
          .selectFrom('book_item')
          .selectAll()
          .where('item', 'in', proposals.length === 0 ? [''] : proposals.map(({ item }) => item))
          .where('position', '<=', BigInt(knownAt))
          .where('day', '<=', through)
          .orderBy('position')
          .execute();
        const rules = await knownRules(
          trx,
          proposals.map(({ fund }) => fund),
          stand,
        );
        const byItem = Map.groupBy(steps, ({ item }) => item);
        for (const { item, position } of proposals) {
          next = Number(position);
          const row = disbursementFrom(
            item,
            byItem.get(item) ?? [],
            rules,
            on ?? effectiveThrough ?? undefined,
          );
          if (row === null || (status !== undefined && row.status !== status)) continue;
          if (by !== undefined && (row.status !== 'proposed' || row.barred.includes(by))) continue;
          rows.push(row);
          if (rows.length === size) return { rows, next };
        }
        if (proposals.length < size) return { rows, next: null };
      }
    },
  );
}

/** One disbursement; null: unknown by those dates, or its fund is not in the scope. */
export function readDisbursement(
  context: ReadContext,
  {
    scope,
    disbursement,
    on,
    ...asOf
  }: AsOf & { readonly scope: Scope; readonly disbursement: string; readonly on?: Day | undefined },
): Promise<Standing & { readonly row: DisbursementRow | null }> {
  return readAsOf<ItemTables, { row: DisbursementRow | null }>(
    context,
    [items.name, approvals.name, mergers.name],
    asOf,
    async (trx, stand) => {
      const { knownAt, through, effectiveThrough } = stand;
      const funds = await withPredecessors(trx, scope.funds, stand);
      const steps = await trx
        .selectFrom('book_item')
        .selectAll()
        .where('item', '=', disbursement)
        .where('position', '<=', BigInt(knownAt))
        .where('day', '<=', through)
        .orderBy('position')
        .execute();
      const rules = await knownRules(
        trx,
        steps.map(({ fund }) => fund),
        stand,
      );
      const row = disbursementFrom(disbursement, steps, rules, on ?? effectiveThrough ?? undefined);
      return { row: row && (funds === 'all' || funds.has(row.fund)) ? row : null };
    },
  );
}

function disbursementFrom(
  disbursement: string,
  rows: readonly ItemTables['book_item'][],
  rules: readonly KnownRule[],
  on: Day | undefined,
): DisbursementRow | null {
  const wordings = rows.filter(({ step }) => step === 'proposed' || step === 'changed');
  const proposal = wordings.at(-1);
  if (!proposal) return null;
  const steps = rows.map(({ step, position, day, actor, amount }) => ({
    step: step as Step,
    position: Number(position),
    effectiveOn: day,
    actor,
    amount,
  }));
  const { commodity, amount, programme, purpose } = proposal;
  // After a merger it is the successor's.
  const { fund } = rows.findLast(({ step }) => step === 'taken-over') ?? proposal;
  const status = (steps.findLast(({ step }) => !ASIDE.has(step))?.step ??
    'proposed') as DisbursementRow['status'];
  const worded = { position: Number(proposal.position), day: proposal.day };
  // An approval that went over several events is one.
  const given = new Map(
    steps
      .filter(({ step }) => step === 'approval-given' || step === 'approved')
      .map((step) => [`${step.step} ${step.actor} ${step.position < worded.position}`, step]),
  );
  const shown = shownApprovals(
    {
      kind: 'disbursement',
      fund,
      commodity,
      amount,
      makers: wordings.map(({ actor }) => actor),
      payee: proposal.payee,
      worded,
      approvals: [...given.values()].map(({ actor, effectiveOn, position }) => ({
        person: actor,
        effectiveOn,
        position,
        void: position < worded.position,
      })),
      isWaiting: status === 'proposed',
      on,
    },
    rules,
  );
  return {
    disbursement,
    fund,
    commodity: commodity ?? '',
    amount: amount ?? 0n,
    returned: steps.reduce((sum, step) => (step.step === 'returned' ? sum + (step.amount ?? 0n) : sum), 0n),
    programme,
    purpose,
    status,
    steps,
    ...shown,
  };
}
