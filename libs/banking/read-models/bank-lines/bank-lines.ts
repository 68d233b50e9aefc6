import { type Projection, insertInto } from '#read-models';
import type { BankEvent } from '../../domain/events.ts';
import { signed } from '../../domain/statement.ts';

const COLUMNS = [
  'account',
  'day',
  'line',
  'position',
  'value_day',
  'amount',
  'balance',
  'narrative',
  'counterparty',
  'bank_ref',
] as const;

/** Every line of every bank account, once. */
export const bankLines: Projection = {
  name: 'bank-lines',
  version: 2,
  types: ['bank.line-recorded.v1'],
  tables: {
    bank_line: {
      columns: {
        account: 'text',
        day: 'text',
        line: 'text',
        position: 'whole',
        value_day: 'text?',
        amount: 'whole',
        balance: 'whole?',
        narrative: 'text?',
        counterparty: 'text?',
        bank_ref: 'text?',
      },
      key: ['account', 'day', 'line'],
      // A match names lines without their days.
      indexes: [{ columns: ['account', 'line'] }],
    },
  },
  open: (physical) => {
    const insert = insertInto(physical('bank_line'), COLUMNS);
    return async (page, tx) => {
      const rows = (page.events as readonly BankEvent[]).flatMap((event) => {
        if (event.type !== 'bank.line-recorded.v1') return [];
        const { position, effectiveOn, data } = event;
        return [
          [
            data.account,
            effectiveOn,
            data.line,
            position,
            data.valueOn,
            signed({ amount: BigInt(data.amount), direction: data.direction }),
            data.balance === null ? null : BigInt(data.balance),
            data.narrative,
            data.counterparty,
            data.bankRef,
          ],
        ];
      });
      await tx.run(insert, rows);
    };
  },
};
