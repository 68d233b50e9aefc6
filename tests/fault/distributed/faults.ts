import type { Fault } from '../fault.ts';
import { ends } from './ends.ts';
import { kurrent } from './kurrent.ts';
import { more } from './more.ts';
import { networks } from './network.ts';

/** Everything that is done to the distributed shape on purpose. */
export const distributedFaults: readonly Fault[] = [...ends, ...networks, ...kurrent, ...more];
