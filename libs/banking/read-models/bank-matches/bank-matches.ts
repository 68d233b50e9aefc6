import { type Cell, type Projection, insertInto } from '#read-models';
import type { BankEvent } from '../../domain/events.ts';
import { signed } from '../../domain/statement.ts';

const COLUMNS = [
  'account',
  'side',
  'unit',
  'match',
  'position',
  'amount',
  'rule',
  'actor',
  'year',
  'fund',
  'day',
] as const;
const ENDED = ['account', 'match', 'position'] as const;

const yearIn = (stream: string): number => Number(stream.slice(stream.lastIndexOf('-') + 1));

/** What was matched with what, by whom or by which rule, and which matches were undone. */
export const bankMatches: Projection = {
  name: 'bank-matches',
  version: 2,
  types: ['bank.line-matched.v1', 'bank.line-unmatched.v1'],
  tables: {
    bank_matched: {
      columns: {
        account: 'text',
        side: 'text',
        unit: 'text',
        match: 'text',
        position: 'whole',
        amount: 'whole',
        rule: 'text?',
        actor: 'text',
        year: 'whole',
        /** Of an entry, so that it is found by its key. */
        fund: 'text?',
        day: 'text?',
      },
      // By unit: whether one is open is asked of every line and entry.
      key: ['account', 'side', 'unit', 'match'],
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
        const push = (
          side: string,
          unit: string,
          amount: bigint,
          fund: string | null,
          day: string | null,
        ): void =>
          void matched.push([
            account,
            side,
            unit,
            match,
            position,
            amount,
            rule,
            actor,
            yearIn(stream),
            fund,
            day,
          ]);
        for (const { line, amount, direction } of lines)
          push('line', line, signed({ amount: BigInt(amount), direction }), null, null);
        for (const { entry, amount, direction, fund, day } of entries)
          push('entry', entry, signed({ amount: BigInt(amount), direction }), fund, day);
      }
      await tx.run(insert, matched);
      await tx.run(end, ended);
    };
  },
};
