import { asOfQuery, queryEndpoint } from '#http';
import { readPlaceTree } from '#places';
import { z } from 'zod';
import { readAnnualFunding } from '../index.ts';

export const annualReportEndpoint = queryEndpoint({
  path: '/v1/reports/annual',
  tag: 'programmes',
  summary: 'Bảng kinh phí năm / Annual funding table',
  query: z.strictObject({
    ...asOfQuery,
    unit: z.string().regex(/^\d{2}$/, 'PLACE_CODE_INVALID'),
    year: z
      .string()
      .regex(/^\d{4}$/, 'YEAR_INVALID')
      .transform(Number),
  }),
  read: async (reads, asked) => {
    const { tree } = await readPlaceTree(reads, asked);
    return readAnnualFunding(reads, { ...asked, tree });
  },
});
