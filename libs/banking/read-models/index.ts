import type { Projection } from '#read-models';
import { bankAccounts } from './bank-accounts/bank-accounts.ts';
import { bankLines } from './bank-lines/bank-lines.ts';
import { bankMatches } from './bank-matches/bank-matches.ts';
import { bookEntries } from './book-entries/book-entries.ts';

export { type BankAccountRow, readBankAccounts } from './bank-accounts/bank-accounts.ts';
export type { BankSideQuery } from './account.ts';
export * from './lists.ts';
export * from './open.ts';
export type { DecidedMatch } from './open-rows.ts';
export * from './open-side.ts';
export * from './reconciliation/reconciliation.ts';

/** Every read model of the bank accounts. */
export const bankProjections: readonly Projection[] = [bankAccounts, bankLines, bankMatches, bookEntries];
