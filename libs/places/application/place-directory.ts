import type { Directory } from '#platform';
import { type PlaceTree, emptyTree, evolvePlaces } from '../domain/place-tree.ts';

/** All places, in memory: at most some fifteen thousand with every unit that ended. */
export const placeDirectory: Directory<PlaceTree> = {
  prefix: 'place-',
  initial: emptyTree,
  evolve: evolvePlaces,
};
