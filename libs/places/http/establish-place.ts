import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const establishPlaceEndpoint = commandEndpoint(
  handlers.establishPlace,
  '/v1/places',
  'places',
  'Lập đơn vị hành chính / Establish a place',
);
