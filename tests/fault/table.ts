import { distributedFaults } from './distributed/faults.ts';
import { bitFlips } from './embedded/bit-flips.ts';
import { clockSteps } from './embedded/clock-steps.ts';
import { freeze } from './embedded/freeze.ts';
import { fullDisk } from './embedded/full-disk.ts';
import { ioFaults } from './embedded/io.ts';
import { killNine } from './embedded/kill-nine.ts';
import { longReader } from './embedded/long-reader.ts';
import { network } from './embedded/network.ts';
import { poison } from './embedded/poison.ts';
import { failedSyncCut, powerCutFault } from './embedded/power-cut.ts';
import { twoProcesses } from './embedded/two-processes.ts';
import type { Fault } from './fault.ts';

/** Every fault there is, in the order in which `npm run faults` does them. */
export const faults: readonly Fault[] = [
  killNine,
  freeze,
  twoProcesses,
  ...ioFaults,
  fullDisk,
  powerCutFault,
  failedSyncCut,
  bitFlips,
  clockSteps,
  poison,
  longReader,
  network,
  ...distributedFaults,
];
