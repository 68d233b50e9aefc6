import { bankProjections } from '#banking';
import { bookProjections } from '#books';
import { fundProjections } from '#funds';
import { placeProjections } from '#places';
import { pledgeProjections } from '#pledges';
import { programmeProjections } from '#programmes';
import type { Projection } from '#read-models';

/** Every read model there is. */
export const allProjections: readonly Projection[] = [
  ...fundProjections,
  ...placeProjections,
  ...pledgeProjections,
  ...programmeProjections,
  ...bankProjections,
  ...bookProjections,
];
