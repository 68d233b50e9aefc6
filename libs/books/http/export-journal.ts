import { Readable } from 'node:stream';
import { asOfQuery, idsQuery, queryEndpoint, refused } from '#http';
import { z } from 'zod';
import { TOOL_NAMES, exportJournal } from '../index.ts';

export const exportJournalEndpoint = queryEndpoint({
  path: '/v1/exports/{format}',
  tag: 'books',
  summary: 'Toàn bộ nhật ký cho hledger, ledger, beancount / The whole journal for another program',
  query: z.strictObject({
    ...asOfQuery,
    format: z.enum(TOOL_NAMES),
    profile: z.string().max(40).optional(),
    fund: idsQuery,
    assertions: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional()
      .meta({ description: 'Balances of every account at the end of each month' }),
  }),
  read: async (reads, { fund, ...asked }) => {
    const exported = await exportJournal(reads, { ...asked, funds: fund });
    if (!exported.ok) return refused(exported.error);
    const { knownAt, text } = exported.value;
    return { position: knownAt, knownAt, effectiveThrough: asked.effectiveThrough ?? null, text };
  },
  file: async ({ text }, { format }) => ({
    type: 'text/plain; charset=utf-8',
    name: `la-lanh.${format}`,
    body: Readable.from(text),
  }),
});
