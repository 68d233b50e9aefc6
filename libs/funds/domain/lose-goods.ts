import { type Context, type Day, type Fact, type Result, isCurrency, ok, parseAmount, refuse } from '#kernel';
import { type BookState, freePools } from './book.ts';
import { checkAccount, checkBook, checkCommodity, parseParts } from './checks.ts';
import { type PoolAmount, checkPools, drawPools, inParts, numbered } from './draw-pools.ts';
import type { GoodsLost, LossKind } from './events-goods.ts';
import { bookStream } from './events.ts';
import { nextVoucher } from './vouchers.ts';

export interface LoseGoods {
  readonly fund: string;
  readonly account: string;
  readonly good: string;
  readonly quantity: string;
  readonly kind: LossKind;
  /** Whose they were; empty: the only pool that has any. */
  readonly pools: readonly { readonly pool: string; readonly amount: string }[];
  readonly proposedBy: string;
  readonly reason: string;
  readonly files: readonly string[];
  readonly effectiveOn: Day;
}

/**
 * Records that goods were lost, spoiled or used up, with its evidence, as somebody else reported it. No restriction
 * is asked: a loss is no use. Whose goods they were has to be said where several pools have some.
 */
export function decideLoseGoods(command: LoseGoods, book: BookState, context: Context): Result<Fact[]> {
  const { fund, account, good, kind, proposedBy, effectiveOn } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    isCurrency(good) ? refuse('LOSS_OF_MONEY', { good }) : checkCommodity(book, good),
    checkAccount(book, account, good),
    proposedBy === context.actor ? refuse('MAKER_IS_CHECKER', { person: proposedBy }) : ok(undefined),
    command.files.length === 0 ? refuse('LOSS_WITHOUT_EVIDENCE') : ok(undefined),
  ])
    if (!checked.ok) return checked;
  const quantity = parseAmount(command.quantity);
  if (!quantity.ok) return quantity;
  const pools = poolsOf(command, book, quantity.value);
  if (!pools.ok) return pools;
  const enough = checkPools(book, good, pools.value, [], () => false);
  if (!enough.ok) return enough;
  const lost: GoodsLost[] = numbered(inParts(drawPools(book, pools.value)), (part) => ({
    loss: context.commandId,
    voucher: nextVoucher(book, 'adjustment'),
    account,
    commodity: good,
    amount: command.quantity,
    kind,
    lost: part,
    proposedBy,
    reason: command.reason,
    files: command.files,
  }));
  const stream = bookStream(fund, book.year);
  return ok(lost.map((data) => ({ stream, type: 'book.goods-lost.v1', effectiveOn, data })));
}

function poolsOf({ pools, good }: LoseGoods, book: BookState, quantity: bigint): Result<PoolAmount[]> {
  if (pools.length === 0) {
    const [only, ...others] = freePools(book, good);
    if (only === undefined)
      return refuse('POOLS_INSUFFICIENT', { asked: String(quantity), free: '0', commodity: good });
    if (others.length > 0) return refuse('LOSS_POOL_UNNAMED', { good, count: String(others.length + 1) });
    return ok([{ pool: only.pool, amount: quantity }]);
  }
  const amounts = parseParts(
    quantity,
    pools.map(({ amount }) => amount),
  );
  if (!amounts.ok) return amounts;
  return ok(pools.map(({ pool }, index) => ({ pool, amount: amounts.value[index] ?? 0n })));
}
