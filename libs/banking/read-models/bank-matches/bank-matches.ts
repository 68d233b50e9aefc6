import { type Cell, type Projection, insertInto } from '#read-models';
import type { BankEvent } from '../../domain/events.ts';
import { signed } from '../../domain/statement.ts';

const COLUMNS = ['account', 'match', 'side', 'unit', 'position', 'amount', 'rule', 'actor', 'year'] as const;
const ENDED = ['account', 'match', 'position'] as const;

const yearIn = (stream: string): number => Number(stream.slice(stream.lastIndexOf('-') + 1));

/** What was matched with what, by whom or by which rule, and which matches were undone. */
export const bankMatches: Projection = {
  name: 'bank-matches',
  version: 1,
  types: ['bank.line-matched.v1', 'bank.line-unmatched.v1'],
  tables: {
    bank_matched: {
      columns: {
        account: 'text',
        match: 'text',
        side: 'text',
        unit: 'text',
        position: 'whole',
        amount: 'whole',
        rule: 'text?',
        actor: 'text',
        year: 'whole',
      },
      key: ['account', 'match', 'side', 'unit'],
    },
    bank_unmatched: {
      columns: { account: 'text', match: 'text', position: 'whole' },
      key: ['account', 'match'],
    },
  },
  open: (physical) => {
    const insert = insertInto(physical('bank_matched'), COLUMNS);
    const end = insertInto(physical('bank_unmatched'), ENDED);
    return async (page, tx) => {
      const matched: Cell[][] = [];
      const ended: Cell[][] = [];
      for (const event of page.events as readonly BankEvent[]) {
        const { position, actor, stream } = event;
        if (event.type === 'bank.line-unmatched.v1')
          ended.push([event.data.account, event.data.match, position]);
        if (event.type !== 'bank.line-matched.v1') continue;
        const { account, match, lines, entries, rule } = event.data;
        const push = (side: string, unit: string, amount: bigint): void =>
          void matched.push([account, match, side, unit, position, amount, rule, actor, yearIn(stream)]);
        for (const { line, amount, direction } of lines)
          push('line', line, signed({ amount: BigInt(amount), direction }));
        for (const { entry, amount, direction } of entries)
          push('entry', entry, signed({ amount: BigInt(amount), direction }));
      }
      await tx.run(insert, matched);
      await tx.run(end, ended);
    };
  },
};
