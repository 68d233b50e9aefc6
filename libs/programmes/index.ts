import type { AnyHandler } from '#platform';
import { openNeed } from './application/open-need.ts';
import { openProgramme } from './application/open-programme.ts';
import { reportSupport } from './application/report-support.ts';
import { closeNeed, meetNeed, verifyNeed } from './application/step-need.ts';

export * from './domain/events.ts';
export * from './read-models/index.ts';
export { refusals } from './domain/refusals.ts';
export * from './domain/states.ts';

/** Every command of the programmes capability. */
export const handlers = {
  openProgramme,
  openNeed,
  verifyNeed,
  meetNeed,
  closeNeed,
  reportSupport,
} satisfies Record<string, AnyHandler>;
