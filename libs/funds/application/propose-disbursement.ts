import { type Result, ok } from '#kernel';
import { beneficiaryKind, beneficiaryStream } from '#people';
import {
  type Handler,
  type States,
  amountSchema,
  commoditySchema,
  idSchema,
  placeRefSchema,
  textSchema,
} from '#platform';
import { z } from 'zod';
import type { DisbursementLine } from '../domain/events.ts';
import {
  LINES_MAX,
  decideChangeDisbursement,
  decideProposeDisbursement,
} from '../domain/propose-disbursement.ts';
import {
  bookOf,
  bookState,
  checkBeneficiary,
  checkProgramme,
  coversOf,
  nullable,
  onBook,
  onDisbursement,
  placeIn,
  poolAmountsSchema,
  streamsOf,
} from './shared.ts';

const CHILDREN_MAX = 10_000_000;

const lineSchema = z.strictObject({
  amount: amountSchema,
  beneficiary: nullable(idSchema),
  place: nullable(placeRefSchema),
  children: nullable(z.number().int().min(1).max(CHILDREN_MAX)),
});

const proposed = {
  ...onBook,
  commodity: commoditySchema,
  amount: amountSchema,
  programme: nullable(idSchema),
  group: nullable(idSchema),
  purpose: nullable(idSchema),
  lines: z.array(lineSchema).max(LINES_MAX, 'LINES_OUT_OF_BOUNDS'),
  pools: poolAmountsSchema,
  payee: nullable(textSchema()),
  payeePerson: idSchema.optional().meta({
    description:
      'Id of the person who is paid, where it is one the ledger knows: they neither propose nor approve it',
  }),
  narrative: nullable(textSchema()),
};

const schema = z.strictObject(proposed);
type Body = z.infer<typeof schema>;

/** Proposes to hand something over: to whom, where, how much, out of which pools. */
export const proposeDisbursement: Handler<Body> = {
  name: 'propose-disbursement',
  schema,
  personal: ['payee', 'narrative'],
  streams: (body) => streamsBehind(body),
  decide: (body, states, context) => {
    const command = resolved(body, states);
    if (!command.ok) return command;
    return decideProposeDisbursement(command.value, bookState(body, states), coversOf(states), context);
  },
};

const changeSchema = z.strictObject({ ...proposed, ...onDisbursement, reason: textSchema() });

/** Writes a proposal anew before it is approved; approvals given so far are void. */
export const changeDisbursement: Handler<z.infer<typeof changeSchema>> = {
  name: 'change-disbursement',
  schema: changeSchema,
  personal: ['payee', 'narrative', 'reason'],
  streams: (body) => streamsBehind(body),
  decide: (body, states, context) => {
    const command = resolved(body, states);
    if (!command.ok) return command;
    return decideChangeDisbursement(command.value, bookState(body, states), coversOf(states), context);
  },
};

const streamsBehind = (body: Body): string[] => [
  bookOf(body),
  ...streamsOf({ programme: body.programme, beneficiaries: body.lines.map((line) => line.beneficiary) }),
];

/** The command with everything it names known and its places resolved. */
function resolved<B extends Body>(
  body: B,
  states: States,
): Result<Omit<B, 'lines'> & { lines: DisbursementLine[] }> {
  const programme = checkProgramme(states, body.programme);
  if (!programme.ok) return programme;
  const lines = linesIn(body, states);
  return lines.ok ? ok({ ...body, lines: lines.value }) : lines;
}

/** The lines with known beneficiaries and resolved places; a line without a place takes its beneficiary's. */
function linesIn(body: Body, states: States): Result<DisbursementLine[]> {
  const lines: DisbursementLine[] = [];
  for (const line of body.lines) {
    const known = checkBeneficiary(states, line.beneficiary);
    if (!known.ok) return known;
    const place = placeIn(states, line.place, body.effectiveOn);
    if (!place.ok) return place;
    const home =
      line.beneficiary === null
        ? null
        : states.of(beneficiaryKind, beneficiaryStream(line.beneficiary)).place;
    lines.push({ ...line, place: place.value ?? home });
  }
  return ok(lines);
}
