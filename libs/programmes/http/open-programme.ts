import { commandEndpoint } from '#http';
import { handlers } from '../index.ts';

export const openProgrammeEndpoint = commandEndpoint(
  handlers.openProgramme,
  '/v1/programmes',
  'programmes',
  'Mở chương trình / Open a programme',
);
