import {
  type Context,
  type Day,
  type Fact,
  type LedgerEvent,
  type Result,
  available,
} from '../../libs/kernel/index.ts';
import { type BookState, bookKind } from '../../libs/funds/domain/book.ts';
import { decideApproveAllocation } from '../../libs/funds/domain/approve-allocation.ts';
import { decideCorrectReceipt } from '../../libs/funds/domain/correct-receipt.ts';
import { type BookEvent, bookStream } from '../../libs/funds/domain/events.ts';
import { decideOpenBook } from '../../libs/funds/domain/open-book.ts';
import { decideProposeDisbursement } from '../../libs/funds/domain/propose-disbursement.ts';
import { decideRecordReceipt } from '../../libs/funds/domain/record-receipt.ts';
import { decideRefundToDonor } from '../../libs/funds/domain/refund-to-donor.ts';
import { decideReleaseRestriction } from '../../libs/funds/domain/release-restriction.ts';
import { decideReviseValuation } from '../../libs/funds/domain/revise-valuation.ts';
import { decideReverseReceipt } from '../../libs/funds/domain/reverse-receipt.ts';
import { conclude } from '../../libs/funds/domain/conclude.ts';
import { decideReduceSupplierDebt } from '../../libs/funds/domain/supplier-debts.ts';
import { decideVoidVoucher } from '../../libs/funds/domain/void-voucher.ts';
import { decideReduceAllocation } from '../../libs/funds/domain/reduce-allocation.ts';
import { type Restriction, poolKey } from '../../libs/funds/domain/restriction.ts';
import { decideReturnDisbursement } from '../../libs/funds/domain/return-disbursement.ts';
import {
  decideApproveDisbursement,
  decideCancelDisbursement,
  decideDeliverDisbursement,
  decidePayDisbursement,
} from '../../libs/funds/domain/settle-disbursement.ts';
import { eventId } from '../../libs/event-log/index.ts';
import type { Append, NewEvent } from '../../libs/event-log/index.ts';
import { APPROVERS, approvalStep } from './approval-history.ts';
import { dailyStep } from './daily-history.ts';
import { endDecision, foundLate, nextBook, periodStep, yearEnd } from './period-history.ts';
import { FOREIGN_BANK, GOOD, STORE, accountOf, exchangeStep } from './exchange-history.ts';
import { bookItems } from '../../libs/funds/application/item-rules.ts';
import { historyOf } from './funds.ts';
import { writeEnvelope } from '../../libs/platform/envelope.ts';
import { boundHash } from '../../libs/platform/states.ts';

/** What a made-up history of books looks like. */
export interface Shape {
  readonly funds: readonly string[];
  readonly donors: number;
  readonly places: readonly string[];
  readonly beneficiaries: readonly string[];
  readonly programmes: readonly string[];
  readonly year: number;
  /** Largest gift, in đồng. */
  readonly giftMax: number;
  /** Of 100 commands, how many are receipts; the others are spread over all other steps. */
  readonly receiptsPercent: number;
  /** How many receipts are expected in the year: spreads the days. */
  readonly receipts: number;
  /** Commands after which every book is closed and the next year's opened, once; absent: one year, without end. */
  readonly yearEndsAfter?: number;
}

/** A receipt that may be corrected, and how many events that move units stood before it. */
interface Received {
  readonly receipt: string;
  readonly event: LedgerEvent;
  readonly since: number;
}

/** Receipts of each fund that corrections choose from. */
const RECEIPTS_KEPT = 200;

const BODY_HASH = '0'.repeat(64);

/** A small generator with a seed (mulberry32), so that a history can be made again. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const uuid = (n: number): string =>
  `01890000-${hex(n, 4, 32)}-7${hex(n, 3, 20)}-8${hex(n, 3, 8)}-${hex(n, 12, 0)}`;
/** What an item is counted in. */
const commodityOf = ([first]: readonly LedgerEvent[]): string =>
  String((first?.data as { readonly commodity?: string } | undefined)?.commodity);

const hex = (n: number, digits: number, shift: number): string =>
  (Math.floor(n / 2 ** shift) % 16 ** digits).toString(16).padStart(digits, '0');

const dayOf = (year: number, index: number): Day => {
  const date = new Date(Date.UTC(year, 0, 1 + Math.max(0, Math.min(364, index))));
  return date.toISOString().slice(0, 10);
};

/** Hears of each command on an open book that was accepted, before its facts are recorded, and may decide it again. */
export type Accepted = (
  book: BookState,
  facts: readonly Fact[],
  again: () => Result<readonly Fact[]>,
) => void;

/**
 * Commands decided by the real deciders in random order: valid histories of any length, one append per
 * command, endless. What a decider refuses is left out.
 */
