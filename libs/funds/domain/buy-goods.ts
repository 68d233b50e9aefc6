import { type Context, type Day, type Fact, type Result, isCurrency, ok, parseAmount, refuse } from '#kernel';
import { type Approvals, checkApproved } from './approvals.ts';
import { type BookState, freePools } from './book.ts';
import { checkAccount, checkBook, checkCommodity, parseParts } from './checks.ts';
import {
  type Covers,
  type PoolAmount,
  POOLS_PER_USE_MAX,
  checkPools,
  drawPools,
  numbered,
} from './draw-pools.ts';
import type { GoodsBought, Invoice } from './events-exchange.ts';
import { bookStream } from './events.ts';
import { exchangesInParts } from './exchange-pools.ts';
import { type Purpose, offeringOrder, poolAdmits, poolId, poolKey } from './restriction.ts';
import { nextVoucher } from './vouchers.ts';

export interface BuyGoods {
  readonly fund: string;
  readonly account: string;
  readonly store: string;
  readonly commodity: string;
  /** What all of them cost together. */
  readonly amount: string;
  readonly good: string;
  readonly quantity: string;
  readonly programme: string | null;
  readonly group: string | null;
  readonly purpose: string | null;
  readonly place: string | null;
  /** How many each pool pays for; empty: pools that admit it, in the offering order of DESIGN §4. */
  readonly pools: readonly { readonly pool: string; readonly quantity: string }[];
  readonly proposedBy: string;
  readonly invoice: Invoice | null;
  readonly supplier: string | null;
  readonly narrative: string | null;
  readonly files: readonly string[];
  readonly approvals?: Approvals;
  readonly effectiveOn: Day;
}

/** Goods that one pool pays for, and what they cost it. */
interface Share extends PoolAmount {
  readonly quantity: bigint;
}

/**
 * Buys goods with money of pools that admit what they are for. Goods are shared out over the pools in whole units,
 * money follows: n goods cost the floor of n × cost ÷ quantity, counted from the first, so that no pool pays for
 * another one's goods and all parts add up to the cost. They stand under the limits of the pool that paid.
 */
export function decideBuyGoods(
  command: BuyGoods,
  book: BookState,
  covers: Covers,
  context: Context,
): Result<Fact[]> {
  const { fund, account, store, commodity, good, effectiveOn, proposedBy } = command;
  for (const checked of [
    checkBook(book, fund, effectiveOn, context),
    isCurrency(commodity) ? ok(undefined) : refuse('GOODS_PAID_IN_GOODS', { commodity }),
    book.goods.has(good) ? ok(undefined) : checkGood(book, good),
    checkAccount(book, account, commodity),
    checkAccount(book, store, good),
    checkInvoice(command.invoice),
  ])
    if (!checked.ok) return checked;
  const cost = parseAmount(command.amount);
  if (!cost.ok) return cost;
  const quantity = parseAmount(command.quantity);
  if (!quantity.ok) return quantity;
  const decided = { kind: 'purchase', commodity, amount: cost.value, proposedBy } as const;
  const by = { payees: [], approvals: command.approvals, on: effectiveOn };
  const allowed = checkApproved(book, { ...decided, ...by }, context);
  if (!allowed.ok) return allowed;
  const shares = sharesOf(command, book, { cost: cost.value, quantity: quantity.value }, covers);
  if (!shares.ok) return shares;
  const drawn = drawPools(book, shares.value);
  const exchanges = drawn.map((held, index) => ({
    held,
    target: poolId({ ...poolKey(held.pool), commodity: good }),
    amount: shares.value[index]?.quantity ?? 0n,
  }));
  const bought: GoodsBought[] = numbered(exchangesInParts(book, exchanges), (part) => ({
    exchange: context.commandId,
    voucher: nextVoucher(book, 'payment'),
    account,
    store,
    commodity,
    amount: command.amount,
    good,
    quantity: command.quantity,
    programme: command.programme,
    group: command.group,
    purpose: command.purpose,
    place: command.place,
    exchanges: part,
    proposedBy,
    invoice: command.invoice,
    supplier: command.supplier,
    narrative: command.narrative,
    files: command.files,
  }));
  const stream = bookStream(fund, book.year);
  return ok(bought.map((data) => ({ stream, type: 'book.goods-bought.v1', effectiveOn, data })));
}

