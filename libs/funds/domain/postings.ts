import type { BookEvent, PoolUnits } from './events.ts';

/**
 * One side of a double entry. Accounts: `asset/<fund>/<account>`, `free/<pool>`, `committed/<pool>`.
 * Positive is debit, negative credit; the postings of every event sum to 0 per commodity. A fund's assets
 * so always equal what is free and committed in its pools.
 */
export interface Posting {
  readonly account: string;
  readonly commodity: string;
  readonly amount: bigint;
}

const size = ({ units }: PoolUnits): bigint =>
  units.reduce((n, [from, to]) => n + BigInt(to) - BigInt(from), 0n);

/** The postings of one event; events that move nothing have none. */
export function postingsOf(event: BookEvent): Posting[] {
  const fund = event.stream.slice('book-'.length, event.stream.lastIndexOf('-'));
  const asset = (account: string): string => `asset/${fund}/${account}`;
  switch (event.type) {
    case 'book.receipt-recorded.v1': {
      const { commodity, account, pool } = event.data;
      const amount = BigInt(event.data.amount);
      return [
        { account: asset(account), commodity, amount },
        { account: `free/${pool}`, commodity, amount: -amount },
      ];
    }
    case 'book.allocation-approved.v1':
      return event.data.moves.flatMap(({ from, to }) => [
        { account: `free/${from.pool}`, commodity: event.data.commodity, amount: size(from) },
        { account: `free/${to.pool}`, commodity: event.data.commodity, amount: -size(from) },
      ]);
    case 'book.allocation-reduced.v1':
      return event.data.undone.flatMap(({ voided, restored }) => [
        { account: `free/${voided.pool}`, commodity: event.data.commodity, amount: size(voided) },
        { account: `free/${restored.pool}`, commodity: event.data.commodity, amount: -size(restored) },
      ]);
    case 'book.disbursement-approved.v1':
      return event.data.drawn.flatMap((units) => [
        { account: `free/${units.pool}`, commodity: event.data.commodity, amount: size(units) },
        { account: `committed/${units.pool}`, commodity: event.data.commodity, amount: -size(units) },
      ]);
    case 'book.disbursement-cancelled.v1':
      return event.data.restored.flatMap((units) => [
        { account: `committed/${units.pool}`, commodity: event.data.commodity, amount: size(units) },
        { account: `free/${units.pool}`, commodity: event.data.commodity, amount: -size(units) },
      ]);
    case 'book.disbursement-paid.v1':
      return event.data.settled.flatMap((units) => [
        { account: `committed/${units.pool}`, commodity: event.data.commodity, amount: size(units) },
        { account: asset(event.data.account), commodity: event.data.commodity, amount: -size(units) },
      ]);
    case 'book.disbursement-returned.v1':
      return event.data.restored.flatMap((units) => [
        { account: asset(event.data.account), commodity: event.data.commodity, amount: size(units) },
        { account: `free/${units.pool}`, commodity: event.data.commodity, amount: -size(units) },
      ]);
    default:
      return [];
  }
}
