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
import { LINES_MAX, decideProposeDisbursement } from '../domain/propose-disbursement.ts';
import {
  bookOf,
  bookState,
  checkBeneficiary,
  checkProgramme,
  coversOf,
  nullable,
  onBook,
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

const schema = z.strictObject({
  ...onBook,
  commodity: commoditySchema,
  amount: amountSchema,
  programme: nullable(idSchema),
  group: nullable(idSchema),
  purpose: nullable(idSchema),
  lines: z.array(lineSchema).max(LINES_MAX, 'LINES_OUT_OF_BOUNDS'),
  pools: poolAmountsSchema,
  payee: nullable(textSchema()),
  narrative: nullable(textSchema()),
});
type Body = z.infer<typeof schema>;

/** Proposes to hand something over: to whom, where, how much, out of which pools. */
export const proposeDisbursement: Handler<Body> = {
  name: 'propose-disbursement',
  schema,
  personal: ['payee', 'narrative'],
  streams: (body) => [
    bookOf(body),
    ...streamsOf({ programme: body.programme, beneficiaries: body.lines.map((line) => line.beneficiary) }),
  ],
  decide: (body, states, context) => {
    const programme = checkProgramme(states, body.programme);
    if (!programme.ok) return programme;
    const lines = linesIn(body, states);
    if (!lines.ok) return lines;
    const command = { ...body, lines: lines.value };
    return decideProposeDisbursement(command, bookState(body, states), coversOf(states), context);
  },
};

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
