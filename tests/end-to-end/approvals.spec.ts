import { expect, test } from 'vitest';
import { everything, onlyFunds } from '#access';
import {
  fundProjections,
  readApprovalRules,
  readDecision,
  readDecisions,
  readDisbursement,
  readDisbursements,
} from '#funds';
import { BOOK_2026, openedLedger } from '../support/opened-ledger.ts';
import { describeStores, projected } from '../support/stores.ts';

const ALL = everything('kiem-toan');
const ON = { effectiveOn: '2026-03-01' };
const GIFT = {
  ...ON,
  account: 'tien-mat',
  source: 'voluntary',
  commodity: 'VND',
  amount: '1000',
  donor: 'nt-1',
};
const lines = (amount: string) => [{ amount }];
const rule = (kind: string, twoAbove: string | null) => ({
  ...ON,
  kind,
  thresholds: [{ commodity: 'VND', oneAbove: '0', twoAbove }],
  validFrom: '2026-02-01',
});
const page = { scope: ALL, limit: 10, on: '2026-06-30' };

async function opened() {
  const ledger = await openedLedger();
  await ledger.made('open-book', BOOK_2026);
  await ledger.made('register-donor', { donor: 'nt-1', kind: 'organisation', ...ON });
  const { id: receipt } = await ledger.made('record-receipt', GIFT);
  return { ...ledger, receipt };
}

