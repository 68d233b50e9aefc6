import type { LedgerEvent } from '#kernel';
import type { Directory } from '#platform';
import type { BankAccountEvent, BankAccountRegistered } from '../domain/events.ts';

/** The accounts of books that are kept in each bank account. */
export type BooksOfBankAccounts = Map<string, BankAccountRegistered['books']>;

/** All bank accounts, in memory: some for each fund. */
export const bankAccountDirectory: Directory<BooksOfBankAccounts> = {
  prefix: 'bankaccount-',
  initial: () => new Map(),
  evolve: (accounts, event: LedgerEvent) => {
    const { type, data } = event as BankAccountEvent;
    if (type === 'bankaccount.registered.v1') accounts.set(data.account, data.books);
    return accounts;
  },
};
