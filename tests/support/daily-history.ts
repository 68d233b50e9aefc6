import { decideOpenAccount } from '../../libs/funds/domain/extend-book.ts';
import { decideMoveOwnMoney, decideReceiveOwnMoney } from '../../libs/funds/domain/own-money.ts';
import {
  decideRecordExpense,
  decideRecordIncome,
  decideSetAdminCap,
} from '../../libs/funds/domain/own-costs.ts';
import {
  decideIdentifyReceipt,
  decideRecordUnidentifiedReceipt,
  decideReturnUnidentifiedReceipt,
} from '../../libs/funds/domain/unidentified-receipt.ts';
import { type Chance, type Choice, type ChosenStep, itemsOf, part, pick, some } from './chance.ts';
import { countChoices } from './counts-history.ts';
import { debtChoices } from './debts-history.ts';

const recordUnidentified: Choice = ({ shape, fund, book, effectiveOn, random }) => {
  const amount = some(shape.giftMax, random);
  const command = { fund, effectiveOn, account: 'tien-mat', commodity: 'VND', amount };
  return {
    actor: 'an',
    decide: (context) =>
      decideRecordUnidentifiedReceipt({ ...command, bankLine: null, narrative: null }, book, context),
  };
};

const identify: Choice = (chance) => {
  const { shape, fund, book, effectiveOn, random } = chance;
  const unidentified = pick(itemsOf(chance, 'unidentified'), chance);
  if (unidentified === undefined) return undefined;
  const amount = part(chance);
  const donor = `d-${random(shape.donors)}`;
  const restriction = random(3) === 0 ? { programme: pick(shape.programmes, chance) ?? '' } : {};
  const labels = {
    source: 'voluntary',
    donor,
    restriction,
    place: null,
    pledge: null,
    period: null,
  } as const;
  return {
    actor: 'an',
    decide: (context) =>
      decideIdentifyReceipt(
        { fund, effectiveOn, unidentified, amount, narrative: null, ...labels },
        book,
        context,
      ),
  };
};

const sendBack: Choice = (chance) => {
  const { fund, book, effectiveOn } = chance;
  const unidentified = pick(itemsOf(chance, 'unidentified'), chance);
  if (unidentified === undefined) return undefined;
  const command = { fund, effectiveOn, unidentified, account: 'tien-mat', reason: 'gui-nham' };
  const amount = part(chance);
  return {
    actor: 'an',
    decide: (context) => decideReturnUnidentifiedReceipt({ ...command, amount }, book, context),
  };
};

/** A second account, so that there is somewhere to move money to. */
const openBank: Choice = ({ fund, book, effectiveOn }) =>
  book.accounts.has('vcb')
    ? undefined
    : {
        actor: 'an',
        decide: (context) =>
          decideOpenAccount({ fund, effectiveOn, account: 'vcb', kind: 'bank' }, book, context),
      };

const moveOwn: Choice = ({ shape, fund, book, effectiveOn, random }) => {
  const [from = '', to = ''] = random(2) ? ['tien-mat', 'vcb'] : ['vcb', 'tien-mat'];
  const amount = some(shape.giftMax, random);
  const inTransit = random(2) === 0;
  const command = { fund, effectiveOn, from, to, commodity: 'VND', amount, inTransit, narrative: null };
  return { actor: 'an', decide: (context) => decideMoveOwnMoney(command, book, context) };
};

const receiveOwn: Choice = (chance) => {
  const { fund, book, effectiveOn } = chance;
  const move = pick(itemsOf(chance, 'transit'), chance);
  if (move === undefined) return undefined;
  const command = { fund, effectiveOn, move, account: 'vcb', amount: part(chance) };
  return { actor: 'an', decide: (context) => decideReceiveOwnMoney(command, book, context) };
};

const earn: Choice = ({ shape, fund, book, effectiveOn, random }) => {
  const restriction = random(2) ? { programme: shape.programmes[random(shape.programmes.length)] ?? '' } : {};
  const amount = some(shape.giftMax, random);
  const command = { fund, effectiveOn, account: 'tien-mat', commodity: 'VND', amount, restriction };
  return {
    actor: 'an',
    decide: (context) =>
      decideRecordIncome({ ...command, kind: 'interest', period: null, narrative: null }, book, context),
  };
};

const spend: Choice = ({ shape, fund, book, effectiveOn, random }) => {
  const kind = random(2) ? 'bank-fee' : 'administration';
  const amount = some(shape.giftMax / 4, random);
  const command = { fund, effectiveOn, account: 'tien-mat', kind, commodity: 'VND', amount } as const;
  const proposedBy = random(2) ? 'an' : null;
  const more = { programme: null, purpose: null, pools: [], proposedBy, narrative: null };
  return {
    actor: 'chi',
    decide: (context) => decideRecordExpense({ ...command, ...more }, book, () => false, context),
  };
};

const setCap: Choice = ({ fund, book, effectiveOn, random }) => ({
  actor: 'chi',
  decide: (context) =>
    decideSetAdminCap(
      {
        fund,
        effectiveOn,
        basisPoints: random(5) === 0 ? null : 1 + random(5_000),
        sources: ['voluntary', 'income'],
        without: random(2) ? ['programme'] : [],
        kinds: ['administration'],
        validFrom: effectiveOn,
        overrideApprover: random(2) ? 'chi' : null,
        proposedBy: 'an',
      },
      book,
      context,
    ),
});

const CHOICES: readonly Choice[] = [
  earn,
  spend,
  spend,
  (chance) => (chance.random(4) === 0 ? setCap(chance) : undefined),
  recordUnidentified,
  identify,
  sendBack,
  (chance) => openBank(chance) ?? moveOwn(chance),
  receiveOwn,
  ...countChoices,
  ...debtChoices,
];

/** A command of daily money for a random history; undefined when there is nothing to do it on. */
export const dailyStep = (chance: Chance): ChosenStep | undefined => pick(CHOICES, chance)?.(chance);
