import type { Projection } from '#read-models';
import { profiles } from './profile.ts';
import { entriesProjection } from './read-models/entries.ts';
import { vouchersProjection } from './read-models/vouchers.ts';

export { handlers, voucherSchema } from './application/vouchers.ts';
export * from './book.ts';
export * from './domain/events.ts';
export { type VoucherState, voucherKind } from './domain/voucher.ts';
export { type BookName, BOOK_NAMES, DETAILS, type Detail, type Profile } from './domain/profile.ts';
export { type Entry, entriesOf } from './domain/entries.ts';
export { type Leg, LEG_KINDS, type LegKind } from './domain/leg.ts';
export { legsOf } from './domain/legs.ts';
export { emptyPast, type Past } from './domain/past.ts';
export * from './exports/export.ts';
export { TOOL_NAMES, type ToolName } from './exports/plain.ts';
export {
  DEFAULT_PROFILE,
  ProfileError,
  loadProfile,
  profileNamed,
  profileVersion,
  profiles,
} from './profile.ts';
export { momentOf, paperworkOf, placeText } from './paperwork.ts';
export * from './read-book.ts';
export { entriesProjection } from './read-models/entries.ts';
export { PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from './read-models/read-lines.ts';
export { refusals } from './refusals.ts';
export { csvLines } from './render/csv.ts';
export { type BookOnPaper, pdfOf } from './render/pdf.ts';
export { handOverBook, handOverPdf, markOf, voucherPdf } from './render/voucher-pdf.ts';
export { xlsxOf } from './render/xlsx.ts';

export * from './vouchers/list-vouchers.ts';
export { type Names, NO_NAMES, namesFrom } from './vouchers/people.ts';
export { type VoucherQuery, readVoucher } from './vouchers/read-voucher.ts';
export { voucherFileFormat } from './vouchers/file-format.ts';
export * from './vouchers/voucher.ts';

/** The entries of every profile, and where each voucher is. */
export const bookProjections: readonly Projection[] = [
  ...profiles.map((profile) => entriesProjection(profile)),
  vouchersProjection,
];
