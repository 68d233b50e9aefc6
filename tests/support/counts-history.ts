import { balanceOf, lastMoveOf } from '../../libs/funds/domain/account-balances.ts';
import { decideCountCash } from '../../libs/funds/domain/counts.ts';
import type { Resolution } from '../../libs/funds/domain/events-counts.ts';
import { decideReceiveCharge, decideResolveCountDifference } from '../../libs/funds/domain/resolve-count.ts';
import { type Choice, itemsOf, part, pick } from './chance.ts';
import { notesOf } from './counts.ts';

/** At most so much too little or too much, in đồng. */
const OFF_MAX = 9;

const count: Choice = ({ fund, book, effectiveOn, random }) => {
  const held = balanceOf(book, 'tien-mat', 'VND');
  const found = held + BigInt(random(2 * OFF_MAX + 1) - OFF_MAX);
  const counted = String(found > 0n ? found : 0n);
  const last = lastMoveOf(book, 'tien-mat', 'VND') ?? effectiveOn;
  const on = {
    fund,
    account: 'tien-mat',
    commodity: 'VND',
    effectiveOn: last > effectiveOn ? last : effectiveOn,
  };
  const minutes = { counted, denominations: notesOf(counted), present: 'ai', files: [], narrative: null };
  return { actor: 'an', decide: (context) => decideCountCash({ ...on, ...minutes }, book, context) };
};

const WAYS: readonly Resolution[] = ['found', 'income', 'charged', 'written-off'];
const LOST: readonly Resolution[] = ['found', 'charged', 'charged', 'written-off'];

const resolve: Choice = (chance) => {
  const { shape, fund, book, effectiveOn, random } = chance;
  const kinds = ['surplus', 'shortage', 'charge'];
  const difference = pick(
    kinds.flatMap((kind) => itemsOf(chance, kind)),
    chance,
  );
  if (difference === undefined) return undefined;
  // Now and then one that the kind does not admit.
  const ways = random(8) === 0 ? WAYS : book.items.get(difference)?.kind === 'shortage' ? LOST : WAYS;
  const how = pick(ways, chance) ?? 'found';
  const command = {
    fund,
    effectiveOn,
    difference,
    how,
    amount: part(chance),
    person: 'nv-1',
    name: null,
    restriction: random(2) ? { programme: pick(shape.programmes, chance) ?? '' } : {},
    programme: null,
    purpose: null,
    pools: [],
    proposedBy: 'an',
    reason: 'ly-do',
  };
  return {
    actor: 'chi',
    decide: (context) => decideResolveCountDifference(command, book, () => false, context),
  };
};

const receiveCharge: Choice = (chance) => {
  const { fund, book, effectiveOn } = chance;
  const charge = pick(itemsOf(chance, 'charge'), chance);
  if (charge === undefined) return undefined;
  const command = { fund, effectiveOn, charge, account: 'tien-mat', amount: part(chance) };
  return { actor: 'an', decide: (context) => decideReceiveCharge(command, book, context) };
};

/** Steps of counts for a random history. */
export const countChoices: readonly Choice[] = [count, count, resolve, resolve, receiveCharge, receiveCharge];
