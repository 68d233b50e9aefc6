import { asOfQuery, idsQuery, queryEndpoint, wholeQuery } from '#http';
import { z } from 'zod';
import { WITHIN_MAX, readExpiring } from '../index.ts';
import { onQuery, today } from './filters.ts';

/** Days ahead, when nobody says. */
const WITHIN_DEFAULT = 90;

export const listExpiringEndpoint = queryEndpoint({
  path: '/v1/expiring',
  tag: 'funds',
  summary: 'Điều kiện sắp hết hạn hoặc đã hết hạn / Restrictions that end soon or have ended',
  query: z.strictObject({ ...asOfQuery, ...onQuery, fund: idsQuery, within: wholeQuery(WITHIN_MAX) }),
  read: (reads, { fund, on = today(), within = WITHIN_DEFAULT, ...asked }) =>
    readExpiring(reads, { ...asked, on, within, funds: fund }),
});
