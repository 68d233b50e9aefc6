import { killNine } from './embedded/kill-nine.ts';
import { powerCutFault } from './embedded/power-cut.ts';
import type { Fault } from './fault.ts';

/** Every fault there is, in the order in which `npm run faults` does them. */
export const faults: readonly Fault[] = [killNine, powerCutFault];
