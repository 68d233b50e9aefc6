import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const dissolvePlaceEndpoint = commandEndpoint(
  handlers.dissolvePlace,
  '/v1/places/dissolve',
  'places',
  'Giải thể / Dissolve',
);
