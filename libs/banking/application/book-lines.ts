import { eventId } from '#event-log';
import { handlers as funds, giftFields, poolAmountsSchema, rateSchema, restrictionSchema } from '#funds';
import { ok, yearOf } from '#kernel';
import { type Handler, daySchema, idSchema, periodSchema, textSchema } from '#platform';
import { z } from 'zod';
import { type BookedAs, type LineMoney, lineToBook } from '../domain/book-line.ts';
import { bankAccountStream, bankStream } from '../domain/events.ts';
import { decideMatchLines } from '../domain/match-lines.ts';
import { accountState, bankState, onYear, unitSchema } from './shared.ts';

const nullable = <T extends z.ZodType>(schema: T): z.ZodDefault<z.ZodNullable<T>> =>
  schema.nullable().default(null as never);

/** What every command that books a line says of it. */
const onLine = {
  ...onYear,
  line: unitSchema,
  fund: idSchema,
  bookAccount: nullable(idSchema).meta({ description: 'Null: the only one of the fund in the bank account' }),
  effectiveOn: daySchema.meta({ description: 'The day of the line, or a later one whose book is open' }),
};
const onLineSchema = z.strictObject(onLine);
type OnLine = z.infer<typeof onLineSchema>;

interface Booking<Body extends OnLine, Recorded> {
  readonly name: string;
  readonly as: BookedAs;
  readonly schema: z.ZodType<Body>;
  /** The command of the funds that books it. */
  readonly record: Handler<Recorded>;
  readonly recorded: (body: Body, money: LineMoney) => Recorded;
}

/** Says of streams nothing that depends on it: which are read is known before the line is. */
const NO_MONEY: LineMoney = { account: '', commodity: '', amount: '0', direction: 'in' };

/** Years around a line in which its entry could be matched already. */
const yearsOf = ({ year, effectiveOn }: OnLine): number[] =>
  [...new Set([year - 1, year, year + 1, yearOf(effectiveOn)])].toSorted((a, b) => a - b);

/**
 * Makes a command that books a line and matches it with what it was booked as, all or nothing. A line is booked once
 * for ever, whoever asks how often.
 */
const bookingOf = <Body extends OnLine, Recorded>({
  name,
  as,
  schema,
  record,
  recorded,
}: Booking<Body, Recorded>): Handler<Body> => ({
  name,
  schema,
  personal: ['narrative' as keyof Body & string],
  streams: (body, context, known) => [
    ...record.streams(recorded(body, NO_MONEY), context, known),
    bankAccountStream(body.account),
    ...yearsOf(body).map((year) => bankStream(body.account, year)),
  ],
  decide: (body, states, context) => {
    const { account, year, line, fund, effectiveOn } = body;
    const bank = bankState(body, states);
    const money = lineToBook(body, as, accountState(body, states), bank);
    if (!money.ok) return money;
    const booked = record.decide(recorded(body, money.value), states, context);
    if (!booked.ok) return booked;
    const { amount, direction } = money.value;
    // The money event is the first of the command, whatever follows it.
    const entry = { entry: eventId(context.commandId, 0), fund, amount, direction, day: effectiveOn };
    const others = yearsOf(body).filter((of) => of !== year);
    const matched = decideMatchLines(
      { account, year, matches: [{ lines: [line], entries: [entry], rule: as }] },
      bank,
      others.map((of) => bankState({ account, year: of }, states)),
      context,
    );
    return matched.ok ? ok([...booked.value, ...matched.value]) : matched;
  },
});

const onBookOf = (
  { fund, effectiveOn }: OnLine,
  { account, commodity, amount }: LineMoney,
): {
  readonly fund: string;
  readonly effectiveOn: string;
  readonly account: string;
  readonly commodity: string;
  readonly amount: string;
} => ({ fund, effectiveOn, account, commodity, amount });

/** Books money that nobody knows yet: it is held in no pool, so nothing can use it before it is identified. */
export const holdBankLine = bookingOf({
  name: 'hold-bank-line',
  as: 'holding',
  schema: z.strictObject({ ...onLine, narrative: nullable(textSchema()) }),
  record: funds.recordUnidentifiedReceipt,
  recorded: (body, money) => ({
    ...onBookOf(body, money),
    bankLine: body.line,
    narrative: body.narrative,
  }),
});

/** Books a line as a gift that a person knows, on a pledge when it names one. */
export const receiveBankLine = bookingOf({
  name: 'receive-bank-line',
  as: 'receipt',
  schema: z.strictObject({ ...onLine, ...giftFields, rate: nullable(rateSchema) }),
  record: funds.recordReceipt,
  recorded: (body, money) => {
    const { source, donor, place, pledge, restriction, period, narrative } = body;
    const gift = { source, donor, place, pledge, restriction, period, narrative };
    return { ...onBookOf(body, money), ...gift, rate: body.rate, valuation: null };
  },
});

/** Books a line as interest, in the pool it is stated for. */
export const bookBankInterest = bookingOf({
  name: 'book-bank-interest',
  as: 'interest',
  schema: z.strictObject({
    ...onLine,
    restriction: restrictionSchema.default({}),
    period: nullable(periodSchema),
    narrative: nullable(textSchema()),
  }),
  record: funds.recordIncome,
  recorded: (body, money) => {
    const { restriction, period, narrative } = body;
    return { ...onBookOf(body, money), kind: 'interest' as const, restriction, period, narrative };
  },
});

/** Books a line as the bank's fee. */
export const bookBankFee = bookingOf({
  name: 'book-bank-fee',
  as: 'bank-fee',
  schema: z.strictObject({
    ...onLine,
    programme: nullable(idSchema),
    purpose: nullable(idSchema),
    pools: poolAmountsSchema,
    proposedBy: nullable(idSchema),
    narrative: nullable(textSchema()),
  }),
  record: funds.recordExpense,
  recorded: (body, money) => {
    const { programme, purpose, pools, proposedBy, narrative } = body;
    const spent = { programme, purpose, pools, proposedBy, narrative };
    return { ...onBookOf(body, money), kind: 'bank-fee' as const, ...spent };
  },
});
