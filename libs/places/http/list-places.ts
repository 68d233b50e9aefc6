import { asOfQuery, queryEndpoint } from '#http';
import { daySchema } from '#platform';
import { z } from 'zod';
import { readPlaces } from '../index.ts';

export const listPlacesEndpoint = queryEndpoint({
  path: '/v1/places',
  tag: 'places',
  summary: 'Đơn vị hành chính của một ngày / Places of a day',
  query: z.strictObject({
    knownAt: asOfQuery.knownAt,
    atLeast: asOfQuery.atLeast,
    on: daySchema,
    level: z.enum(['country', 'province', 'district', 'commune']).optional(),
  }),
  read: readPlaces,
});
