import { createHash } from 'node:crypto';
import { canonicalJson, daySchema } from '#platform';
import { z } from 'zod';
import { LEG_KINDS } from './domain/leg.ts';
import { BOOK_NAMES, DETAILS, OWN, OWN_TO, type Profile, type RuleCase } from './domain/profile.ts';
import general from './profiles/general.json' with { type: 'json' };
import vnPublic from './profiles/vn-public.json' with { type: 'json' };

const SOURCES = ['voluntary', 'sponsorship', 'state-budget', 'foreign-aid', 'income', 'other'] as const;
const COSTS = ['administration', 'bank-fee', 'shortage', 'other'] as const;
const CHART_MAX = 500;
const CASES_MAX = 50;
const PAIRS_MAX = 10;

const text = z.string().min(1).max(200);
const bilingual = { vi: text, en: text };
const code = z.string().regex(/^[0-9]{3,8}[A-Z]?$/);
const side = z.union([code, z.literal(OWN), z.literal(OWN_TO)]);

const account = z.strictObject({
  ...bilingual,
  code,
  kind: z.enum(['asset', 'liability', 'equity', 'income', 'expense']),
  confirm: z.boolean().optional(),
  details: z.array(z.enum(DETAILS)).max(DETAILS.length),
  prior: z.boolean().optional(),
  column: z.enum(['with', 'without']).optional(),
});

const ruleCase = z
  .strictObject({
    when: z
      .strictObject({
        source: z.array(z.enum(SOURCES)).min(1).optional(),
        restricted: z.boolean().optional(),
        prior: z.boolean().optional(),
        goods: z.boolean().optional(),
        cost: z.array(z.enum(COSTS)).min(1).optional(),
      })
      .optional(),
    entries: z.array(z.strictObject({ debit: side, credit: side })).max(PAIRS_MAX),
    because: text.optional(),
  })
  .refine(({ entries, because }) => (entries.length === 0) === (because !== undefined), {
    error: 'a case books something, or says why nothing is booked',
  });

const bookTitle = z.strictObject({
  ...bilingual,
  form: text.nullable(),
  signatures: z.array(z.strictObject(bilingual)).min(1).max(6),
  columns: z.record(z.string(), z.strictObject(bilingual)).optional(),
});

const profileSchema = z
  .strictObject({
    ...bilingual,
    name: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
    validFrom: daySchema,
    validTo: daySchema.nullable(),
    language: z.enum(['vi', 'vi-en']),
    chart: z.array(account).min(1).max(CHART_MAX),
    own: z.strictObject({
      cash: code,
      bank: code,
      treasury: code,
      store: code,
      unstated: code,
      holding: code,
      transit: code,
      missing: code,
      surplus: code,
      charge: code,
      advance: code,
      debt: code,
    }),
    result: code,
    // Every kind of leg has a rule; one that is missing or unknown is refused.
    rules: z.record(z.enum(LEG_KINDS), z.array(ruleCase).min(1).max(CASES_MAX)),
    books: z.record(z.enum(BOOK_NAMES), bookTitle),
  })
  .superRefine((profile, context) => {
    for (const message of faultsOf(profile)) context.addIssue({ code: 'custom', message });
  });

/** What is wrong between the parts of a profile, each of which is well formed. */
function faultsOf({ chart, own, result, rules, validFrom, validTo }: Profile): string[] {
  const codes = chart.map((each) => each.code);
  const known = new Set(codes);
  const named = [
    ...Object.values(own),
    result,
    ...Object.values(rules).flatMap((cases) =>
      cases.flatMap(({ entries }) => entries.flatMap(({ debit, credit }) => [debit, credit])),
    ),
  ];
  const unknown = named.filter((each) => each !== OWN && each !== OWN_TO && !known.has(each));
  return [
    ...codes.filter((each, at) => codes.indexOf(each) !== at).map((each) => `account ${each} stands twice`),
    ...[...new Set(unknown)].map((each) => `account ${each} is not in the chart`),
    ...Object.entries(rules)
      .filter(([, cases]) => !isAlwaysFitting(cases.at(-1)))
      .map(([kind]) => `the last case of ${kind} must fit always`),
    ...(validTo !== null && validTo < validFrom ? ['it ends before it begins'] : []),
  ];
}

const isAlwaysFitting = (last: RuleCase | undefined): boolean =>
  last !== undefined && Object.keys(last.when ?? {}).length === 0;

/** A profile file that can not be used, with everything that is wrong with it. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/**
 * Checks a profile file: shape, numbers that are in the chart, a rule for every kind of leg that always finds a
 * case. Throws {@link ProfileError} with every fault.
 */
export function loadProfile(file: unknown): Profile {
  const parsed = profileSchema.safeParse(file);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ProfileError(`not an accounting profile:\n${faults.join('\n')}`);
}

/** Rises when what is made of a profile changes though the file does not. */
const ENTRIES_VERSION = 2;
/** Bits of a hash that stay a whole number everywhere and short in the name of a table. */
const HASH_DIGITS = 7;

/** Version of what is built from a profile: it changes with every change of the file, which is then built anew. */
export const profileVersion = (profile: Profile): number =>
  Number.parseInt(
    createHash('sha256')
      .update(`${ENTRIES_VERSION} ${canonicalJson(JSON.parse(JSON.stringify(profile)))}`)
      .digest('hex')
      .slice(0, HASH_DIGITS),
    16,
  );

/** The profiles that come with the program. */
export const profiles: readonly Profile[] = [general, vnPublic].map(loadProfile);

/** The profile a book is written in when nobody asks for another. */
export const DEFAULT_PROFILE = 'vn-public';

export const profileNamed = (name: string): Profile | undefined =>
  profiles.find((profile) => profile.name === name);
