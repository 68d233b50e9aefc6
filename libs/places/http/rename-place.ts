import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const renamePlaceEndpoint = commandEndpoint(
  handlers.renamePlace,
  '/v1/places/rename',
  'places',
  'Đổi tên / Rename',
);
