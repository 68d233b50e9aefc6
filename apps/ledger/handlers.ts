import { type RefusalTable, type StreamKind } from '#kernel';
import {
  bankAccountDirectory,
  bankAccountKind,
  bankKind,
  handlers as banking,
  refusals as bankingRefusals,
} from '#banking';
import { batchKind, handlers as batches, refusals as batchRefusals } from '#batches';
import { handlers as books, refusals as bookRefusals, voucherKind } from '#books';
import { bookKind, handlers as funds, refusals as fundRefusals } from '#funds';
import { beneficiaryKind, donorKind, handlers as people, refusals as peopleRefusals } from '#people';
import { handlers as places, placeDirectory, refusals as placeRefusals } from '#places';
import { type AnyHandler, type Directory, mergeRefusals, platformRefusals } from '#platform';
import { handlers as pledges, pledgeKind, refusals as pledgeRefusals, sponsorshipKind } from '#pledges';
import {
  needKind,
  programmeKind,
  handlers as programmes,
  refusals as programmeRefusals,
  reportKind,
} from '#programmes';
import { makePledgeToFund, registerSponsorshipToFund } from './pledge-to-fund.ts';

/** Every command of every capability. */
export const allHandlers: readonly AnyHandler[] = [
  funds,
  people,
  places,
  { ...pledges, makePledge: makePledgeToFund, registerSponsorship: registerSponsorshipToFund },
  programmes,
  banking,
  books,
  batches,
].flatMap((of): AnyHandler[] => Object.values(of));

/** Every code that a command can be refused with, with its texts. */
export const allRefusals: RefusalTable = mergeRefusals(
  // First: what a cell and a command both refuse is told in the command's words.
  batchRefusals,
  platformRefusals,
  fundRefusals,
  peopleRefusals,
  placeRefusals,
  pledgeRefusals,
  programmeRefusals,
  bankingRefusals,
  bookRefusals,
);

export const streamKinds: readonly StreamKind<unknown>[] = [
  bookKind,
  donorKind,
  beneficiaryKind,
  programmeKind,
  needKind,
  reportKind,
  pledgeKind,
  sponsorshipKind,
  bankAccountKind,
  bankKind,
  voucherKind,
  batchKind,
];

export const directories: readonly Directory<unknown>[] = [placeDirectory, bankAccountDirectory];
