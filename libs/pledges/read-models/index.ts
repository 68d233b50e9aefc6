import type { Projection } from '#read-models';
import { pledges } from './pledge-ageing/pledge-ageing.ts';
import { sponsorships } from './sponsorships/sponsorships.ts';

export {
  AGES,
  type Age,
  type Ageing,
  type AgeingQuery,
  type AgeingRow,
  type AgeingSums,
  type DonorAgeingRow,
  type PledgeQuery,
  type PledgeRow,
  type ReminderRow,
  pledges,
  readDueReminders,
  readPledgeAgeing,
} from './pledge-ageing/pledge-ageing.ts';
export * from './sponsorships/sponsorships.ts';

/** Every read model of the pledges. */
export const pledgeProjections: readonly Projection[] = [pledges, sponsorships];