describeStores('approvals', (fresh) => {
  test('of a disbursement: the list shows given, needed and void, and who may still approve', async () => {
    const { log, ledger, made, code } = await opened();
    await made('set-approval-rule', { ...rule('disbursement', '500'), proposedBy: 'an' }, 'chi');
    const said = { ...ON, commodity: 'VND', amount: '600', lines: lines('600'), payeePerson: 'em' };
    const { id: disbursement, hash: first } = await made('propose-disbursement', said, 'an');
    const of = (proposalHash: string) => ({ ...ON, disbursement, proposalHash });
    await made('approve-disbursement', of(first), 'chi');
    const changed = await made(
      'change-disbursement',
      { ...said, disbursement, amount: '700', lines: lines('700'), reason: 'Thêm hai em' },
      'binh',
    );
    expect(await code('approve-disbursement', of(first), 'chi')).toBe('PROPOSAL_IS_ANOTHER');
    await made('approve-disbursement', of(changed.hash), 'dung');
    const context = await projected(fresh, log, fundProjections, 7);
    const { rows } = await readDisbursements(context, { ...page, status: 'proposed' });
    expect(rows.map((row) => ({ ...row, steps: row.steps.length }))).toStrictEqual([
      {
        disbursement,
        fund: 'qbt-06',
        commodity: 'VND',
        amount: 700n,
        returned: 0n,
        programme: null,
        purpose: null,
        status: 'proposed',
        approvals: [
          { person: 'chi', effectiveOn: '2026-03-01', position: 6, void: true },
          { person: 'dung', effectiveOn: '2026-03-01', position: 8, void: false },
        ],
        given: 1,
        needed: 2,
        barred: ['an', 'binh', 'em', 'dung'],
        steps: 4,
      },
    ]);
    const waits = async (by: string): Promise<number> =>
      (await readDisbursements(context, { ...page, by })).rows.length;
    expect([await waits('chi'), await waits('dung'), await waits('em')]).toStrictEqual([1, 0, 0]);
    const before = await readDisbursement(context, { scope: ALL, disbursement, knownAt: 6 });
    expect(before.row).toMatchObject({ amount: 600n, given: 1, needed: 2, approvals: [{ void: false }] });
    const hidden = await readDisbursements(context, { ...page, scope: onlyFunds('khach', ['qbt-19']) });
    expect(hidden.rows).toStrictEqual([]);
    await context.close();
    await made('approve-disbursement', of(changed.hash), 'chi');
    const after = await projected(fresh, log, fundProjections, 7);
    const { row } = await readDisbursement(after, { scope: ALL, disbursement, on: '2026-06-30' });
    expect(row).toMatchObject({ status: 'approved', given: 2, needed: null, barred: [] });
    expect(row?.approvals.map(({ person }) => person)).toStrictEqual(['chi', 'dung', 'chi']);
    await after.close();
    await ledger.close();
  });

  test('of a refund: its receipt is looked up when it is approved, and the last approval pays it', async () => {
    const { log, ledger, made, code, events, receipt } = await opened();
    await made('set-approval-rule', { ...rule('refund', '50'), proposedBy: 'an' }, 'chi');
    const said = { ...ON, receipt, amount: '60', account: 'tien-mat', reason: 'Tặng nhầm' };
    expect(await code('refund-to-donor', said, 'chi')).toBe('APPROVALS_MISSING');
    const { id: decision, hash } = await made('propose-refund', said, 'an');
    const approval = { ...ON, decision, proposalHash: hash };
    expect(await code('approve-decision', approval, 'nt-1')).toBe('PAYEE_DECIDES');
    await made('approve-decision', approval, 'chi');
    const context = await projected(fresh, log, fundProjections, 7);
    const waiting = await readDecisions(context, { ...page, status: 'proposed' });
    expect(waiting.rows).toMatchObject([
      { decision, kind: 'refund', commodity: 'VND', amount: 60n, given: 1, needed: 2, barred: ['an', 'chi'] },
    ]);
    await context.close();
    const { id: refund } = await made('approve-decision', approval, 'dung');
    expect((await events()).slice(-2)).toMatchObject([
      { type: 'book.donor-refunded.v1', data: { refund, amount: '60', voucher: 'PC-000001' } },
      { type: 'book.decision-approval-given.v1', actor: 'dung', data: { given: 2, made: refund } },
    ]);
    const after = await projected(fresh, log, fundProjections, 7);
    const { row } = await readDecision(after, { scope: ALL, decision });
    expect(row).toMatchObject({ status: 'made', made: refund, needed: null });
    expect((await readDecisions(after, { ...page, by: 'em' })).rows).toStrictEqual([]);
    await after.close();
    await ledger.close();
  });

  test('of a proposal that is replaced are void, and its successor waits for them anew', async () => {
    const { log, ledger, made, events } = await opened();
    await made('set-approval-rule', { ...rule('allocation', '50'), proposedBy: 'an' }, 'chi');
    const said = {
      ...ON,
      commodity: 'VND',
      amount: '60',
      designation: { group: 'mo-coi' },
      narrative: 'Họp 3/3',
    };
    const first = await made('propose-allocation', said, 'an');
    await made('approve-decision', { ...ON, decision: first.id, proposalHash: first.hash }, 'chi');
    const second = await made('propose-allocation', { ...said, amount: '70', replaces: first.id }, 'binh');
    // Free text went into the vault: the proposal keeps its commitment.
    expect(JSON.stringify(await events())).not.toContain('Họp');
    const context = await projected(fresh, log, fundProjections, 7);
    expect((await readDecisions(context, page)).rows).toMatchObject([
      { decision: second.id, status: 'proposed', given: 0, needed: 2, barred: ['an', 'binh'] },
      {
        decision: first.id,
        status: 'replaced',
        given: 0,
        needed: null,
        approvals: [{ person: 'chi', void: true }],
      },
    ]);
    await context.close();
    await ledger.close();
  });

  test('rules of approvals are read at two dates', async () => {
    const { log, ledger, made } = await opened();
    await made('set-approval-rule', { ...rule('expense', '50'), proposedBy: 'an' }, 'chi');
    const { id: decision, hash } = await made('propose-approval-rule', rule('expense', null), 'an');
    for (const person of ['chi', 'dung'])
      await made('approve-decision', { ...ON, decision, proposalHash: hash }, person);
    const context = await projected(fresh, log, fundProjections, 7);
    const asked = { scope: ALL, fund: 'qbt-06' };
    const thresholds = async (more: object): Promise<(string | null | undefined)[]> =>
      (await readApprovalRules(context, { ...asked, ...more })).rows.map(
        (row) => row.thresholds[0]?.twoAbove,
      );
    expect(await thresholds({})).toStrictEqual(['50', null]);
    expect(await thresholds({ knownAt: 5 })).toStrictEqual(['50']);
    expect(await thresholds({ effectiveThrough: '2026-02-28' })).toStrictEqual([]);
    await context.close();
    await ledger.close();
  });
});
