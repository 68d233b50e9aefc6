import { type Handler, daySchema, nameSchema, placeRefSchema } from '#platform';
import { z } from 'zod';
import { placeStream } from '../domain/events.ts';
import { resolvePlace } from '../domain/place-tree.ts';
import { decideRenamePlace } from '../domain/rename-place.ts';
import { placeDirectory } from './place-directory.ts';

const schema = z.strictObject({ place: placeRefSchema, name: nameSchema, effectiveOn: daySchema });

/** Gives a place another name from a day on. */
export const renamePlace: Handler<z.infer<typeof schema>> = {
  name: 'rename-place',
  schema,
  personal: [],
  streams: ({ place, effectiveOn }, _context, directories) => {
    const found = resolvePlace(directories.all(placeDirectory), place, effectiveOn);
    return found.ok ? [placeStream(found.value)] : [];
  },
  decide: (body, states) => decideRenamePlace(body, states.all(placeDirectory)),
};
