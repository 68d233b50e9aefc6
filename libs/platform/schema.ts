import { isCurrency, isDay, isGoodCode, isId } from '#kernel';
import { z } from 'zod';

/** Characters of one personal free text: a narrative, a reason; not a document. */
export const TEXT_CHARS_MAX = 4_000;
/** Entries of one list in a command body. */
export const LIST_ITEMS_MAX = 200;

/** An opaque id of a fund, donor, beneficiary …; refused as `ID_INVALID`. */
export const idSchema = z
  .string()
  .refine(isId, 'ID_INVALID')
  .meta({ pattern: '^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$', examples: ['qbt-06'] });

/** The UUID of a command, and so of the disbursement or allocation it made. */
export const uuidSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, 'UUID_INVALID')
  .meta({ format: 'uuid' });

/** A real day of the calendar, `YYYY-MM-DD`; refused as `DATE_INVALID`. */
export const daySchema = z
  .string()
  .refine(isDay, 'DATE_INVALID')
  .meta({ format: 'date', examples: ['2023-12-31'] });

/** Longer than any amount that is allowed; what the text says is judged by the domain, which has the codes. */
const AMOUNT_CHARS_MAX = 40;

/** An amount in minor units as a decimal string. A JSON number is refused, because floats lose đồng. */
export const amountSchema = z
  .string({ error: ({ input }) => (input === undefined ? undefined : 'AMOUNT_NOT_A_STRING') })
  .max(AMOUNT_CHARS_MAX, 'AMOUNT_TOO_LARGE')
  .meta({ description: 'Minor units, decimal string', examples: ['95076000'] });

// oxlint-disable-next-line no-control-regex -- control characters are what is refused here
const PRINTABLE = /^[^\u0000-\u0008\u000b-\u001f\u007f\ud800-\udfff]*$/u;

/** Text of at most `max` characters that is not blank and has no control characters but tabs and line ends. */
export const textSchema = (max: number = TEXT_CHARS_MAX): z.ZodString =>
  z.string().max(max, 'TEXT_TOO_LONG').regex(PRINTABLE, 'TEXT_INVALID').regex(/\S/, 'TEXT_BLANK');

/** The name of an institution, a programme or a unit; not of a person. */
export const nameSchema = textSchema(200);

/** A currency by ISO 4217 or the code of a good; whether a book counts it is the book's to say. */
export const commoditySchema = z
  .string()
  .refine((code) => isCurrency(code) || isGoodCode(code), 'COMMODITY_INVALID')
  .meta({ examples: ['VND'] });

/** A place as people name it: its official code on that day and, when given, the name it must bear. */
export const placeRefSchema = z.strictObject({
  code: z
    .string()
    .regex(/^\d{2,5}$/, 'PLACE_CODE_INVALID')
    .meta({ examples: ['062'] }),
  name: textSchema(200)
    .meta({ examples: ['Huyện Ngân Sơn'] })
    .optional(),
});
export type PlaceRef = z.infer<typeof placeRefSchema>;

/** A period a figure sums up, both ends inclusive. */
export const periodSchema = z.strictObject({
  from: daySchema,
  to: daySchema,
  dated: z.boolean().meta({ description: 'false: the source gives no date' }),
});

/** A fiscal year, the calendar year. */
export const yearSchema = z.number().int().min(1975, 'YEAR_INVALID').max(9999, 'YEAR_INVALID');
