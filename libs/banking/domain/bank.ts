import type { Day, LedgerEvent, StreamKind } from '#kernel';
import type {
  BankAccountEvent,
  BankAccountEvents,
  BankAccountRegistered,
  BankEvent,
  BankEvents,
} from './events.ts';
import { isBookedAs } from './book-line.ts';
import type { Layout } from './read-statement/layouts.ts';
import type { Direction } from './statement.ts';

export interface BankAccountState {
  readonly registered: BankAccountRegistered | null;
  /** The one last saved first. */
  readonly layouts: readonly Layout[];
}

export const bankAccountKind: StreamKind<BankAccountState> = {
  kind: 'bankaccount',
  version: 1,
  initial: () => ({ registered: null, layouts: [] }),
  evolve: (state, event: LedgerEvent) => {
    const { type, data } = event as BankAccountEvent;
    if (type === 'bankaccount.registered.v1') return { ...state, registered: data };
    const { layout } = data as BankAccountEvents['bankaccount.layout-saved.v1'];
    return { ...state, layouts: [layout, ...state.layouts.filter(({ name }) => name !== layout.name)] };
  },
};

/** A line, or a part of one, that can be matched. */
export interface Unit {
  readonly amount: bigint;
  readonly direction: Direction;
  readonly day: Day;
}

/** The lines of one account in one year and what they were matched with. */
export interface BankState {
  /** By line or part; a line that was split is not among them any more. */
  readonly units: Map<string, Unit>;
  /** Every line that was recorded, with its number of parts; 0: not split. */
  readonly lines: Map<string, number>;
  readonly statements: Set<string>;
  /** The match that a unit or an entry is in. */
  readonly matchOfUnit: Map<string, string>;
  readonly matchOfEntry: Map<string, string>;
  /** The entry that a unit was booked as, also when the match of the two was undone. */
  readonly booked: Map<string, string>;
}

type Evolve<T extends keyof BankEvents> = (state: BankState, data: BankEvents[T], day: Day) => void;

const EVOLVE: { readonly [T in keyof BankEvents]: Evolve<T> } = {
  'bank.line-recorded.v1': (state, { line, amount, direction }, day) => {
    state.lines.set(line, 0);
    state.units.set(line, { amount: BigInt(amount), direction, day });
  },
  'bank.statement-imported.v1': (state, { statement }) => void state.statements.add(statement),
  'bank.line-matched.v1': (state, { match, lines, entries, rule }) => {
    for (const { line } of lines) state.matchOfUnit.set(line, match);
    for (const { entry } of entries) state.matchOfEntry.set(entry, match);
    const [line, entry] = [lines[0]?.line, entries[0]?.entry];
    if (isBookedAs(rule) && line !== undefined && entry !== undefined) state.booked.set(line, entry);
  },
  'bank.line-split.v1': (state, { line, parts }) => {
    const unit = unitsOf(state, line)[0]?.[1];
    if (!unit) return;
    for (const [id] of unitsOf(state, line)) state.units.delete(id);
    state.lines.set(line, parts.length);
    for (const [i, amount] of parts.entries())
      state.units.set(partOf(line, i + 1), { ...unit, amount: BigInt(amount) });
  },
  'bank.line-unmatched.v1': (state, { lines, entries }) => {
    for (const line of lines) state.matchOfUnit.delete(line);
    for (const entry of entries) state.matchOfEntry.delete(entry);
  },
  'bank.reconciled.v1': () => undefined,
};

/** What stands on both sides of a match; none: there is no such match. Looked for, since it is seldom asked. */
export const sidesOf = (
  { matchOfUnit, matchOfEntry }: BankState,
  match: string,
): { readonly lines: readonly string[]; readonly entries: readonly string[] } => {
  const namesIn = (side: ReadonlyMap<string, string>): string[] =>
    [...side].flatMap(([name, of]) => (of === match ? [name] : []));
  return { lines: namesIn(matchOfUnit), entries: namesIn(matchOfEntry) };
};

/** The name of a part of a line. */
export const partOf = (line: string, part: number): string => `${line}.${part}`;

/** The units of a line as it stands: itself, or its parts. */
export function unitsOf(state: BankState, line: string): (readonly [string, Unit])[] {
  const parts = state.lines.get(line);
  if (parts === undefined) return [];
  const ids = parts === 0 ? [line] : Array.from({ length: parts }, (_, i) => partOf(line, i + 1));
  return ids.flatMap((id) => {
    const unit = state.units.get(id);
    return unit ? [[id, unit] as const] : [];
  });
}

export const bankKind: StreamKind<BankState> = {
  kind: 'bank',
  version: 2,
  initial: () => ({
    units: new Map(),
    lines: new Map(),
    statements: new Set(),
    matchOfUnit: new Map(),
    matchOfEntry: new Map(),
    booked: new Map(),
  }),
  evolve: (state, event: LedgerEvent) => {
    const { type, data, effectiveOn } = event as BankEvent;
    const evolve = EVOLVE[type] as ((state: BankState, data: unknown, day: Day) => void) | undefined;
    if (!evolve) throw new Error(`a bank account has no event of type ${String(type)}`);
    evolve(state, data, effectiveOn);
    return state;
  },
};
