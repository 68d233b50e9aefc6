import { type Context, type Day, type Fact, type Result, ok, parseAmount, refuse } from '#kernel';
import { checkOpen, ofPledge } from './checks.ts';
import { type InstalmentAmount, type PledgeWrittenOff, pledgeStream } from './events.ts';
import {
  type PledgeState,
  outstandingInstalments,
  outstandingUnscheduled,
  writtenOffUnscheduled,
} from './pledge.ts';

export interface WriteOffPledge {
  readonly pledge: string;
  /** `amount` null: all there is of it. */
  readonly instalments: readonly { readonly index: number; readonly amount: string | null }[];
  /** Of what has no due day; null: nothing of it. */
  readonly unscheduled: string | null;
  readonly reason: string;
  readonly effectiveOn: Day;
}

/** What a command may take: of each instalment, and of what has no due day. */
interface Room {
  readonly instalments: ReadonlyMap<number, bigint>;
  readonly unscheduled: bigint;
}

/** Writes off what will not come: added to what was written off before, never more than is still to come. */
export const decideWriteOffPledge = (
  command: WriteOffPledge,
  state: PledgeState,
  context: Context,
): Result<Fact[]> =>
  decide(command, state, context, 1n, {
    instalments: new Map(outstandingInstalments(state).map(({ index, amount }) => [index, amount])),
    unscheduled: outstandingUnscheduled(state),
  });

/** Takes write-offs back: a fact of its own with negative amounts, never more than was written off. */
export const decideReinstatePledge = (
  command: WriteOffPledge,
  state: PledgeState,
  context: Context,
): Result<Fact[]> =>
  decide(command, state, context, -1n, {
    instalments: new Map(
      state.instalments.filter((i) => i.writtenOff > 0n).map(({ index, writtenOff }) => [index, writtenOff]),
    ),
    unscheduled: writtenOffUnscheduled(state),
  });

function decide(
  { pledge, instalments, unscheduled, reason, effectiveOn }: WriteOffPledge,
  state: PledgeState,
  context: Context,
  sign: 1n | -1n,
  room: Room,
): Result<Fact[]> {
  const checked = checkOpen(pledge, state, effectiveOn, context);
  if (!checked.ok) return checked;
  const known = new Set(state.instalments.map(({ index }) => index));
  const named = new Set<number>();
  const gone: InstalmentAmount[] = [];
  let whole = 0n;
  for (const { index, amount } of instalments) {
    const details = { pledge, instalment: String(index) };
    if (!known.has(index)) return refuse('PLEDGE_INSTALMENT_UNKNOWN', details);
    if (named.has(index)) return refuse('PLEDGE_INSTALMENT_TWICE', details);
    named.add(index);
    const taken = taking(pledge, amount, room.instalments.get(index) ?? 0n);
    if (!taken.ok) return taken;
    gone.push({ index, amount: String(sign * taken.value) });
    whole += taken.value;
  }
  const apart = unscheduled === null ? ok(0n) : taking(pledge, unscheduled, room.unscheduled);
  if (!apart.ok) return apart;
  whole += apart.value;
  if (whole === 0n) return refuse('PLEDGE_NOTHING_NAMED', { pledge });
  const data: PledgeWrittenOff = {
    ...ofPledge(pledge, state),
    writeOff: state.writeOffs + 1,
    instalments: gone,
    unscheduled: String(sign * apart.value),
    amount: String(sign * whole),
    reason,
  };
  return ok([{ stream: pledgeStream(pledge), type: 'pledge.written-off.v1', effectiveOn, data }]);
}

/** The amount that is asked for, or all there is; refused when there is nothing or less. */
function taking(pledge: string, asked: string | null, left: bigint): Result<bigint> {
  const amount = asked === null ? ok(left) : parseAmount(asked);
  if (!amount.ok) return amount;
  return left > 0n && amount.value <= left
    ? amount
    : refuse('PLEDGE_NOT_SO_MUCH_LEFT', { pledge, left: String(left) });
}
