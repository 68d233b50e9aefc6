import type { Projection } from '#read-models';
import { annualAid, annualReceipts, annualStated } from './annual-funding/received.ts';
import { needs } from './needs/needs.ts';
import { programmes } from './programmes/programmes.ts';

export * from './annual-funding/annual-funding.ts';
export * from './needs/needs.ts';
export * from './programmes/programmes.ts';

/** Every read model of the programmes, their needs and the annual funding table. */
export const programmeProjections: readonly Projection[] = [
  programmes,
  needs,
  annualStated,
  annualReceipts,
  annualAid,
];
