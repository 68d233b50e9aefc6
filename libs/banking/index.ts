import type { AnyHandler } from '#platform';
import { bookBankFee, bookBankInterest, holdBankLine, receiveBankLine } from './application/book-lines.ts';
import {
  acceptReconciliation,
  matchBankLines,
  splitBankLine,
  unmatchBankLine,
} from './application/match-lines.ts';
import { importBankStatement, recordBankLines } from './application/record-lines.ts';
import { registerBankAccount, saveBankLayout } from './application/register-account.ts';

export { bankAccountDirectory } from './application/account-directory.ts';
export { type LineCandidates, type Proposal, candidatesOf } from './application/candidates.ts';
export { checkFigures } from './application/check-figures.ts';
export * from './application/hold-lines.ts';
export * from './application/import-file.ts';
export { type MatchReport, matchAccount } from './application/match-account.ts';
export type { MatchPorts } from './application/open-board.ts';
export { type BankAccountState, type BankState, bankAccountKind, bankKind } from './domain/bank.ts';
export * from './domain/events.ts';
export { exceptionTexts } from './domain/exceptions.ts';
export { RULES, RULES_DEFAULT, type RuleId } from './domain/match/match.ts';
export { refusals } from './domain/refusals.ts';
export * from './read-models/index.ts';

/** Every command of the banking capability. */
export const handlers = {
  registerBankAccount,
  saveBankLayout,
  recordBankLines,
  importBankStatement,
  matchBankLines,
  splitBankLine,
  unmatchBankLine,
  holdBankLine,
  receiveBankLine,
  bookBankInterest,
  bookBankFee,
  acceptReconciliation,
} satisfies Record<string, AnyHandler>;
