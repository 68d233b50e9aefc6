import { type Handler, idSchema, textSchema, yearSchema } from '#platform';
import { z } from 'zod';
import { bookKind } from '../domain/book.ts';
import { bookStream } from '../domain/events.ts';
import { decideLockPeriod, decideUnlockPeriod } from '../domain/periods.ts';
import { nullable } from './shared.ts';

const MONTHS = 12;

const onPeriod = { fund: idSchema, year: yearSchema, month: z.number().int().min(1).max(MONTHS) };

const lockSchema = z.strictObject({
  ...onPeriod,
  reason: nullable(textSchema()).meta({
    description: 'Why it is locked although the checklist is not clear; null: it is clear',
  }),
});

/** Locks the months of a book through one that is over. */
export const lockPeriod: Handler<z.infer<typeof lockSchema>> = {
  name: 'lock-period',
  schema: lockSchema,
  personal: ['reason'],
  streams: ({ fund, year }) => [bookStream(fund, year)],
  decide: (body, states, context) =>
    decideLockPeriod(body, states.of(bookKind, bookStream(body.fund, body.year)), context),
};

const unlockSchema = z.strictObject({ ...onPeriod, reason: textSchema() });

/** Opens the last locked month of a book again. */
export const unlockPeriod: Handler<z.infer<typeof unlockSchema>> = {
  name: 'unlock-period',
  schema: unlockSchema,
  personal: ['reason'],
  streams: ({ fund, year }) => [bookStream(fund, year)],
  decide: (body, states, context) =>
    decideUnlockPeriod(body, states.of(bookKind, bookStream(body.fund, body.year)), context),
};
