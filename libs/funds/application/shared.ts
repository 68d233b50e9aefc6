import { type Context, type Day, type Fact, type Result, ok, refuse, yearOf } from '#kernel';
import { beneficiaryKind, beneficiaryStream, donorKind, donorStream } from '#people';
import { type PlaceTree, covers, placeDirectory, resolvePlace } from '#places';
import {
  LIST_ITEMS_MAX,
  type PlaceRef,
  type States,
  amountSchema,
  commoditySchema,
  daySchema,
  idSchema,
  nameSchema,
  placeRefSchema,
  uuidSchema,
} from '#platform';
import { programmeKind, programmeStream } from '#programmes';
import { z } from 'zod';
import type { Approvals } from '../domain/approvals.ts';
import { type BookState, bookKind } from '../domain/book.ts';
import type { Covers } from '../domain/draw-pools.ts';
import { bookStream } from '../domain/events.ts';
import type { Designation, Restriction } from '../domain/restriction.ts';

/** What every command on a book names: the fund, and the day that says which year's book. */
export const onBook = {
  fund: idSchema,
  effectiveOn: daySchema,
  belongsTo: daySchema.optional().meta({
    description: 'Found after the close: the day of a closed year that it belongs to (takingLate)',
  }),
};

/** What every step in the life of a disbursement names. */
export const onDisbursement = { ...onBook, disbursement: uuidSchema };

export const nullable = <T extends z.ZodType>(schema: T): z.ZodDefault<z.ZodNullable<T>> =>
  schema.nullable().default(null as never);

export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'HASH_INVALID');

/** Evidence files of one decision. */
const FILES_MAX = 20;

export const filesSchema = z
  .array(hashSchema)
  .max(FILES_MAX)
  .default([])
  .meta({ description: 'SHA-256 of files kept with POST /v1/files' });

export const sourceSchema = z.enum([
  'voluntary',
  'sponsorship',
  'state-budget',
  'foreign-aid',
  'income',
  'other',
]);

export const restrictionSchema = z.strictObject({
  programme: idSchema.optional(),
  place: placeRefSchema.optional(),
  group: idSchema.optional(),
  beneficiary: idSchema.optional(),
  purpose: idSchema.optional(),
  until: daySchema.optional(),
});
export const designationSchema = restrictionSchema.pick({ programme: true, place: true, group: true });

/** What goods are worth, all of them together, and how that was found. */
export const valuationSchema = z.strictObject({
  amount: amountSchema,
  commodity: commoditySchema,
  technique: nameSchema,
  basis: z.enum(['provisional', 'conventional', 'market', 'document']).optional(),
  valuer: idSchema.optional(),
  on: daySchema.optional(),
});

/** Longer than any rate; what it says is judged by the domain. */
const RATE_CHARS_MAX = 200;

/** What one whole unit of a foreign currency is worth in đồng, of which day, by whom. */
export const rateSchema = z.strictObject({
  perUnit: z
    .string()
    .max(RATE_CHARS_MAX)
    .meta({ examples: ['27150.5'] }),
  on: daySchema,
  source: idSchema,
});

export const poolSchema = z.string().max(400);

export const poolAmountsSchema = z
  .array(z.strictObject({ pool: poolSchema, amount: amountSchema }))
  .max(LIST_ITEMS_MAX)
  .default([])
  .meta({ description: 'Empty: the ledger offers pools in its published order' });

export const bookOf = (body: { readonly fund: string; readonly effectiveOn: Day }): string =>
  bookStream(body.fund, yearOf(body.effectiveOn));

export const bookState = (
  body: { readonly fund: string; readonly effectiveOn: Day },
  states: States,
): BookState => states.of(bookKind, bookOf(body));

export const coversOf = (states: States): Covers => {
  const tree: PlaceTree = states.all(placeDirectory);
  return (place, of) => covers(tree, place, of);
};

/** The place id a reference means on that day; null stays null. */
export function placeIn(states: States, ref: PlaceRef | null | undefined, on: Day): Result<string | null> {
  return ref ? resolvePlace(states.all(placeDirectory), ref, on) : ok(null);
}

/** Limits as people name them, with the place resolved and everything they name known to the ledger. */
export function limitsIn(
  states: States,
  { place, ...limits }: z.infer<typeof restrictionSchema>,
  on: Day,
): Result<Restriction & Designation> {
  const resolved = placeIn(states, place, on);
  if (!resolved.ok) return resolved;
  for (const known of [
    checkProgramme(states, limits.programme ?? null),
    checkBeneficiary(states, limits.beneficiary ?? null),
  ])
    if (!known.ok) return known;
  const given = Object.entries({ ...limits, place: resolved.value ?? undefined }).filter(
    ([, v]) => v !== undefined,
  );
  return ok(Object.fromEntries(given) as Restriction);
}

export const checkDonor = (states: States, donor: string | null): Result<void> =>
  donor === null || states.of(donorKind, donorStream(donor)).registered
    ? ok(undefined)
    : refuse('DONOR_UNKNOWN', { donor });

export const checkBeneficiary = (states: States, beneficiary: string | null): Result<void> =>
  beneficiary === null || states.of(beneficiaryKind, beneficiaryStream(beneficiary)).registered
    ? ok(undefined)
    : refuse('BENEFICIARY_UNKNOWN', { beneficiary });

export const checkProgramme = (states: States, programme: string | null): Result<void> =>
  programme === null || states.of(programmeKind, programmeStream(programme)).opened
    ? ok(undefined)
    : refuse('PROGRAMME_UNKNOWN', { programme });

/** The streams behind a programme, donor and beneficiaries that a command names, without the absent ones. */
export const streamsOf = (named: {
  readonly programme?: string | null | undefined;
  readonly donor?: string | null | undefined;
  readonly beneficiaries?: readonly (string | null | undefined)[];
}): string[] => [
  ...(named.programme ? [programmeStream(named.programme)] : []),
  ...(named.donor ? [donorStream(named.donor)] : []),
  ...new Set((named.beneficiaries ?? []).flatMap((id) => (id ? [beneficiaryStream(id)] : []))),
];

/** A body that may name a programme. */
interface ForProgramme {
  readonly fund: string;
  readonly effectiveOn: Day;
  readonly programme: string | null;
}

/** The streams of a body's book and programme. */
export const bookAndProgramme = (body: ForProgramme): string[] => [
  bookOf(body),
  ...streamsOf({ programme: body.programme }),
];

/**
 * A decision that is taken at once or with the approvals of several: refused when its programme is not there, otherwise
 * decided by `decide` with those approvals in the command.
 */
export const approvable =
  <Body extends ForProgramme>(
    decide: (body: Body & { approvals?: Approvals }, states: States, context: Context) => Result<Fact[]>,
  ) =>
  (body: Body, states: States, context: Context, approvals?: Approvals): Result<Fact[]> => {
    const programme = checkProgramme(states, body.programme);
    return programme.ok ? decide({ ...body, ...(approvals && { approvals }) }, states, context) : programme;
  };
