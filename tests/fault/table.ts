import { killNine } from './embedded/kill-nine.ts';
import type { Fault } from './fault.ts';

/** Every fault there is, in the order in which `npm run faults` does them. */
export const faults: readonly Fault[] = [killNine];
