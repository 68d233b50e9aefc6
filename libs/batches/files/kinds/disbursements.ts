import { type Result, ok } from '#kernel';
import { count, day, id, text } from '../cells.ts';
import { type CellRefusal, type Step, all, describeKind, may, must, refuseCell, step } from '../kind.ts';
import {
  amountOf,
  commodityColumns,
  fund,
  moneyOf,
  narrative,
  placeColumns,
  placeOf,
  ref,
} from '../shared.ts';

/**
 * Disbursements. A row may carry the whole life: proposed, approved, paid, delivered. It goes as far as its
 * cells go, and a later import of the row with more cells continues it.
 */
export const disbursements = describeKind({
  name: 'disbursements',
  files: { vi: 'chi-ho-tro', en: 'disbursements' },
  title: { vi: 'Chi hỗ trợ', en: 'Disbursements' },
  columns: {
    ref,
    fund,
    date: must(day, 'Ngày đề nghị', 'Proposed on', '10/01/2023'),
    amount: amountOf('Số tiền hoặc số lượng', 'Amount', '5.000.000'),
    ...commodityColumns,
    programme: may(id, 'Mã chương trình', 'Programme', 'ao-am-mua-dong'),
    group: may(id, 'Nhóm đối tượng', 'Group', ''),
    purpose: may(id, 'Mục đích', 'Purpose', ''),
    beneficiary: may(id, 'Mã đối tượng', 'Beneficiary', ''),
    ...placeColumns,
    children: may(count, 'Số lượt trẻ em', 'Children', '10'),
    payee: may(text, 'Người nhận tiền', 'Payee', '', 'Cất trong kho riêng', 'Kept in the vault'),
    narrative,
    proposedBy: may(
      id,
      'Người đề nghị',
      'Proposed by',
      'ke-toan',
      'Để trống là người nhập',
      'Empty means the importer',
    ),
    approvedOn: may(day, 'Ngày duyệt', 'Approved on', '12/01/2023'),
    approvedBy: may(
      id,
      'Người duyệt',
      'Approved by',
      'chu-tich-hdql',
      'Phải khác người đề nghị',
      'Never the one who proposed',
    ),
    paidOn: may(day, 'Ngày chi', 'Paid on', '15/01/2023'),
    account: may(id, 'Chi từ tài khoản', 'Account', 'nh-1'),
    deliveredOn: may(day, 'Ngày trao', 'Delivered on', '20/01/2023'),
    evidence: may(text, 'Chứng cứ trao', 'Evidence', '', 'Cất trong kho riêng', 'Kept in the vault'),
  },
  steps: (row, key) => {
    const read = all({
      money: moneyOf('amount', row.amount, row),
      place: placeOf(row.placeCode, row.placeName, 'placeCode'),
    });
    if (!read.ok) return read;
    const { money, place } = read.value;
    const { beneficiary, children } = row;
    const proposal = {
      fund: row.fund,
      ...money,
      programme: row.programme,
      group: row.group,
      purpose: row.purpose,
      lines: [{ amount: money.amount, beneficiary, place, children }],
      payee: row.payee,
      narrative: row.narrative,
      effectiveOn: row.date,
    };
    const later = laterSteps(row, { fund: row.fund, disbursement: key('propose') });
    return later.ok
      ? ok([step('propose', 'propose-disbursement', proposal, row.proposedBy), ...later.value])
      : later;
  },
});

interface Life {
  readonly approvedOn: string | null;
  readonly approvedBy: string | null;
  readonly paidOn: string | null;
  readonly account: string | null;
  readonly deliveredOn: string | null;
  readonly evidence: string | null;
}

/** The steps after the proposal. Each needs the one before it, and all that belongs to it. */
function laterSteps(
  row: Life,
  of: { readonly fund: string; readonly disbursement: string },
): Result<readonly Step[], CellRefusal> {
  const { approvedOn, approvedBy, paidOn, account, deliveredOn } = row;
  const needs: readonly (readonly [cell: unknown, needed: unknown, column: string])[] = [
    [approvedBy, approvedOn, 'approvedOn'],
    [approvedOn, approvedBy, 'approvedBy'],
    [paidOn, approvedOn, 'approvedOn'],
    [paidOn, account, 'account'],
    [account, paidOn, 'paidOn'],
    [deliveredOn, paidOn, 'paidOn'],
    [row.evidence, deliveredOn, 'deliveredOn'],
  ];
  const lacking = needs.find(([cell, needed]) => cell !== null && needed === null);
  if (lacking) return refuseCell(lacking[2], { code: 'CELL_MISSING', details: {} });
  const steps: Step[] = [];
  if (approvedOn !== null)
    steps.push({
      name: 'approve',
      command: 'approve-disbursement',
      actor: approvedBy,
      body: ([proposed]) => ({ ...of, proposalHash: proposed?.hashes[0], effectiveOn: approvedOn }),
    });
  if (paidOn !== null) steps.push(step('pay', 'pay-disbursement', { ...of, account, effectiveOn: paidOn }));
  if (deliveredOn !== null)
    steps.push(
      step('deliver', 'deliver-disbursement', { ...of, evidence: row.evidence, effectiveOn: deliveredOn }),
    );
  return ok(steps);
}
