import type { Projection } from '#read-models';
import { pledges } from './pledge-ageing/pledge-ageing.ts';

export * from './pledge-ageing/pledge-ageing.ts';

/** Every read model of the pledges. */
export const pledgeProjections: readonly Projection[] = [pledges];
