import type { Day } from '#kernel';
import { type PlaceLevel, type PlaceTree, restate, unitOn } from '#places';
import { type BalanceRow, type ReadContext, balanceProjection, readBalances } from '#read-models';
import { MEASURES, type Measure } from '../../domain/movements.ts';
import { movementBalance } from '../movement-balance.ts';
import { type MovementBalances, type MovementQuery, visibleFunds } from '../query.ts';

const definition = movementBalance('place-balance', (movement) => movement.place);

/** What was given for and used in each place, by the place id the event names; null: not specified. */
export const placeBalance = balanceProjection(definition);

/** How places are summed up. */
export interface RollUp {
  /** The places as they were known at `knownAt`. */
  readonly tree: PlaceTree;
  /** `stated`: the unit itself, restated in the units of that day. */
  readonly level: PlaceLevel | 'stated';
  /** The units of this day. */
  readonly on: Day;
}

export interface PlaceQuery extends Omit<MovementQuery, 'keys'> {
  readonly rollUp: RollUp;
  /** Only these units of the chosen day; null is "not specified". */
  readonly units?: readonly (string | null)[] | undefined;
}

/**
 * Balances by place, rolled up to a level of the place tree of a day. What lies in no single unit of that
 * day (a province-wide gift by district, a place that was split) is "not specified", so that the rows always
 * sum to the balances of the funds.
 */
export async function readPlaceBalances(
  context: ReadContext,
  { scope, rollUp, units, ...query }: PlaceQuery,
): Promise<MovementBalances> {
  const stored = await readBalances(context, definition, {
    ...query,
    funds: visibleFunds(scope, query.funds),
  });
  const rows = rolledUp(stored.rows, rollUp);
  return { ...stored, rows: units ? rows.filter(({ key }) => units.includes(key)) : rows };
}

function rolledUp(rows: readonly BalanceRow<Measure>[], { tree, level, on }: RollUp): BalanceRow<Measure>[] {
  const units = new Map<string | null, string | null>([[null, null]]);
  const unitOf = (place: string | null): string | null => {
    const known = units.get(place);
    if (known !== undefined || place === null) return known ?? null;
    const unit = !tree.places.has(place)
      ? null
      : level === 'stated'
        ? restate(tree, place, on)
        : unitOn(tree, place, level, on);
    units.set(place, unit);
    return unit;
  };
  const sums = new Map<string, { key: string | null; commodity: string; sums: Record<Measure, bigint> }>();
  for (const row of rows) {
    const unit = unitOf(row.key);
    const id = `${unit ?? ''} ${row.commodity}`;
    const into = sums.get(id);
    if (into === undefined) sums.set(id, { key: unit, commodity: row.commodity, sums: { ...row.sums } });
    else for (const measure of MEASURES) into.sums[measure] += row.sums[measure];
  }
  return [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
