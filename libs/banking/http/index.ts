import type { Endpoint } from '#http';
import { bookBankFeeEndpoint } from './book-bank-fee.ts';
import { bookBankInterestEndpoint } from './book-bank-interest.ts';
import { holdBankLineEndpoint } from './hold-bank-line.ts';
import { importBankStatementEndpoint } from './import-bank-statement.ts';
import { listBankAccountsEndpoint } from './list-bank-accounts.ts';
import { listBankLinesEndpoint } from './list-bank-lines.ts';
import { listOpenEntriesEndpoint } from './list-open-entries.ts';
import { matchBankLinesEndpoint } from './match-bank-lines.ts';
import { receiveBankLineEndpoint } from './receive-bank-line.ts';
import { recordBankLinesEndpoint } from './record-bank-lines.ts';
import { registerBankAccountEndpoint } from './register-bank-account.ts';
import { saveBankLayoutEndpoint } from './save-bank-layout.ts';
import { showReconciliationEndpoint } from './show-reconciliation.ts';
import { splitBankLineEndpoint } from './split-bank-line.ts';
import { unmatchBankLineEndpoint } from './unmatch-bank-line.ts';

export { importBankFileRoute } from './import-file.ts';
export { matchEndpoints } from './match-account.ts';

/** Commands of the banking capability over HTTP. */
export const commandEndpoints: readonly Endpoint[] = [
  registerBankAccountEndpoint,
  saveBankLayoutEndpoint,
  recordBankLinesEndpoint,
  importBankStatementEndpoint,
  matchBankLinesEndpoint,
  splitBankLineEndpoint,
  unmatchBankLineEndpoint,
  holdBankLineEndpoint,
  receiveBankLineEndpoint,
  bookBankInterestEndpoint,
  bookBankFeeEndpoint,
];

/** Reads of the banking capability over HTTP. */
export const queryEndpoints: readonly Endpoint[] = [
  listBankAccountsEndpoint,
  listBankLinesEndpoint,
  listOpenEntriesEndpoint,
  showReconciliationEndpoint,
];
