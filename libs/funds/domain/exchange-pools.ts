import { type Pool, mintMoved, sizeOf } from '#kernel';
import { type BookState, type Held, heldToWire, poolOf, toWire } from './book.ts';
import { SPANS_PER_EVENT_MAX } from './draw-pools.ts';
import type { Exchanged } from './events-exchange.ts';

/** Units drawn from one pool, and how many of another are minted for them. */
export interface ToExchange {
  readonly held: Held;
  readonly target: string;
  readonly amount: bigint;
}

/** An event names one minted span with each pool drawn from: half of what it carries at most for each. */
const SPANS_DRAWN_MAX = SPANS_PER_EVENT_MAX / 2;

/** Exchanges as they go into events: targets minted one after another, long draws cut into parts. Never empty. */
export function exchangesInParts(book: BookState, exchanges: readonly ToExchange[]): Exchanged[][] {
  const targets = new Map<string, Pool>();
  const parts: Exchanged[][] = [[]];
  let room = SPANS_DRAWN_MAX;
  for (const { held, target, amount } of exchanges) {
    const { pool, minted } = mintMoved(targets.get(target) ?? poolOf(book, target), amount);
    targets.set(target, pool);
    const drawn = sizeOf(held.units);
    let before = 0n;
    for (let at = 0; at < held.units.length;) {
      const units = held.units.slice(at, at + room);
      parts.at(-1)?.push({
        from: heldToWire({ pool: held.pool, units }),
        drawn: String(drawn),
        before: String(before),
        to: { pool: target, minted: toWire(minted) },
      });
      at += units.length;
      before += sizeOf(units);
      room -= units.length;
      if (room > 0) continue;
      parts.push([]);
      room = SPANS_DRAWN_MAX;
    }
  }
  return parts.filter((part, index) => part.length > 0 || index === 0);
}
