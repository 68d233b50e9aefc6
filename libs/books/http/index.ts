import type { Endpoint } from '#http';
import { exportJournalEndpoint } from './export-journal.ts';
import { listProfilesEndpoint } from './list-profiles.ts';
import { showBookEndpoint } from './show-book.ts';

/** Reads of the books capability over HTTP. */
export const queryEndpoints: readonly Endpoint[] = [
  showBookEndpoint,
  exportJournalEndpoint,
  listProfilesEndpoint,
];
