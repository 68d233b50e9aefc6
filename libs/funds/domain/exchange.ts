import { type ExchangePiece, invariant, mapExchange, mintMoved, sizeOf } from '#kernel';
import { type BookState, fromWire, heldFromWire, mintExactly, removeExactly } from './book-state.ts';
import type { Exchanged } from './events-exchange.ts';

/** Draws each source; the part that names its first unit mints all that it is exchanged for. */
export function applyExchanges(book: BookState, exchanges: readonly Exchanged[]): void {
  for (const { from, drawn, before, to } of exchanges) {
    const source = heldFromWire(from);
    const reached = BigInt(before) + sizeOf(source.units);
    invariant(reached <= BigInt(drawn), `no more of ${from.pool} is exchanged than is said`);
    removeExactly(book, source);
    if (before === '0') mintExactly(book, to.pool, to.minted, mintMoved);
  }
}

/** Units minted by an exchange in this part of its decision. */
export const mintedIn = ({ before, to }: Exchanged): bigint => {
  const { from, to: end } = fromWire(to.minted);
  return before === '0' ? end - from : 0n;
};

/** Each stretch drawn with its exact share of the units minted. */
export const piecesOfExchange = ({ from, drawn, before, to }: Exchanged): ExchangePiece[] =>
  mapExchange(from.units.map(fromWire), fromWire(to.minted), {
    before: BigInt(before),
    total: BigInt(drawn),
  });
