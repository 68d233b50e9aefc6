import {
  approveDecision,
  endDecision,
  proposeAllocation,
  proposeApprovalRule,
  proposeExpense,
  proposeRelease,
  setApprovalRule,
} from '../../libs/funds/application/approvals.ts';
import type { BookState } from '../../libs/funds/domain/book.ts';
import { decideChangeDisbursement } from '../../libs/funds/domain/propose-disbursement.ts';
import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type Result,
  available,
} from '../../libs/kernel/index.ts';
import type { AnyHandler, States } from '../../libs/platform/index.ts';
import type { Shape } from './book-history.ts';

/** What a random step of approvals chooses from. */
interface Chance {
  readonly shape: Shape;
  readonly fund: string;
  readonly book: BookState;
  readonly effectiveOn: Day;
  /** The events that proposed what waits, by the decision. */
  readonly proposed: ReadonlyMap<string, LedgerEvent>;
  readonly random: (below: number) => number;
}

interface ApprovalStep {
  readonly actor: string;
  readonly decide: (context: Context) => Result<readonly Fact[]>;
}

type Choice = (chance: Chance) => ApprovalStep | undefined;

/** Who proposes and approves in random histories, beside `an`, who does nearly everything. */
export const APPROVERS = ['chi', 'binh', 'em'] as const;

const some = (n: number, random: Chance['random']): string => String(1 + random(n));
const pick = <T>(list: readonly T[], { random }: Chance): T | undefined => list[random(list.length)];
const whoever = ({ random }: Chance): string => APPROVERS[random(APPROVERS.length)] ?? 'chi';

/** A step through a handler, on what this one book knows. */
const through = (handler: AnyHandler, body: object, chance: Chance, actor: string): ApprovalStep => {
  const { fund, effectiveOn, book, proposed } = chance;
  const states: States = {
    of: (kind, stream) => (stream === `book-${fund}-${book.year}` ? (book as never) : kind.initial(stream)),
    all: (directory) => directory.initial(),
    history: (item) => {
      const event = proposed.get(item);
      return event === undefined ? [] : [event];
    },
  };
  return {
    actor,
    decide: (context) =>
      handler.decide(handler.schema.parse({ fund, effectiveOn, ...body }), states, context),
  };
};

const ruleOf = ({ shape, effectiveOn, random }: Chance): object => ({
  kind: (['disbursement', 'allocation', 'expense', 'release'] as const)[random(4)],
  thresholds: [
    { commodity: 'VND', oneAbove: '0', twoAbove: random(3) === 0 ? null : some(shape.giftMax, random) },
  ],
  validFrom: effectiveOn,
});

const setRule: Choice = (chance) =>
  through(setApprovalRule, { ...ruleOf(chance), proposedBy: 'an' }, chance, whoever(chance));

const proposeThat: Choice = (chance) => {
  const { shape, book, random } = chance;
  const free = [...book.pools].filter(([, pool]) => available(pool) > 0n).map(([pool]) => pool);
  const pool = pick(free, chance);
  const amount = some(shape.giftMax, random);
  const actor = random(2) ? 'an' : whoever(chance);
  switch (random(4)) {
    case 0:
      return through(proposeApprovalRule, ruleOf(chance), chance, actor);
    case 1: {
      const body = { account: 'tien-mat', kind: 'administration', commodity: 'VND', amount };
      return through(proposeExpense, body, chance, actor);
    }
    case 2: {
      const evidence = { ground: 'donor-consent', reason: 'dong-y', files: ['0'.repeat(64)] };
      return pool === undefined
        ? undefined
        : through(proposeRelease, { pool, amount, ...evidence }, chance, actor);
    }
    default: {
      const body = { commodity: 'VND', amount, designation: { group: 'mo-coi' } };
      return through(proposeAllocation, body, chance, actor);
    }
  }
};

const approveThat: Choice = (chance) => {
  const { book } = chance;
  const found = pick([...book.approvals.decisions], chance);
  if (found === undefined) return undefined;
  const [decision, { proposalHash }] = found;
  return through(approveDecision, { decision, proposalHash }, chance, whoever(chance));
};

const endThat: Choice = (chance) => {
  const decision = pick([...chance.book.approvals.decisions.keys()], chance);
  return decision === undefined
    ? undefined
    : through(endDecision, { decision, reason: 'thoi' }, chance, whoever(chance));
};

const change: Choice = (chance) => {
  const { shape, fund, book, effectiveOn, random } = chance;
  const open = pick(
    [...book.open.values()].filter(({ status }) => status === 'proposed'),
    chance,
  );
  if (open === undefined) return undefined;
  const { proposal } = open;
  const [pool] = proposal.pools;
  if (pool === undefined) return undefined;
  const amount = some(shape.giftMax, random);
  const { disbursement, commodity, programme, group, purpose } = proposal;
  const lines = proposal.lines.slice(0, 1).map((line) => ({ ...line, amount }));
  const head = { disbursement, commodity, amount, programme, group, purpose, lines };
  const command = {
    fund,
    effectiveOn,
    ...head,
    pools: [{ pool: pool.pool, amount }],
    payee: null,
    narrative: null,
  };
  return {
    actor: random(3) === 0 ? whoever(chance) : 'an',
    decide: (context) =>
      decideChangeDisbursement({ ...command, reason: 'sua' }, book, (place, of) => place === of, context),
  };
};

const CHOICES: readonly Choice[] = [
  (chance) => (chance.random(3) === 0 ? setRule(chance) : undefined),
  proposeThat,
  proposeThat,
  approveThat,
  approveThat,
  approveThat,
  (chance) => (chance.random(3) === 0 ? endThat(chance) : undefined),
  change,
];

/** A command of approvals for a random history; undefined when there is nothing to do it on. */
export const approvalStep = (chance: Chance): ApprovalStep | undefined => pick(CHOICES, chance)?.(chance);
