import { type Scope } from '#access';
import type { Day } from '#kernel';
import {
  type AsOf,
  type FactDefinition,
  type FactTables,
  type ReadContext,
  type Standing,
  factProjection,
  readAsOf,
  readFacts,
} from '#read-models';
import type { VoucherKind } from '../../domain/events-corrections.ts';
import type { BookEventOf } from '../../domain/events.ts';
import { fundOf } from '../../domain/wire.ts';
import { visibleFunds } from '../query.ts';

const definition: FactDefinition<BookEventOf<'book.voucher-voided.v1'>> = {
  name: 'voided-vouchers',
  version: 1,
  types: ['book.voucher-voided.v1'],
  keyOf: ({ stream }) => stream,
  fundOf: ({ stream }) => fundOf(stream),
};

/** Every number of a voucher series that does not count: with it the series has no gap. */
export const voidedVouchers = factProjection(definition);

/** A voucher that was voided. */
export interface VoidedVoucher {
  readonly fund: string;
  /** Stream of its book. */
  readonly book: string;
  readonly kind: VoucherKind;
  readonly voucher: string;
  readonly replacedBy: string;
  /** What it was written for. */
  readonly item: string;
  /** Commitment to the reason, in the vault. */
  readonly reason: string;
  readonly effectiveOn: Day;
  readonly actor: string;
  readonly position: number;
}

export interface VoidedVouchersQuery extends AsOf {
  readonly scope: Scope;
  readonly funds?: readonly string[] | undefined;
}

/** The voided vouchers known and effective by two dates, book by book in the order they were voided. */
export function readVoidedVouchers(
  context: ReadContext,
  { scope, funds, ...asOf }: VoidedVouchersQuery,
): Promise<Standing & { readonly rows: readonly VoidedVoucher[] }> {
  return readAsOf<FactTables, { rows: readonly VoidedVoucher[] }>(
    context,
    [definition.name],
    asOf,
    async (trx, { knownAt, through }) => {
      const visible = visibleFunds(scope, funds);
      const facts = await readFacts(trx, definition, { knownAt, through, funds: visible });
      const rows = [...facts.values()].flat().map(({ stream, data, effectiveOn, actor, position }) => ({
        fund: fundOf(stream),
        book: stream,
        kind: data.kind,
        voucher: data.voucher,
        replacedBy: data.replacedBy,
        item: data.corrects,
        reason: data.reason,
        effectiveOn,
        actor,
        position,
      }));
      return {
        rows: rows.toSorted((a, b) =>
          a.book === b.book ? a.position - b.position : a.book < b.book ? -1 : 1,
        ),
      };
    },
  );
}
