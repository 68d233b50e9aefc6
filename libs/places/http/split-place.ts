import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const splitPlaceEndpoint = commandEndpoint(
  handlers.splitPlace,
  '/v1/places/split',
  'places',
  'Chia tách / Split',
);
