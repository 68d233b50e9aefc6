import {
  decidePayAdvance,
  decideReturnAdvance,
  decideSettleAdvance,
  decideTopUpAdvance,
} from '../../libs/funds/domain/advances.ts';
import { unopened } from '../../libs/funds/domain/book.ts';
import { decidePaySupplier, decideRecordSupplierDebt } from '../../libs/funds/domain/supplier-debts.ts';
import { type Chance, type Choice, itemsOf, part, pick, some } from './chance.ts';

/** An approved disbursement, half of the time; else own costs. */
const forOne = (chance: Chance): { id: string; amount: string } | undefined => {
  const approved = [...chance.book.open].flatMap(([id, { status, proposal }]) =>
    status === 'approved' ? [{ id, amount: proposal.amount }] : [],
  );
  return chance.random(2) ? pick(approved, chance) : undefined;
};

const OWN = { programme: null, purpose: null, pools: [], proposedBy: null, narrative: null };

const payAdvance: Choice = (chance) => {
  const { shape, fund, book, effectiveOn, random } = chance;
  const one = forOne(chance);
  const command = {
    ...OWN,
    fund,
    effectiveOn,
    account: 'tien-mat',
    person: `nv-${random(2)}`,
    name: null,
    commodity: 'VND',
    amount: one?.amount ?? some(shape.giftMax / 2, random),
    due: random(2) ? `${shape.year}-12-31` : null,
    disbursement: one?.id ?? null,
  };
  return { actor: 'an', decide: (context) => decidePayAdvance(command, book, () => false, context) };
};

const onAdvance = (
  chance: Chance,
): { fund: string; effectiveOn: string; advance: string; disbursement: string | null } | undefined => {
  const advance = pick(itemsOf(chance, 'advance'), chance);
  if (advance === undefined) return undefined;
  const { fund, effectiveOn, book } = chance;
  return { fund, effectiveOn, advance, disbursement: book.advances.get(advance)?.disbursement ?? null };
};

const topUp: Choice = (chance) => {
  const on = onAdvance(chance);
  if (on === undefined) return undefined;
  const amount = some(chance.shape.giftMax / 4, chance.random);
  const command = { ...on, account: 'tien-mat', amount, pools: [], proposedBy: null };
  return {
    actor: 'an',
    decide: (context) => decideTopUpAdvance(command, chance.book, () => false, context),
  };
};

const settle: Choice = (chance) => {
  const on = onAdvance(chance);
  if (on === undefined) return undefined;
  const own = { amount: part(chance), kind: 'administration' } as const;
  const what = on.disbursement === null ? own : { amount: null, kind: null };
  const command = { ...on, ...what, pools: [], proposedBy: null, narrative: null };
  return {
    actor: 'an',
    decide: (context) => decideSettleAdvance(command, chance.book, () => false, context),
  };
};

const returnAdvance: Choice = (chance) => {
  const on = onAdvance(chance);
  if (on === undefined) return undefined;
  const command = { ...on, account: 'tien-mat', amount: part(chance) };
  return { actor: 'an', decide: (context) => decideReturnAdvance(command, chance.book, context) };
};

const invoice: Choice = (chance) => {
  const { shape, fund, book, effectiveOn, random } = chance;
  const one = forOne(chance);
  const command = {
    ...OWN,
    fund,
    effectiveOn,
    supplier: `ncc-${random(2)}`,
    name: null,
    invoice: `HD-${random(50)}`,
    invoiceDay: effectiveOn,
    due: null,
    commodity: 'VND',
    amount: one?.amount ?? some(shape.giftMax / 2, random),
    disbursement: one?.id ?? null,
    kind: one === undefined ? ('other' as const) : null,
  };
  return {
    actor: 'an',
    decide: (context) => decideRecordSupplierDebt(command, book, unopened(), () => false, context),
  };
};

const paySupplier: Choice = (chance) => {
  const { fund, book, effectiveOn } = chance;
  const debt = pick(itemsOf(chance, 'supplier-debt'), chance);
  if (debt === undefined) return undefined;
  const command = { fund, effectiveOn, debt, account: 'tien-mat', amount: part(chance) };
  return { actor: 'an', decide: (context) => decidePaySupplier(command, book, context) };
};

/** Steps of advances and supplier debts for a random history; credit notes need the past of a debt. */
export const debtChoices: readonly Choice[] = [
  payAdvance,
  topUp,
  settle,
  settle,
  returnAdvance,
  invoice,
  paySupplier,
];
