import type { CommodityCode, Day } from '#kernel';

/**
 * What a gift may be used for. Every dimension that is present must be met by the use; none at all is a
 * general gift. Set by the donor, so only a release with evidence undoes it.
 */
export interface Restriction {
  readonly programme?: string;
  /** A place id; admits its descendants and whole successors. */
  readonly place?: string;
  readonly group?: string;
  readonly beneficiary?: string;
  readonly purpose?: string;
  /** Last day on which it may be used. */
  readonly until?: Day;
}

/** What the board set units aside for. Its own decision, so it can be undone. */
export type Designation = Pick<Restriction, 'programme' | 'place' | 'group'>;

/** A pool by its meaning: one commodity under one restriction and one designation in one fund. */
export interface PoolKey {
  readonly fund: string;
  readonly commodity: CommodityCode;
  readonly restriction: Restriction;
  readonly designation: Designation;
}

/** The dimensions in the order of the pool id and of DESIGN §4's offering rule, most particular first. */
const DIMENSIONS = ['beneficiary', 'group', 'place', 'programme', 'purpose', 'until'] as const;
const GENERAL = 'general';

const write = (limits: Restriction): string =>
  DIMENSIONS.flatMap((name) => (limits[name] === undefined ? [] : [`${name}=${limits[name]}`])).join(';');

const read = (text: string): Restriction =>
  Object.fromEntries(text === GENERAL || text === '' ? [] : text.split(';').map((part) => part.split('=')));

/**
 * The id of a pool, readable and reversible: `qbt-06/VND/general`,
 * `qbt-06/VND/place=062-2021-01-01;purpose=hoc-bong`, and with what the board set it aside for as a fourth
 * part: `qbt-06/VND/general/programme=ao-am`. Equal keys give equal ids.
 */
export function poolId({ fund, commodity, restriction, designation }: PoolKey): string {
  const set = write(designation);
  return [fund, commodity, write(restriction) || GENERAL, ...(set ? [set] : [])].join('/');
}

/** The key that {@link poolId} wrote. */
export function poolKey(id: string): PoolKey {
  const [fund = '', commodity = '', restriction = '', designation = ''] = id.split('/');
  return { fund, commodity, restriction: read(restriction), designation: read(designation) };
}

/** What a use is for: each line of a disbursement with what it shares with the others. */
export interface Purpose {
  readonly programme?: string | undefined;
  readonly group?: string | undefined;
  readonly purpose?: string | undefined;
  readonly place?: string | undefined;
  readonly beneficiary?: string | undefined;
  readonly on: Day;
}

/** True when units limited so may be used for that purpose. `covers(a, b)`: place a admits place b. */
export function admits(
  limits: Restriction,
  use: Purpose,
  covers: (place: string, of: string) => boolean,
): boolean {
  const same = (name: 'programme' | 'group' | 'beneficiary' | 'purpose'): boolean =>
    limits[name] === undefined || limits[name] === use[name];
  return (
    same('programme') &&
    same('group') &&
    same('beneficiary') &&
    same('purpose') &&
    (limits.place === undefined || (use.place !== undefined && covers(limits.place, use.place))) &&
    (limits.until === undefined || use.on <= limits.until)
  );
}

/**
 * True when units under the donor's restriction may be set aside so: where both speak of a dimension they
 * must agree, a place lying inside the restricted one.
 */
export const mayBeDesignated = (
  restriction: Restriction,
  designation: Designation,
  covers: (place: string, of: string) => boolean,
): boolean =>
  (['programme', 'group'] as const).every(
    (name) =>
      restriction[name] === undefined ||
      designation[name] === undefined ||
      restriction[name] === designation[name],
  ) &&
  (restriction.place === undefined ||
    designation.place === undefined ||
    covers(restriction.place, designation.place));

/** Both the donor's restriction and the board's designation of a pool admit the use. */
export const poolAdmits = (
  { restriction, designation }: PoolKey,
  use: Purpose,
  covers: (place: string, of: string) => boolean,
): boolean => admits(restriction, use, covers) && admits(designation, use, covers);

const LAST_DAY = '9999-12-31';

/**
 * The order in which pools that admit a purpose are offered (DESIGN §4): earliest expiry, most dimensions,
 * then beneficiary > group > place > programme > purpose, then pool id. Printed on every statement.
 */
export function offeringOrder(a: string, b: string): number {
  const [left, right] = [a, b].map((id) => {
    const { restriction, designation } = poolKey(id);
    const limits = { ...designation, ...restriction };
    return { id, limits, until: limits.until ?? LAST_DAY, size: Object.keys(limits).length };
  }) as [Offer, Offer];
  if (left.until !== right.until) return left.until < right.until ? -1 : 1;
  if (left.size !== right.size) return right.size - left.size;
  const differing = DIMENSIONS.find(
    (name) => (left.limits[name] === undefined) !== (right.limits[name] === undefined),
  );
  if (differing !== undefined) return left.limits[differing] === undefined ? 1 : -1;
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}

interface Offer {
  readonly id: string;
  readonly limits: Restriction;
  readonly until: Day;
  readonly size: number;
}

/**
 * True when everything that `narrow` admits is admitted by `wide`, and more: each dimension that the wider one
 * names is the same in the narrower one, its place holds the other's, its last day is later.
 */
export function isWider(
  wide: Restriction,
  narrow: Restriction,
  covers: (place: string, of: string) => boolean,
): boolean {
  const same = (['beneficiary', 'group', 'programme', 'purpose'] as const).every(
    (name) => wide[name] === undefined || wide[name] === narrow[name],
  );
  const place = wide.place === undefined || (narrow.place !== undefined && covers(wide.place, narrow.place));
  const until = wide.until === undefined || (narrow.until !== undefined && wide.until >= narrow.until);
  return same && place && until && write(wide) !== write(narrow);
}
