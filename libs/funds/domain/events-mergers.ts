import type { CommodityCode, Day } from '#kernel';
import type { Approving } from './approvals.ts';
import type { ShortUnits } from './events-corrections.ts';
import type { OpenItemKind } from './events-daily.ts';
import type { ChecklistLine, PaidIn } from './events-periods.ts';
import type {
  AccountKind,
  DisbursementHead,
  DisbursementProposed,
  Part,
  PoolUnits,
  WireRange,
} from './events.ts';

/** What every event of a merger says: which one it is, the fund that ends, and the one that goes on. */
export interface OfMerger {
  readonly merger: string;
  readonly from: string;
  readonly into: string;
}

/** An own account of a fund that ended, as it is called here. */
export interface AccountRenamed {
  readonly account: string;
  readonly as: string;
}

/** A fund whose book this one goes on with, at once or through others. */
export interface Predecessor {
  readonly fund: string;
  readonly on: Day;
  /** Accounts that are called otherwise here. */
  readonly accounts: readonly AccountRenamed[];
}

/** The first event of a merger in the successor's book: whose book it goes on with from now on. */
export interface FundTakenOver extends OfMerger {
  /** The merged fund and those it had taken over itself. */
  readonly predecessors: readonly Predecessor[];
}

/** A fund that was taken over, as the book before left it. */
export interface PredecessorCarried extends Predecessor {
  /** Year of the book that carried it forward. */
  readonly from: number;
}

/** What lies in one own account of one commodity. */
export interface AccountHandedOver {
  /** As the successor calls it. */
  readonly account: string;
  /** What it was called before; the same when it kept its id. */
  readonly was: string;
  readonly kind: AccountKind;
  /** Null, with an amount of 0: nothing was ever in it. */
  readonly commodity: CommodityCode | null;
  /** May be below zero: an account that was overdrawn is handed over so. */
  readonly amount: string;
}

/** Own accounts with what lies in them. */
export interface AccountsHandedOver extends OfMerger, Part {
  /** Chứng từ điều chỉnh of the book it stands in, the same in every part. */
  readonly voucher: string;
  readonly accounts: readonly AccountHandedOver[];
}

/**
 * Goods: the store, as it is called in this book, that holds most of them, so that what they are worth goes with
 * them. Null: money, or they are in no store.
 */
interface InStore {
  readonly store: string | null;
}

/** A pool as it goes over: its unit numbers run on. More ranges than an event holds go over several entries. */
export interface PoolState extends InStore {
  readonly pool: string;
  readonly commodity: CommodityCode;
  readonly minted: string;
  readonly free: readonly WireRange[];
  readonly movedIn: readonly WireRange[];
}

export interface PoolsHandedOver extends OfMerger, Part {
  readonly pools: readonly PoolState[];
}

export interface PoolShort extends InStore {
  readonly pool: string;
  readonly commodity: CommodityCode;
  readonly short: readonly ShortUnits[];
}

export interface ShortfallsHandedOver extends OfMerger, Part {
  readonly pools: readonly PoolShort[];
}

/** A disbursement that is not finished. Part 1 tells of it, the units follow in all parts. */
export interface DisbursementHandedOver extends OfMerger, Part, DisbursementHead, InStore {
  readonly status: 'proposed' | 'approved' | 'paid';
  /** Units that it holds; those of a paid one are spent, and named for what may come back. */
  readonly held: readonly PoolUnits[];
}

export interface DisbursementTakenOver extends DisbursementHandedOver {
  /** In part 1: the rest of its proposal, and what each line was before anything came back. */
  readonly proposal:
    | (Pick<DisbursementProposed, 'pools' | 'payee' | 'payeePerson' | 'narrative'> & {
        readonly proposalHash: string;
        readonly maker: string;
        readonly approving: Approving;
        readonly proposedOn: Day;
        readonly lines: readonly string[];
        /** The book that paid it and the day; null: it was not paid. */
        readonly paid: PaidIn | null;
      })
    | null;
}

export interface ItemHandedOver {
  readonly kind: OpenItemKind;
  readonly item: string;
  readonly account: string;
  readonly commodity: CommodityCode;
  readonly amount: string;
  /** Day on which it became open. */
  readonly since: Day;
  /** Day by which it is to be settled or paid. */
  readonly due?: Day;
}

export interface ItemsHandedOver extends OfMerger, Part {
  readonly items: readonly ItemHandedOver[];
}

/** What an advance is for and holds; what of it is open goes over as an item. */
export interface AdvanceHandedOver extends OfMerger, Part, InStore {
  readonly advance: string;
  readonly person: string;
  readonly commodity: CommodityCode;
  readonly forDisbursement: string | null;
  readonly programme: string | null;
  readonly purpose: string | null;
  readonly held: readonly PoolUnits[];
}

/** The last event of a fund's last book: it is part of another one from this day on. */
export interface BookMerged extends OfMerger {
  /** Stream of the successor's book that goes on with this one. */
  readonly intoBook: string;
  readonly proposedBy: string;
  /** What of the fund was unfinished, which the reason explains. */
  readonly checklist: readonly ChecklistLine[];
  /** Commitment to free text in the vault: the decision that ordered it. */
  readonly reason: string;
  /** SHA-256 (hex) of the evidence files in the vault. */
  readonly files: readonly string[];
}

/** The events of mergers by their type: each thing is written by both books. */
export interface MergerEvents {
  'book.accounts-handed-over.v1': AccountsHandedOver;
  'book.accounts-taken-over.v1': AccountsHandedOver;
  'book.advance-handed-over.v1': AdvanceHandedOver;
  'book.advance-taken-over.v1': AdvanceHandedOver;
  'book.disbursement-handed-over.v1': DisbursementHandedOver;
  'book.disbursement-taken-over.v1': DisbursementTakenOver;
  'book.fund-taken-over.v1': FundTakenOver;
  'book.items-handed-over.v1': ItemsHandedOver;
  'book.items-taken-over.v1': ItemsHandedOver;
  'book.merged.v1': BookMerged;
  'book.pools-handed-over.v1': PoolsHandedOver;
  'book.pools-taken-over.v1': PoolsHandedOver;
  'book.predecessor-carried.v1': PredecessorCarried;
  'book.shortfalls-handed-over.v1': ShortfallsHandedOver;
  'book.shortfalls-taken-over.v1': ShortfallsHandedOver;
}
