import type { CoreEvents } from './events.ts';
import { type PostingsTable, assetOf } from './posting.ts';
import { sizeOnWire as size } from './wire.ts';

/** The postings of the everyday events. */
export const corePostings: PostingsTable<CoreEvents> = {
  'book.receipt-recorded.v1': (event) => {
    const { commodity, account, pool } = event.data;
    const amount = BigInt(event.data.amount);
    return [
      { account: assetOf(event, account), commodity, amount },
      { account: `free/${pool}`, commodity, amount: -amount },
    ];
  },
  'book.allocation-approved.v1': (event) =>
    event.data.moves.flatMap(({ from, to }) => [
      { account: `free/${from.pool}`, commodity: event.data.commodity, amount: size(from) },
      { account: `free/${to.pool}`, commodity: event.data.commodity, amount: -size(from) },
    ]),
  'book.allocation-reduced.v1': (event) =>
    event.data.undone.flatMap(({ voided, restored }) => [
      { account: `free/${voided.pool}`, commodity: event.data.commodity, amount: size(voided) },
      { account: `free/${restored.pool}`, commodity: event.data.commodity, amount: -size(restored) },
    ]),
  'book.disbursement-approved.v1': (event) =>
    event.data.drawn.flatMap((units) => [
      { account: `free/${units.pool}`, commodity: event.data.commodity, amount: size(units) },
      { account: `committed/${units.pool}`, commodity: event.data.commodity, amount: -size(units) },
    ]),
  'book.disbursement-cancelled.v1': (event) =>
    event.data.restored.flatMap((units) => [
      { account: `committed/${units.pool}`, commodity: event.data.commodity, amount: size(units) },
      { account: `free/${units.pool}`, commodity: event.data.commodity, amount: -size(units) },
    ]),
  'book.disbursement-paid.v1': (event) =>
    event.data.settled.flatMap((units) => [
      { account: `committed/${units.pool}`, commodity: event.data.commodity, amount: size(units) },
      { account: assetOf(event, event.data.account), commodity: event.data.commodity, amount: -size(units) },
    ]),
  'book.disbursement-returned.v1': (event) =>
    event.data.restored.flatMap((units) => [
      { account: assetOf(event, event.data.account), commodity: event.data.commodity, amount: size(units) },
      { account: `free/${units.pool}`, commodity: event.data.commodity, amount: -size(units) },
    ]),
};
