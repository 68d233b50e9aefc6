import { type Handler, amountSchema, commoditySchema, textSchema } from '#platform';
import { z } from 'zod';
import { batchKind, decideEnterBatch } from '../domain/batch.ts';
import { batchStream } from '../domain/events.ts';

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/, 'HASH_INVALID');
const whole = z.number().int().min(0);
/** Commodities in one batch. */
const COMMODITIES_MAX = 200;

const totalsSchema = z.strictObject({
  count: whole,
  sums: z.array(z.strictObject({ commodity: commoditySchema, amount: amountSchema })).max(COMMODITIES_MAX),
});

const schema = z.strictObject({
  batch: z.string().regex(/^[0-9a-f]{32}$/, 'ID_INVALID'),
  kind: textSchema(63),
  file: hashSchema,
  report: hashSchema,
  declared: totalsSchema,
  found: totalsSchema,
  recorded: whole,
  there: whole,
  refused: whole,
  notTried: whole,
});

/** Records that a batch was entered; the service that enters rows sends it when they are through. */
export const enterBatch: Handler<z.infer<typeof schema>> = {
  name: 'enter-batch',
  schema,
  personal: [],
  streams: ({ batch }) => [batchStream(batch)],
  decide: (body, states, context) =>
    decideEnterBatch(body, states.of(batchKind, batchStream(body.batch)), context),
};
