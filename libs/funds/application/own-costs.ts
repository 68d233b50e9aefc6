import {
  type Handler,
  amountSchema,
  commoditySchema,
  daySchema,
  idSchema,
  periodSchema,
  textSchema,
} from '#platform';
import { z } from 'zod';
import {
  BASIS_POINTS_MAX,
  decideRecordExpense,
  decideRecordIncome,
  decideSetAdminCap,
} from '../domain/own-costs.ts';
import {
  approvable,
  bookAndProgramme,
  bookOf,
  bookState,
  coversOf,
  limitsIn,
  nullable,
  onBook,
  poolAmountsSchema,
  restrictionSchema,
  sourceSchema,
  streamsOf,
} from './shared.ts';

const incomeSchema = z.strictObject({
  ...onBook,
  account: idSchema,
  kind: z.enum(['interest', 'surplus', 'other']),
  commodity: commoditySchema,
  amount: amountSchema,
  restriction: restrictionSchema.default({}),
  period: nullable(periodSchema),
  narrative: nullable(textSchema()),
});

/** Records what the fund earned by itself, in the pool it is stated for. */
export const recordIncome: Handler<z.infer<typeof incomeSchema>> = {
  name: 'record-income',
  schema: incomeSchema,
  personal: ['narrative'],
  streams: (body) => [
    bookOf(body),
    ...streamsOf({
      programme: body.restriction.programme,
      beneficiaries: [body.restriction.beneficiary],
    }),
  ],
  decide: (body, states, context) => {
    const restriction = limitsIn(states, body.restriction, body.effectiveOn);
    if (!restriction.ok) return restriction;
    const command = { ...body, restriction: restriction.value };
    return decideRecordIncome(command, bookState(body, states), context);
  },
};

/** What an own cost may be. */
export const expenseKindSchema = z.enum(['administration', 'bank-fee', 'shortage', 'other']);

export const expenseSchema = z.strictObject({
  ...onBook,
  account: idSchema,
  kind: expenseKindSchema,
  commodity: commoditySchema,
  amount: amountSchema,
  programme: nullable(idSchema),
  purpose: nullable(idSchema),
  pools: poolAmountsSchema.meta({ description: 'Empty: the general pool' }),
  proposedBy: nullable(idSchema).meta({
    description: 'Who asked for it: needed for what goes over the cap; never the one who records it',
  }),
  payeePerson: idSchema
    .optional()
    .meta({ description: 'Id of the person who is paid: they neither ask for it nor record it' }),
  narrative: nullable(textSchema()),
});
type ExpenseBody = z.infer<typeof expenseSchema>;

export const expenseStreams = bookAndProgramme;

/** The decision on an expense, at once or with the approvals of several. */
export const expenseDecided = approvable<ExpenseBody>((body, states, context) =>
  decideRecordExpense(body, bookState(body, states), coversOf(states), context),
);

/** Records what the fund spent on itself, under the cap on such costs. */
export const recordExpense: Handler<ExpenseBody> = {
  name: 'record-expense',
  schema: expenseSchema,
  personal: ['narrative'],
  streams: (body) => expenseStreams(body),
  decide: (body, states, context) => expenseDecided(body, states, context),
};

const DIMENSIONS = ['programme', 'place', 'group', 'beneficiary', 'purpose', 'until'] as const;

const capSchema = z.strictObject({
  ...onBook,
  basisPoints: nullable(z.number().int().min(0).max(BASIS_POINTS_MAX)).meta({
    description: 'Hundredths of a per cent of the base: 500 is 5 %. Null: no cap from that day on',
  }),
  sources: z
    .array(sourceSchema)
    .max(sourceSchema.options.length)
    .meta({ description: 'Only income from these sources is in the base' }),
  without: z
    .array(z.enum(DIMENSIONS))
    .max(DIMENSIONS.length)
    .meta({ description: 'Income restricted in any of these is not in the base' }),
  kinds: z.array(expenseKindSchema).max(expenseKindSchema.options.length),
  validFrom: daySchema,
  overrideApprover: nullable(idSchema).meta({ description: 'Who may record what goes over it' }),
  proposedBy: idSchema,
});

/** Sets the cap on the fund's own costs from a day on. */
export const setAdminCap: Handler<z.infer<typeof capSchema>> = {
  name: 'set-admin-cap',
  schema: capSchema,
  personal: [],
  streams: (body) => [bookOf(body)],
  decide: (body, states, context) => decideSetAdminCap(body, bookState(body, states), context),
};
