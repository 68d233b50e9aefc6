import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { z } from 'zod';
import { readSponsorships } from '../../index.ts';

export const listSponsorshipsEndpoint = queryEndpoint({
  path: '/v1/sponsorships',
  tag: 'sponsorships',
  summary: 'Các suất đỡ đầu / Sponsorships',
  query: z.strictObject({ ...asOfQuery, fund: idsQuery }),
  read: (reads, { fund, ...asked }) => readSponsorships(reads, { ...asked, funds: fund }),
});
