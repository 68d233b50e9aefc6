import { type Context, type Day, type Fact, type Result, isCurrency, ok, parseAmount, refuse } from '#kernel';
import { BASE_CURRENCY } from './base-currency.ts';
import { type BookState, freePools } from './book.ts';
import { checkAccount, checkBook, parseParts } from './checks.ts';
import { type PoolAmount, checkPools, drawPools, numbered } from './draw-pools.ts';
import type { CurrencyExchanged } from './events-exchange.ts';
import { bookStream } from './events.ts';
import { exchangesInParts } from './exchange-pools.ts';
import { poolId, poolKey } from './restriction.ts';
import { nextVoucher } from './vouchers.ts';

export interface ExchangeCurrency {
  readonly fund: string;
  /** The own account that the foreign money leaves, and the one that the đồng come into. */
  readonly account: string;
  readonly into: string;
  readonly commodity: string;
  readonly amount: string;
  /** What the bank paid for it, in đồng: with the amount it is the rate. */
  readonly received: string;
  /** Whose money; empty: the only pool that has any. */
  readonly pools: readonly { readonly pool: string; readonly amount: string }[];
  readonly proposedBy: string;
  readonly narrative: string | null;
  readonly files: readonly string[];
  readonly effectiveOn: Day;
}

/**
 * Sells foreign money for đồng at what the bank paid. Whose money it is and what it is for stays: each pool's đồng
 * stand under its restriction and designation. They are shared out by amount, floored cumulatively, so that they add
 * up to what was paid.
 */
export function decideExchangeCurrency(
  command: ExchangeCurrency,
  book: BookState,
  context: Context,
): Result<Fact[]> {
  const { fund, account, into, commodity, proposedBy, effectiveOn } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    isCurrency(commodity) && commodity !== BASE_CURRENCY
      ? ok(undefined)
      : refuse('EXCHANGE_NOT_FOREIGN', { commodity, base: BASE_CURRENCY }),
    checkAccount(book, account, commodity),
    checkAccount(book, into, BASE_CURRENCY),
    proposedBy === context.actor ? refuse('MAKER_IS_CHECKER', { person: proposedBy }) : ok(undefined),
  ])
    if (!checked.ok) return checked;
  const amount = parseAmount(command.amount);
  if (!amount.ok) return amount;
  const received = parseAmount(command.received);
  if (!received.ok) return received;
  const pools = poolsOf(command, book, amount.value);
  if (!pools.ok) return pools;
  const enough = checkPools(book, commodity, pools.value, [], () => false);
  if (!enough.ok) return enough;
  let passed = 0n;
  const until = (units: bigint): bigint => (units * received.value) / amount.value;
  const exchanges = drawPools(book, pools.value).map((held, index) => {
    const before = passed;
    passed += pools.value[index]?.amount ?? 0n;
    const target = poolId({ ...poolKey(held.pool), commodity: BASE_CURRENCY });
    return { held, target, amount: until(passed) - until(before) };
  });
  const empty = exchanges.find((each) => each.amount === 0n);
  if (empty) return refuse('EXCHANGE_SHARE_EMPTY', { pool: empty.held.pool, received: command.received });
  const exchanged: CurrencyExchanged[] = numbered(exchangesInParts(book, exchanges), (part) => ({
    exchange: context.commandId,
    voucher: nextVoucher(book, 'adjustment'),
    account,
    into,
    commodity,
    amount: command.amount,
    base: BASE_CURRENCY,
    received: command.received,
    exchanges: part,
    proposedBy,
    narrative: command.narrative,
    files: command.files,
  }));
  const stream = bookStream(fund, book.year);
  return ok(exchanged.map((data) => ({ stream, type: 'book.currency-exchanged.v1', effectiveOn, data })));
}

function poolsOf(
  { pools, commodity }: ExchangeCurrency,
  book: BookState,
  amount: bigint,
): Result<PoolAmount[]> {
  if (pools.length === 0) {
    const [only, ...others] = freePools(book, commodity);
    if (only === undefined)
      return refuse('POOLS_INSUFFICIENT', { asked: String(amount), free: '0', commodity });
    if (others.length > 0)
      return refuse('EXCHANGE_POOL_UNNAMED', { commodity, count: String(others.length + 1) });
    return ok([{ pool: only.pool, amount }]);
  }
  const amounts = parseParts(
    amount,
    pools.map((each) => each.amount),
  );
  if (!amounts.ok) return amounts;
  return ok(pools.map(({ pool }, index) => ({ pool, amount: amounts.value[index] ?? 0n })));
}
