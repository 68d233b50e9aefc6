import { asOfQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readProgrammes } from '../index.ts';

export const listProgrammesEndpoint = queryEndpoint({
  path: '/v1/programmes',
  tag: 'programmes',
  summary: 'Chương trình / Programmes',
  query: z.strictObject({ ...asOfQuery }),
  read: readProgrammes,
});
