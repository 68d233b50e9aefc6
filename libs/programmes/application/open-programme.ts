import { type Handler, daySchema, idSchema, nameSchema } from '#platform';
import { z } from 'zod';
import { programmeStream } from '../domain/events.ts';
import { decideOpenProgramme } from '../domain/open-programme.ts';
import { programmeKind } from '../domain/states.ts';

const schema = z.strictObject({ programme: idSchema, name: nameSchema, effectiveOn: daySchema });

/** Opens a programme. Its name is public, never that of a person. */
export const openProgramme: Handler<z.infer<typeof schema>> = {
  name: 'open-programme',
  schema,
  personal: [],
  streams: ({ programme }) => [programmeStream(programme)],
  decide: (body, states) =>
    decideOpenProgramme(body, states.of(programmeKind, programmeStream(body.programme))),
};
