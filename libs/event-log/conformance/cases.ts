import type { ConformanceCase } from './case.ts';
import { FAULT_CASES } from './fault-cases.ts';
import { READ_CASES } from './read-cases.ts';
import { WRITE_CASES } from './write-cases.ts';

/** Every promise of the port as a case that any store can be held against. */
export const CONFORMANCE_CASES: readonly ConformanceCase[] = [...WRITE_CASES, ...READ_CASES, ...FAULT_CASES];
