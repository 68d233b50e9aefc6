import type { Endpoint } from '#http';
import { attachVoucherFileEndpoint } from './attach-voucher-file.ts';
import { exportJournalEndpoint } from './export-journal.ts';
import { listProfilesEndpoint } from './list-profiles.ts';
import { listVouchersEndpoint } from './list-vouchers.ts';
import { printVoucherEndpoint } from './print-voucher.ts';
import { showBookEndpoint } from './show-book.ts';

export { showVoucherEndpoint } from './show-voucher.ts';
export { uploadVoucherFileRoute } from './upload-voucher-file.ts';

/** Commands of the books capability over HTTP. */
export const commandEndpoints: readonly Endpoint[] = [printVoucherEndpoint, attachVoucherFileEndpoint];

/** Reads of the books capability over HTTP. */
export const queryEndpoints: readonly Endpoint[] = [
  showBookEndpoint,
  exportJournalEndpoint,
  listProfilesEndpoint,
  listVouchersEndpoint,
];
