import { asOfQuery, idsQuery, queryEndpoint } from '#http';
import { daySchema } from '#platform';
import { z } from 'zod';
import { readDueReminders } from '../index.ts';

export const dueRemindersEndpoint = queryEndpoint({
  path: '/v1/pledges/reminders',
  tag: 'pledges',
  summary: 'Các đợt cần nhắc / Reminders that are due',
  query: z.strictObject({ ...asOfQuery, fund: idsQuery, on: daySchema }),
  read: (reads, { fund, ...asked }) => readDueReminders(reads, { ...asked, funds: fund }),
});
