import type { Kind } from '../kind.ts';
import { accounts } from './accounts.ts';
import { advances } from './advances.ts';
import { allocations } from './allocations.ts';
import { beneficiaries } from './beneficiaries.ts';
import { books } from './books.ts';
import { receiptCorrections, receiptReversals, voidedVouchers } from './corrections.ts';
import { expenses, identifications, income, moneyMoves, unidentified } from './daily.ts';
import { disbursements } from './disbursements.ts';
import { donors } from './donors.ts';
import { goods } from './goods.ts';
import { needs } from './needs.ts';
import { places } from './places.ts';
import { pledges } from './pledges.ts';
import { programmes } from './programmes.ts';
import { receipts } from './receipts.ts';
import { sponsorships } from './sponsorships.ts';
import { supplierDebts } from './supplier-debts.ts';
import { support } from './support.ts';

/** Every kind of import file, in the order in which they are imported: each names only what stands before it. */
export const kinds: readonly Kind[] = [
  places,
  programmes,
  donors,
  beneficiaries,
  books,
  accounts,
  goods,
  needs,
  pledges,
  sponsorships,
  receipts,
  unidentified,
  identifications,
  income,
  moneyMoves,
  allocations,
  disbursements,
  expenses,
  advances,
  supplierDebts,
  receiptCorrections,
  receiptReversals,
  voidedVouchers,
  support,
];
