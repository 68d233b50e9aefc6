import { sql } from 'kysely';
import { type Scope, sees } from '#access';
import type { CommodityCode, Day } from '#kernel';
import { type AsOf, type ReadContext, type Stand, type Standing, readAsOf } from '#read-models';
import type { ProposedKind } from '../../domain/events-approvals.ts';
import { visibleFunds } from '../query.ts';
import {
  type ApprovalTables,
  type ApprovalsShown,
  type DecisionStep,
  type KnownRule,
  approvals,
  knownRules,
  shownApprovals,
} from './approvals.ts';

/** What became of a proposal so far. */
export type DecisionStatus = Exclude<DecisionStep, 'approved'>;

/** Something proposed for approval, with who approved it and what is missing. */
export interface DecisionRow extends ApprovalsShown {
  readonly decision: string;
  readonly kind: ProposedKind;
  readonly fund: string;
  readonly commodity: CommodityCode | null;
  readonly amount: bigint | null;
  readonly proposedBy: string;
  readonly proposedOn: Day;
  readonly status: DecisionStatus;
  /** The item that the last approval made. */
  readonly made: string | null;
}

export interface DecisionsQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
  readonly status?: DecisionStatus | undefined;
  /** Only what this person may still approve. */
  readonly by?: string | undefined;
  /** The day whose rules count beside those of the day it was proposed; `effectiveThrough` when absent. */
  readonly on?: Day | undefined;
  readonly before?: number | undefined;
  /** 1 … {@link DECISIONS_PAGE_MAX} */
  readonly limit: number;
}

export const DECISIONS_PAGE_MAX = 500;

type StepRow = ApprovalTables['decision_step'];

/** What is proposed for approval, the newest first; `next` is null at the end. */
export function readDecisions(
  context: ReadContext,
  { scope, funds: asked, status, by, on, before, limit, ...asOf }: DecisionsQuery,
): Promise<Standing & { readonly rows: readonly DecisionRow[]; readonly next: number | null }> {
  const funds = visibleFunds(scope, asked);
  const size = Math.min(Math.max(1, limit), DECISIONS_PAGE_MAX);
  return readAsOf<ApprovalTables, { rows: readonly DecisionRow[]; next: number | null }>(
    context,
    [approvals.name],
    asOf,
    async (trx, stand) => {
      const rows: DecisionRow[] = [];
      let next = Math.min(before ?? stand.knownAt + 1, stand.knownAt + 1);
      for (;;) {
        let select = trx
          .selectFrom('decision_step')
          .select(['decision', 'position', 'fund'])
          .where('step', '=', sql.lit('proposed'))
          .where('position', '<', BigInt(next))
          .where('day', '<=', stand.through)
          .orderBy('position', 'desc')
          .limit(size);
        if (funds !== 'all') select = select.where('fund', 'in', funds.size === 0 ? [''] : [...funds]);
        const proposals = await select.execute();
        const steps = await trx
          .selectFrom('decision_step')
          .selectAll()
          .where('decision', 'in', proposals.length === 0 ? [''] : proposals.map(({ decision }) => decision))
          .where('position', '<=', BigInt(stand.knownAt))
          .where('day', '<=', stand.through)
          .orderBy('position')
          .execute();
        const rules = await knownRules(
          trx,
          proposals.map(({ fund }) => fund),
          stand,
        );
        const byDecision = Map.groupBy(steps, ({ decision }) => decision);
        for (const { decision, position } of proposals) {
          next = Number(position);
          const row = decisionFrom(byDecision.get(decision) ?? [], rules, on ?? dayOf(stand));
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

const dayOf = ({ effectiveThrough }: Stand): Day | undefined => effectiveThrough ?? undefined;

/** One proposal; null: unknown by those dates, or its fund is not in the scope. */
export function readDecision(
  context: ReadContext,
  {
    scope,
    decision,
    on,
    ...asOf
  }: AsOf & { readonly scope: Scope; readonly decision: string; readonly on?: Day | undefined },
): Promise<Standing & { readonly row: DecisionRow | null }> {
  return readAsOf<ApprovalTables, { row: DecisionRow | null }>(
    context,
    [approvals.name],
    asOf,
    async (trx, stand) => {
      const steps = await trx
        .selectFrom('decision_step')
        .selectAll()
        .where('decision', '=', decision)
        .where('position', '<=', BigInt(stand.knownAt))
        .where('day', '<=', stand.through)
        .orderBy('position')
        .execute();
      const rules = await knownRules(
        trx,
        steps.map(({ fund }) => fund),
        stand,
      );
      const row = decisionFrom(steps, rules, on ?? dayOf(stand));
      return { row: row && sees(scope, row.fund) ? row : null };
    },
  );
}

function decisionFrom(
  steps: readonly StepRow[],
  rules: readonly KnownRule[],
  on: Day | undefined,
): DecisionRow | null {
  const proposal = steps.find(({ step }) => step === 'proposed');
  if (proposal === undefined) return null;
  const { decision, fund, commodity, amount, actor, day, position } = proposal;
  const kind = proposal.kind as ProposedKind;
  const status = (steps.findLast(({ step }) => step !== 'approved')?.step ?? 'proposed') as DecisionStatus;
  const shown = shownApprovals(
    {
      fund,
      kind,
      commodity,
      amount,
      makers: (proposal.makers ?? '').split(' '),
      payee: null,
      worded: { position: Number(position), day },
      approvals: steps
        .filter(({ step }) => step === 'approved' || step === 'made')
        .map((step) => ({
          person: step.actor,
          effectiveOn: step.day,
          position: Number(step.position),
          void: status === 'replaced',
        })),
      isWaiting: status === 'proposed',
      on,
    },
    rules,
  );
  return {
    decision,
    kind,
    fund,
    commodity,
    amount,
    proposedBy: actor,
    proposedOn: day,
    status,
    made: steps.find(({ step }) => step === 'made')?.made ?? null,
    ...shown,
  };
}

/** The approval rules of the funds asked for, in the order they were set. */
export function readApprovalRules(
  context: ReadContext,
  { scope, fund, ...asOf }: AsOf & { readonly scope: Scope; readonly fund: string },
): Promise<Standing & { readonly rows: readonly KnownRule[] }> {
  return readAsOf<ApprovalTables, { rows: readonly KnownRule[] }>(
    context,
    [approvals.name],
    asOf,
    async (trx, stand) => ({ rows: await knownRules(trx, sees(scope, fund) ? [fund] : [], stand) }),
  );
}