export function* bookHistory(
  shape: Shape,
  random: (below: number) => number,
  accepted?: Accepted,
): Generator<Append & { events: LedgerEvent[] }> {
  let { year } = shape;
  /** Receipts before the year began. */
  let before = 0;
  /** The closed books of the year before. */
  const closed = new Map<string, BookState>();
  const books = new Map(shape.funds.map((fund) => [fund, bookKind.initial(bookStream(fund, year))]));
  const revisions = new Map<string, number>();
  const items = new Map<
    string,
    { fund: string; kind: 'allocation' | 'debt' | 'disbursement'; history: LedgerEvent[] }
  >();
  /** The latest receipts of each fund, and every event of it that may touch their units. */
  const lately = new Map(
    shape.funds.map((fund) => [fund, { receipts: [] as Received[], moves: [] as LedgerEvent[] }]),
  );
  /** The events of proposals that wait for approvals. */
  const proposed = new Map<string, LedgerEvent>();
  let command = 0;
  let receipts = 0;
  let position = 0;

  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const maybe = <T>(list: readonly T[], percent: number): T | null =>
    list.length > 0 && random(100) < percent ? pick(list) : null;

  function* run(
    fund: string,
    actor: string,
    decide: (context: Context) => Result<readonly Fact[]>,
  ): Generator<Append & { events: LedgerEvent[] }> {
    command += 1;
    const commandId = uuid(command);
    const recordedAt = new Date(Date.UTC(year, 0, 1) + command).toISOString();
    const context = { commandId, actor, recordedAt, today: `${year + 1}-12-31` };
    const decided = decide(context);
    if (!decided.ok) return;
    const stream = bookStream(fund, year);
    const own = books.get(fund) ?? bookKind.initial(stream);
    const found = foundLate(decided.value, own, closed.get(fund), random);
    const concluded = conclude(found, () => own);
    if (!concluded.ok) return;
    if (own.status === 'open') accepted?.(own, decided.value, () => decide(context));
    const facts = concluded.value;
    const first = revisions.get(stream) ?? -1;
    const plain = facts.map((fact, index) => ({
      ...fact,
      id: eventId(commandId, index),
      revision: first + 1 + index,
      position: position + 1 + index,
      recordedAt,
      actor,
      commandId,
      correlationId: commandId,
      causationId: commandId,
    }));
    position += plain.length;
    revisions.set(stream, first + plain.length);
    const envelopes = plain.map((event) => writeEnvelope({ ...event, bodyHash: BODY_HASH }));
    const events: LedgerEvent[] = plain.map((event, index) => {
      const hash = boundHash(bookKind, event.type, envelopes[index] ?? '');
      return hash === undefined ? event : { ...event, hash };
    });
    const book = books.get(fund);
    for (const event of events) if (book) bookKind.evolve(book, event);
    for (const event of events) note(fund, event);
    const stored: NewEvent[] = events.map(({ id, type }, index) => ({
      id,
      type,
      envelope: envelopes[index] ?? '',
    }));
    yield {
      command: commandId,
      requestHash: BODY_HASH,
      writes: [{ stream, expected: first < 0 ? 'no-stream' : first, events: stored }],
      events,
    };
  }

  /** Keeps what later commands need of an event. */
  function note(fund: string, event: LedgerEvent): void {
    const { receipts: own, moves } = lately.get(fund) ?? { receipts: [], moves: [] };
    const data = event.data as Readonly<Record<string, unknown>>;
    if (event.type === 'book.receipt-recorded.v1') {
      own.push({ receipt: String(data['receipt']), event, since: moves.length });
      if (own.length > RECEIPTS_KEPT) own.shift();
      return;
    }
    moves.push(event);
    if (event.type === 'book.decision-proposed.v1') proposed.set(String(data['decision']), event);
    if (event.type === 'book.decision-ended.v1' || typeof data['made'] === 'string')
      proposed.delete(String(data['decision']));
    for (const kind of ['allocation', 'debt', 'disbursement'] as const) {
      const item = data[kind];
      if (typeof item === 'string' && !items.has(item)) items.set(item, { fund, kind, history: [] });
    }
    for (const item of bookItems.about(event)) items.get(item)?.history.push(event);
  }

  /** One of the corrections of a receipt. */
  const correction = ({
    receipt,
    amount,
    book,
    history,
    context,
    ...on
  }: {
    readonly fund: string;
    readonly effectiveOn: Day;
    readonly receipt: string;
    readonly amount: string;
    readonly book: BookState;
    readonly history: readonly LedgerEvent[];
    readonly context: Context;
  }): Result<readonly Fact[]> => {
    const common = { ...on, receipt, reason: 'sua', account: null };
    const restriction = random(2) ? { programme: pick(shape.programmes) } : {};
    if (commodityOf(history) === GOOD && random(2)) {
      const valuation = { amount, commodity: 'VND', technique: 'gia-hoa-don' };
      const command = { ...on, receipt, valuation, reason: 'gia', files: [BODY_HASH] };
      return decideReviseValuation(command, book, history, context);
    }
    switch (random(6)) {
      case 0:
        return decideRefundToDonor(
          { ...common, amount, account: accountOf(commodityOf(history)) },
          book,
          history,
          context,
        );
      case 1:
        return decideCorrectReceipt(
          { ...common, restriction: null, labels: {}, amount },
          book,
          history,
          context,
        );
      case 2: {
        const labels = { donor: `d-${random(shape.donors)}`, place: maybe(shape.places, 50) };
        return decideCorrectReceipt(
          { ...common, restriction: null, labels, amount: null },
          book,
          history,
          context,
        );
      }
      case 3: {
        const recordAgain = { restriction, amount: null, account: null };
        const command = { ...common, kind: 'wrong-entry' as const, recordAgain };
        return decideReverseReceipt(command, book, history, context);
      }
      case 4: {
        const voucher = String((history[0]?.data as { readonly voucher?: string } | undefined)?.voucher);
        return decideVoidVoucher({ ...on, item: receipt, voucher, reason: 'hong' }, book, history, context);
      }
      default: {
        const command = { ...common, kind: 'bank-reversal' as const, recordAgain: null };
        return decideReverseReceipt(command, book, history, context);
      }
    }
  };

  for (const fund of shape.funds)
    yield* run(fund, 'an', (context) =>
      decideOpenBook(
        {
          fund,
          year,
          name: fund,
          level: 'province',
          place: null,
          accounts: [
            { account: 'tien-mat', kind: 'cash' },
            { account: STORE, kind: 'store' },
            { account: FOREIGN_BANK, kind: 'bank' },
          ],
          goods: [{ code: GOOD, unit: 'chiếc', exponent: 0 }],
          effectiveOn: `${year}-01-01`,
        },
        books.get(fund) as never,
        [],
        context,
      ),
    );
  for (;;) {
    if (command >= (shape.yearEndsAfter ?? Infinity) && year === shape.year) {
      for (const [fund, book] of books) {
        for (const decision of book.approvals.decisions.keys())
          yield* run(fund, 'chi', endDecision(fund, book, decision));
        yield* run(fund, 'chi', yearEnd(fund, book));
        if (book.status !== 'closed') throw new Error(`the ${year} book of ${fund} did not close`);
        closed.set(fund, book);
      }
      [year, before] = [year + 1, receipts];
      for (const [fund, last] of closed) {
        books.set(fund, bookKind.initial(bookStream(fund, year)));
        yield* run(fund, 'an', nextBook(fund, books.get(fund) ?? last, last));
      }
    }
    const fund = pick(shape.funds);
    const book = books.get(fund);
    if (!book) return;
    const covers = (place: string, of: string): boolean => place === of;
    const earliest = Math.floor(((receipts - before) / shape.receipts) * 351);
    const period = periodStep(fund, book, dayOf(year, earliest), command);
    if (period) yield* run(fund, 'chi', period);
    const effectiveOn = dayOf(year, earliest + random(14));
    if (random(100) < shape.receiptsPercent || receipts < 5) {
      receipts += 1;
      const restriction: Restriction = {
        ...(random(5) === 0 && { programme: pick(shape.programmes) }),
        ...(random(5) === 0 && { place: pick(shape.places) }),
      };
      yield* run(fund, 'an', (context) =>
        decideRecordReceipt(
          {
            fund,
            commodity: 'VND',
            amount: String(1 + random(shape.giftMax)),
            account: 'tien-mat',
            source: 'voluntary',
            donor: random(20) === 0 ? null : `d-${random(shape.donors)}`,
            restriction,
            place: maybe(shape.places, 30),
            pledge: null,
            period: null,
            valuation: null,
            narrative: null,
            effectiveOn,
          },
          book,
          context,
        ),
      );
      continue;
    }
    const daily = random(5) === 0 ? dailyStep({ shape, fund, book, effectiveOn, random }) : undefined;
    const special =
      daily ??
      (random(8) === 0 ? approvalStep({ shape, fund, book, effectiveOn, proposed, random }) : undefined);
    if (special) {
      yield* run(fund, special.actor, special.decide);
      continue;
    }
    const exchange = random(6) === 0 ? exchangeStep({ shape, fund, book, effectiveOn, random }) : undefined;
    if (exchange) {
      yield* run(fund, exchange.actor, exchange.decide);
      continue;
    }
    const free = [...book.pools]
      .map(([pool, state]) => ({ pool, free: available(state) }))
      .filter((p) => p.free > 0n);
    const own = [...book.open].map(([id, { status }]) => ({ id, status }));
    const finished = random(6) === 0 ? [...items].filter(([, item]) => item.fund === fund) : [];
    const { receipts: given = [], moves = [] } = lately.get(fund) ?? {};
    const step = random(8);
    if (finished.length > 0) {
      const [id, { kind, history }] = pick(finished);
      const amount = String(1 + random(shape.giftMax));
      const named = { fund, effectiveOn };
      if (kind === 'debt') {
        const recorded = history[0]?.data as { readonly forDisbursement?: string | null } | undefined;
        const disbursement = recorded?.forDisbursement ?? null;
        const past = disbursement === null ? [] : (items.get(disbursement)?.history ?? []);
        const lines = disbursement === null ? [] : [{ line: 0, amount }];
        const credited = { disbursement, lines, amount, creditNote: null, reason: 'tra-hang' };
        yield* run(fund, 'an', (context) =>
          decideReduceSupplierDebt(
            { ...named, debt: id, ...credited },
            book,
            { debt: history, disbursement: past },
            context,
          ),
        );
        continue;
      }
      yield* run(fund, 'an', (context) =>
        kind === 'allocation'
          ? decideReduceAllocation(
              { ...named, allocation: id, amount, narrative: null },
              book,
              history,
              context,
            )
          : decideReturnDisbursement(
              {
                ...named,
                disbursement: id,
                account: accountOf(commodityOf(history)),
                lines: [{ line: 0, amount }],
                reason: 'du',
              },
              book,
              history,
              context,
            ),
      );
    } else if (given.length > 0 && random(8) === 0) {
      const { receipt, event, since } = pick(given);
      const log = [event, ...moves.slice(since)] as BookEvent[];
      const history = historyOf({ log }, receipt);
      const amount = String(1 + random(shape.giftMax));
      yield* run(fund, 'an', (context) =>
        correction({ fund, effectiveOn, receipt, amount, book, history, context }),
      );
    } else if (random(12) === 0 && free.length > 0) {
      const { pool, free: units } = pick(free);
      yield* run(fund, 'chi', (context) =>
        decideReleaseRestriction(
          {
            fund,
            pool,
            effectiveOn,
            restriction: {},
            ground: 'donor-consent',
            proposedBy: 'binh',
            amount: String(1n + BigInt(random(Number(units)))),
            reason: 'dong-y',
            files: [BODY_HASH],
          },
          book,
          covers,
          context,
        ),
      );
    } else if (step === 0 && free.length > 0) {
      const from = pick(free);
      const { restriction } = poolKey(from.pool);
      const amount = String(1n + BigInt(random(Number(from.free))));
      yield* run(fund, 'an', (context) =>
        decideApproveAllocation(
          {
            fund,
            commodity: poolKey(from.pool).commodity,
            amount,
            designation: random(2)
              ? { programme: restriction.programme ?? pick(shape.programmes) }
              : { place: restriction.place ?? pick(shape.places) },
            pools: [{ pool: from.pool, amount }],
            proposedBy: 'binh',
            narrative: null,
            effectiveOn,
          },
          book,
          covers,
          context,
        ),
      );
    } else if (own.length > 0 && step > 2) {
      const { id, status } = pick(own);
      const on = { fund, disbursement: id, effectiveOn };
      const proposalHash = book.open.get(id)?.proposalHash ?? '';
      const commodity = book.open.get(id)?.proposal.commodity ?? 'VND';
      yield* run(fund, status === 'proposed' ? pick(APPROVERS) : 'an', (context) => {
        if (random(6) === 0 && status !== 'paid')
          return decideCancelDisbursement({ ...on, reason: 'thoi' }, book, context);
        if (status === 'proposed')
          return decideApproveDisbursement({ ...on, proposalHash }, book, covers, context);
        if (status === 'approved')
          return decidePayDisbursement({ ...on, account: accountOf(commodity) }, book, context);
        return decideDeliverDisbursement({ ...on, evidence: null, files: [] }, book, context);
      });
    } else if (free.length > 0) {
      const from = pick(free);
      const { restriction, designation } = poolKey(from.pool);
      const limits = { ...designation, ...restriction };
      const amount = 2 + random(Math.min(Number(from.free), shape.giftMax * 3));
      const half = Math.floor(amount / 2);
      const place = limits.place ?? maybe(shape.places, 80);
      yield* run(fund, 'an', (context) =>
        decideProposeDisbursement(
          {
            fund,
            commodity: poolKey(from.pool).commodity,
            amount: String(amount),
            programme: limits.programme ?? maybe(shape.programmes, 50),
            group: null,
            purpose: null,
            lines: [half, amount - half].map((part) => ({
              amount: String(part),
              beneficiary: maybe(shape.beneficiaries, 50),
              place,
              children: null,
            })),
            pools: [{ pool: from.pool, amount: String(amount) }],
            payee: null,
            narrative: null,
            effectiveOn,
          },
          book,
          covers,
          context,
        ),
      );
    }
  }
}