/** Letters and digits as they are printed; nothing that could be a name or a sentence. */
const INVOICE_NUMBER = /^[\p{L}\p{N}/.-]{1,40}$/u;

const checkInvoice = (invoice: Invoice | null): Result<void> =>
  invoice === null || INVOICE_NUMBER.test(invoice.number) ? ok(undefined) : refuse('INVOICE_NUMBER_INVALID');

const checkGood = (book: BookState, good: string): Result<void> =>
  isCurrency(good) ? refuse('GOODS_ARE_MONEY', { good }) : checkCommodity(book, good);

const purposeOf = (command: BuyGoods): Purpose => ({
  programme: command.programme ?? undefined,
  group: command.group ?? undefined,
  purpose: command.purpose ?? undefined,
  place: command.place ?? undefined,
  on: command.effectiveOn,
});

interface Price {
  readonly cost: bigint;
  readonly quantity: bigint;
}

/** How many goods each pool pays for, as named or as offered, with what they cost it. */
function sharesOf(command: BuyGoods, book: BookState, price: Price, covers: Covers): Result<Share[]> {
  const quantities = command.pools.length === 0 ? offer(command, book, price, covers) : named(command, price);
  if (!quantities.ok) return quantities;
  const shares = priced(quantities.value, price);
  const free = shares.find(({ amount }) => amount === 0n);
  if (free) return refuse('GOODS_COST_TOO_SMALL', { pool: free.pool, quantity: String(free.quantity) });
  const checked = checkPools(book, command.commodity, shares, [purposeOf(command)], covers);
  return checked.ok ? ok(shares) : checked;
}

/** Costs of whole goods, counted from the first one, so that parts add up. */
function priced(
  pools: readonly { readonly pool: string; readonly quantity: bigint }[],
  { cost, quantity }: Price,
): Share[] {
  let passed = 0n;
  return pools.map((share) => {
    const before = (passed * cost) / quantity;
    passed += share.quantity;
    return { ...share, amount: (passed * cost) / quantity - before };
  });
}

type Quantities = Result<{ readonly pool: string; readonly quantity: bigint }[]>;

function named({ pools }: BuyGoods, { quantity }: Price): Quantities {
  const quantities = parseParts(
    quantity,
    pools.map((each) => each.quantity),
  );
  if (!quantities.ok) return quantities;
  return ok(pools.map(({ pool }, index) => ({ pool, quantity: quantities.value[index] ?? 0n })));
}

/** As many goods from each pool that admits them as its free money pays for in whole. */
function offer(command: BuyGoods, book: BookState, price: Price, covers: Covers): Quantities {
  const offered = freePools(book, command.commodity)
    .filter(({ pool }) => poolAdmits(poolKey(pool), purposeOf(command), covers))
    .toSorted((a, b) => offeringOrder(a.pool, b.pool));
  const chosen: { pool: string; quantity: bigint }[] = [];
  let passed = 0n;
  for (const { pool, free } of offered) {
    if (passed === price.quantity) break;
    const quantity = affordable(free, passed, price);
    if (quantity === 0n) continue;
    chosen.push({ pool, quantity });
    passed += quantity;
  }
  if (passed < price.quantity)
    return refuse('GOODS_NOT_AFFORDABLE', {
      good: command.good,
      asked: String(price.quantity),
      affordable: String(passed),
      commodity: command.commodity,
    });
  if (chosen.length > POOLS_PER_USE_MAX)
    return refuse('POOLS_TOO_MANY', { count: String(chosen.length), max: String(POOLS_PER_USE_MAX) });
  return ok(chosen);
}

/** The most goods after the first `passed` that cost no more than is free. */
function affordable(free: bigint, passed: bigint, { cost, quantity }: Price): bigint {
  const left = quantity - passed;
  const before = (passed * cost) / quantity;
  // floor(n × cost ÷ quantity) ≤ limit exactly when n × cost < (limit + 1) × quantity.
  const reached = ((before + free + 1n) * quantity - 1n) / cost;
  const more = reached - passed;
  return more < 0n ? 0n : more < left ? more : left;
}
