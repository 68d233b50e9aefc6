import { jsonEvent } from '@kurrent/kurrentdb-client';
import { EventLogError } from '../event-log.ts';
import type { RawRecord } from './connection.ts';

export const MARKER_PREFIX = 'command-';
const TYPE = 'command.accepted.v1';

/** The stream that holds one event for a command id, and so can be begun only once. */
export const markerStream = (command: string): string => `${MARKER_PREFIX}${command}`;
export const isMarkerStream = (stream: string): boolean => stream.startsWith(MARKER_PREFIX);

/** Where the events of a command stand in one stream: `count` of them from revision `from`. */
export interface Stand {
  readonly stream: string;
  readonly from: number;
  readonly count: number;
}

/** What the marker of a command says. */
export interface Marker {
  /** Made for one call of `append`: whoever reads its own knows that this very call was carried out. */
  readonly id: string;
  readonly requestHash: string;
  readonly streams: readonly Stand[];
}

export const markerEvent = ({ id, requestHash, streams }: Marker) =>
  jsonEvent({
    id,
    type: TYPE,
    data: {
      requestHash,
      streams: streams.map(({ stream, from, count }) => ({ stream, from, count })),
    },
  });

/** Reads a marker. Throws `ES_CORRUPT` for anything else on its stream. */
export const readMarker = ({ id, stream, type, json }: RawRecord): Marker => {
  const data = json as Partial<Marker> | undefined;
  if (type !== TYPE || typeof data?.requestHash !== 'string' || !Array.isArray(data.streams))
    throw new EventLogError('ES_CORRUPT', `${stream} does not hold the marker of a command`);
  return { id, requestHash: data.requestHash, streams: data.streams };
};
