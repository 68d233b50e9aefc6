import { type Day, type Result, ok, refuse } from '#kernel';
import { donorKind, donorStream } from '#people';
import { placeDirectory, resolvePlace } from '#places';
import { type PlaceRef, type States, amountSchema } from '#platform';
import { z } from 'zod';
import { programmeStream } from '../domain/events.ts';
import { UNSTATED } from '../domain/stated.ts';
import { programmeKind } from '../domain/states.ts';

/** A figure as the source states it; left out or null when it states none. */
export const statedSchema = z
  .strictObject({
    value: amountSchema.nullable().default(null),
    qualifier: z.enum(['exact', 'at-least', 'about']).default('exact'),
  })
  .default(UNSTATED)
  .meta({ description: 'A bound stays a bound: it is never summed as exact' });

/** The place id a reference means on that day; null stays null. */
export const placeIn = (states: States, place: PlaceRef | null, on: Day): Result<string | null> =>
  place === null ? ok(null) : resolvePlace(states.all(placeDirectory), place, on);

interface Named {
  readonly programme: string | null;
  readonly donor: string | null;
}

/** The streams of the programme and donor that a command names. */
export const streamsNamed = ({ programme, donor }: Named): string[] => [
  ...(programme === null ? [] : [programmeStream(programme)]),
  ...(donor === null ? [] : [donorStream(donor)]),
];

/** The programme and donor that a command names are known to the ledger. */
export function checkNamed(states: States, { programme, donor }: Named): Result<void> {
  if (programme !== null && !states.of(programmeKind, programmeStream(programme)).opened)
    return refuse('PROGRAMME_UNKNOWN', { programme });
  if (donor !== null && !states.of(donorKind, donorStream(donor)).registered)
    return refuse('DONOR_UNKNOWN', { donor });
  return ok(undefined);
}
