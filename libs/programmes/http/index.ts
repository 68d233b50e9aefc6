import type { Endpoint } from '#http';
import { annualReportEndpoint } from './annual-report.ts';
import { closeNeedEndpoint } from './close-need.ts';
import { listNeedsEndpoint } from './list-needs.ts';
import { listProgrammesEndpoint } from './list-programmes.ts';
import { meetNeedEndpoint } from './meet-need.ts';
import { openNeedEndpoint } from './open-need.ts';
import { openProgrammeEndpoint } from './open-programme.ts';
import { reportSupportEndpoint } from './report-support.ts';
import { verifyNeedEndpoint } from './verify-need.ts';

/** Commands of the programmes capability over HTTP. */
export const commandEndpoints: readonly Endpoint[] = [
  openProgrammeEndpoint,
  openNeedEndpoint,
  verifyNeedEndpoint,
  meetNeedEndpoint,
  closeNeedEndpoint,
  reportSupportEndpoint,
];

/** Reads of the programmes capability over HTTP. */
export const queryEndpoints: readonly Endpoint[] = [
  listNeedsEndpoint,
  listProgrammesEndpoint,
  annualReportEndpoint,
];
