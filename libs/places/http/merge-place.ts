import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const mergePlaceEndpoint = commandEndpoint(
  handlers.mergePlace,
  '/v1/places/merge',
  'places',
  'Sáp nhập / Merge',
);
