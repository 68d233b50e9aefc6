import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { everything } from '#access';
import { openMemoryLog, openSqliteLogReader } from '#event-log';
import { bookItems, bookKind, fundProjections, readPledgesLeft } from '#funds';
import type { LedgerEvent } from '#kernel';
import {
  type Command,
  type Ledger,
  type Outcome,
  historyFromLog,
  openLedger,
  parseEnvelope,
} from '#platform';
import { pledgeProjections, readPledgeAgeing } from '#pledges';
import { openVault } from '#privacy';
import { allHandlers, directories, streamKinds } from '../../apps/ledger/handlers.ts';
import { type Serving, serve } from '../../apps/standalone/serve.ts';
import { describeStores, projected } from '../support/stores.ts';

// Every command of the command line is a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 240_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const demo = join(root, 'demo', 'bac-kan-2023');
const MERGED = '2025-07-01';
const DAY_BEFORE = '2025-06-30';
const NGHI_QUYET = 'Nghị quyết 1683/NQ-UBTVQH15';
/** Sections II.5 and II.7 of the provincial report for 2023, in đồng. */
const PROVINCE_2023 = 95_076_000;
const DISTRICTS_2023 = 156_397_000;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Balances {
  readonly rows: readonly {
    readonly key: string | null;
    readonly sums: { readonly available: string; readonly committed: string };
  }[];
}

describe('Bắc Kạn’s funds on the day they became Thái Nguyên’s', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-merger-'));
  let serving: Serving;
  /** Ids of what was recorded, by the names given here. */
  const made = new Map<string, string>();

  const lalanh = async (...args: string[]): Promise<Ran> => {
    const node = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'apps/cli/main.ts'];
    try {
      const done = await promisify(execFile)(process.execPath, [...node, ...args], {
        cwd: root,
        env: { ...process.env, LALANH_DATA: folder },
        maxBuffer: 64 * 1024 * 1024,
      });
      return { code: 0, ...done };
    } catch (error) {
      const { code, stdout, stderr } = error as Ran;
      return { code, stdout, stderr };
    }
  };

  const url = (path: string): string => `http://127.0.0.1:${serving.port}${path}`;
  const get = async <T>(path: string): Promise<T> => {
    const log = openSqliteLogReader(folder);
    const head = await log.head();
    await log.close();
    const response = await fetch(url(`${path}${path.includes('?') ? '&' : '?'}atLeast=${head}`));
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };

  interface Line {
    readonly answer?: { readonly commandId: string; readonly events: readonly { readonly hash?: string }[] };
    readonly problem?: { readonly code: string; readonly details: Readonly<Record<string, string>> };
  }
  /** Sends commands in order; each must be recorded. */
  const send = async (
    commands: readonly {
      readonly name: string;
      readonly body: object;
      readonly as?: string;
      readonly actor?: string;
    }[],
  ): Promise<readonly Line[]> => {
    const lines: Line[] = [];
    for (const { name, body, as, actor = 'ke-toan' } of commands) {
      const response = await fetch(url('/v1/commands/bulk'), {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: JSON.stringify({ name, key: randomUUID(), actor, body }),
      });
      const line = JSON.parse(await response.text()) as Line;
      if (line.problem) throw new Error(`${name}: ${JSON.stringify(line.problem)}`);
      if (as !== undefined) made.set(as, line.answer?.commandId ?? '');
      lines.push(line);
    }
    return lines;
  };
  const idOf = (name: string): string => made.get(name) ?? '';
  const balance = async (fund: string, effectiveThrough: string) => {
    const { rows } = await get<Balances>(
      `/v1/balances/fund?fund=${fund}&effectiveThrough=${effectiveThrough}`,
    );
    const [row] = rows;
    return [row?.sums.available ?? '0', row?.sums.committed ?? '0'];
  };

  /** Closes the years after 2023 and opens 2025 with what they carried. */
  const carried = (fund: string, name: string, level: string) => {
    const opening = { fund, name, level, accounts: [{ account: 'khong-neu', kind: 'unstated' }] };
    return [
      { name: 'close-book', body: { fund, year: 2023, effectiveOn: '2023-12-31', reason: 'hết năm' } },
      { name: 'open-book', body: { ...opening, year: 2024, effectiveOn: '2024-01-01' } },
      { name: 'close-book', body: { fund, year: 2024, effectiveOn: '2024-12-31', reason: 'hết năm' } },
      { name: 'open-book', body: { ...opening, year: 2025, effectiveOn: '2025-01-01' } },
    ];
  };
  const merging = (...more: string[]): string[] => [
    'merge-fund',
    '--into',
    'qbt-19',
    '--on',
    MERGED,
    '--proposed-by',
    'ke-toan',
    '--actor',
    'chu-tich',
    '--reason',
    NGHI_QUYET,
    ...more,
  ];

  beforeAll(async () => {
    expect((await lalanh('import', demo)).code).toBe(0);
    serving = await serve(folder, { port: 0 });
    const on = { fund: 'qbt-06', effectiveOn: '2025-04-01' };
    await send([
      ...carried('qbt-06', 'Quỹ Bảo trợ trẻ em tỉnh Bắc Kạn', 'province'),
      ...carried('qbt-06-huyen', 'Quỹ cấp huyện, tỉnh Bắc Kạn', 'district'),
      {
        name: 'open-book',
        body: {
          fund: 'qbt-19',
          name: 'Quỹ Bảo trợ trẻ em tỉnh Thái Nguyên',
          level: 'province',
          year: 2025,
          effectiveOn: '2025-01-01',
          accounts: [{ account: 'vcb-tn', kind: 'bank', bank: { bin: '970436', number: '0123456789' } }],
        },
      },
      { name: 'register-donor', body: { donor: 'be-lanh', kind: 'organisation', effectiveOn: '2025-01-01' } },
      {
        name: 'register-beneficiary',
        body: { beneficiary: 'te-1', kind: 'child', effectiveOn: '2025-01-01' },
      },
      {
        name: 'record-receipt',
        as: 'gift',
        body: {
          ...on,
          account: 'khong-neu',
          source: 'sponsorship',
          commodity: 'VND',
          amount: '9000000',
          donor: 'be-lanh',
        },
      },
      {
        name: 'record-unidentified-receipt',
        as: 'unidentified',
        body: { ...on, account: 'khong-neu', commodity: 'VND', amount: '700000' },
      },
      {
        name: 'make-pledge',
        body: { ...on, pledge: 'ck-1', donor: 'be-lanh', commodity: 'VND', amount: '5000000' },
      },
      {
        name: 'register-sponsorship',
        body: {
          ...on,
          sponsorship: 'dd-1',
          beneficiary: 'te-1',
          donor: 'be-lanh',
          commodity: 'VND',
          each: '500000',
          every: 'monthly',
          first: '2025-05-01',
          periods: 12,
        },
      },
    ]);
    const [proposed] = await send([
      {
        name: 'propose-disbursement',
        as: 'payment',
        body: {
          ...on,
          commodity: 'VND',
          amount: '96000000',
          lines: [{ amount: '96000000', beneficiary: 'te-1' }],
        },
      },
    ]);
    const proposalHash = proposed?.answer?.events[0]?.hash;
    await send([
      {
        name: 'approve-disbursement',
        actor: 'chu-tich',
        body: { ...on, disbursement: idOf('payment'), proposalHash },
      },
      ...['qbt-06', 'qbt-06-huyen'].map((fund) => ({
        name: 'lock-period',
        body: { fund, year: 2025, month: 6, reason: 'trước sáp nhập' },
      })),
    ]);
  });

  afterAll(async () => {
    await serving.stop();
    rmSync(folder, { recursive: true });
  });

  it('is shown before anything is written: every pool, account, promise and open item with its sum', async () => {
    const before = await get<{ position: number }>('/v1/balances/fund');
    const shown = await lalanh(...merging('--fund', 'qbt-06', '--dry-run', '--format', 'json'));
    const rows = JSON.parse(shown.stdout) as readonly Record<string, string>[];
    expect(rows.map(({ what, id, as, amount }) => [what, id, as, amount])).toStrictEqual([
      ['account', 'khong-neu', 'khong-neu', String(PROVINCE_2023 + 9_000_000 + 700_000)],
      ['pool', 'qbt-06/VND/general', null, String(PROVINCE_2023 + 9_000_000 - 96_000_000)],
      ['disbursement', idOf('payment'), 'approved', '96000000'],
      ['item', idOf('unidentified'), 'unidentified', '700000'],
      ['pledge', '*', null, String(5_000_000 + 12 * 500_000)],
      ['sponsorship', '*', null, '0'],
    ]);
    expect((await get<{ position: number }>('/v1/balances/fund')).position).toBe(before.position);
  });

  it('goes over with everything, the districts’ fund on the same day', async () => {
    const merged = await lalanh(...merging('--fund', 'qbt-06'));
    expect([merged.code, merged.stdout.split('\n').at(-2)]).toStrictEqual([
      0,
      'Cam kết đã chuyển / Pledges handed over: 2',
    ]);
    // Both have an account of that id: without a new one it is refused, and nothing is written.
    const taken = await lalanh(...merging('--fund', 'qbt-06-huyen'));
    expect([taken.code, taken.stderr]).toStrictEqual([1, expect.stringContaining('khong-neu')]);
    const districts = await lalanh(
      ...merging('--fund', 'qbt-06-huyen', '--account', 'khong-neu=khong-neu-huyen'),
    );
    expect(districts.code).toBe(0);
    // Sent again, because nobody knows whether it ended: nothing more happens.
    const again = await lalanh(...merging('--fund', 'qbt-06'));
    expect([again.code, again.stdout.split('\n').at(-2)]).toStrictEqual([
      0,
      'Cam kết đã chuyển / Pledges handed over: 0',
    ]);
    const { rows } = await get<{ rows: readonly object[] }>('/v1/mergers?fund=qbt-19');
    expect(rows).toMatchObject([
      { fund: 'qbt-06', into: 'qbt-19', effectiveOn: MERGED },
      { fund: 'qbt-06-huyen', into: 'qbt-19', effectiveOn: MERGED },
    ]);
  });

  it('leaves each fund what it had on the day before, and Thái Nguyên all of it from that day on', async () => {
    const province = PROVINCE_2023 + 9_000_000;
    expect(await balance('qbt-06', DAY_BEFORE)).toStrictEqual([String(province - 96_000_000), '96000000']);
    expect(await balance('qbt-06-huyen', DAY_BEFORE)).toStrictEqual([String(DISTRICTS_2023), '0']);
    expect(await balance('qbt-19', DAY_BEFORE)).toStrictEqual(['0', '0']);
    for (const fund of ['qbt-06', 'qbt-06-huyen'])
      expect(await balance(fund, MERGED)).toStrictEqual(['0', '0']);
    expect(await balance('qbt-19', MERGED)).toStrictEqual([
      String(province - 96_000_000 + DISTRICTS_2023),
      '96000000',
    ]);
  });

  it('refuses the old fund by the name of its successor', async () => {
    const body = { fund: 'qbt-06', effectiveOn: '2025-07-02', account: 'khong-neu', source: 'voluntary' };
    await expect(
      send([{ name: 'record-receipt', body: { ...body, commodity: 'VND', amount: '1' } }]),
    ).rejects.toThrow(/FUND_MERGED.*"into":"qbt-19"/);
  });

  it('is paid, paid back and refunded by the successor; a gift is followed from one fund to the other', async () => {
    const on = { fund: 'qbt-19', effectiveOn: '2025-07-15' };
    const disbursement = idOf('payment');
    await send([
      { name: 'pay-disbursement', body: { ...on, disbursement, account: 'khong-neu' } },
      {
        name: 'return-disbursement',
        body: {
          ...on,
          disbursement,
          account: 'vcb-tn',
          lines: [{ line: 0, amount: '1000000' }],
          reason: 'còn dư',
        },
      },
      { name: 'deliver-disbursement', body: { ...on, disbursement } },
      {
        name: 'refund-to-donor',
        body: {
          ...on,
          receipt: idOf('gift'),
          amount: '3000000',
          account: 'khong-neu',
          reason: 'theo yêu cầu',
        },
      },
      {
        name: 'identify-receipt',
        body: { ...on, unidentified: idOf('unidentified'), source: 'voluntary', donor: 'be-lanh' },
      },
    ]);
    const trace = await get<{ gift: Record<string, unknown> }>(`/v1/receipts/${idOf('gift')}/trace`);
    expect(trace.gift).toMatchObject({
      fund: 'qbt-06',
      passedTo: [{ into: 'qbt-19', effectiveOn: MERGED }],
      received: '6000000',
      paid: '0',
      left: '6000000',
    });
    const backed = await get<{ gifts: readonly { readonly amount: string; readonly fund: string }[] }>(
      `/v1/disbursements/${disbursement}/trace`,
    );
    // The gift of 2023 paid for it, and 924,000 đ of the other one, which came back.
    expect(backed.gifts.map(({ fund, amount }) => [fund, amount])).toStrictEqual([['qbt-19', '95000000']]);
  });

  it('receives what was promised to the old fund, at the successor’s bank account', async () => {
    const qr = await get<{ fund: string; account: string; number: string }>('/v1/pledges/ck-1/vietqr');
    expect(qr).toMatchObject({ fund: 'qbt-19', account: 'vcb-tn', number: '0123456789' });
    await send([
      {
        name: 'record-receipt',
        body: {
          fund: 'qbt-19',
          effectiveOn: '2025-07-20',
          account: 'vcb-tn',
          source: 'sponsorship',
          commodity: 'VND',
          amount: '2000000',
          donor: 'be-lanh',
          pledge: 'ck-1',
        },
      },
    ]);
    const { pledges } = await get<{ pledges: readonly Record<string, string>[] }>(
      '/v1/pledges/ageing?on=2025-08-01',
    );
    expect(pledges.find(({ pledge }) => pledge === 'ck-1')).toMatchObject({
      fund: 'qbt-19',
      received: '2000000',
      outstanding: '3000000',
    });
    const sponsored = await get<{ rows: readonly Record<string, string>[] }>('/v1/sponsorships');
    expect(sponsored.rows).toMatchObject([{ sponsorship: 'dd-1', fund: 'qbt-19' }]);
  });

  it('verifies clean, every read model included', async () => {
    const verified = await lalanh('verify', '--all', '--format', 'json');
    expect(JSON.parse(verified.stdout)).toMatchObject({ clean: true, count: 0 });
  });
});

/** Several ledgers over one log, as processes of the distributed shape are. */
async function ledgersOver(count: number) {
  const log = openMemoryLog();
  const open = (): Promise<Ledger> =>
    openLedger({
      log,
      vault: openVault(':memory:'),
      handlers: allHandlers,
      streamKinds,
      directories,
      clock: () => Date.parse('2025-08-01T05:00:00Z'),
      history: historyFromLog(log, bookItems),
      items: bookItems,
      shared: count > 1,
    });
  const ledgers = await Promise.all(Array.from({ length: count }, open));
  const command = (handler: string, body: object, actor = 'ke-toan'): Command => ({
    handler,
    key: randomUUID(),
    body,
    actor,
  });
  const made = async (ledger: Ledger, ...commands: readonly Command[]): Promise<void> => {
    for (const outcome of await ledger.executeMany(commands))
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  };
  const events = async (): Promise<LedgerEvent[]> => {
    const all: LedgerEvent[] = [];
    for (let after = 0, atHead = false; !atHead;) {
      const page = await log.readAll({ after, limit: 10_000 });
      all.push(...page.events.map(parseEnvelope));
      ({ next: after, atHead } = page);
    }
    return all;
  };
  return { log, ledgers, command, made, events };
}

const book = (fund: string, account: string) => ({
  fund,
  year: 2025,
  name: fund,
  level: 'province',
  accounts: [{ account, kind: 'bank' }],
  effectiveOn: '2025-01-01',
});
const gift = (fund: string, account: string, amount: string) => ({
  fund,
  account,
  amount,
  source: 'voluntary',
  commodity: 'VND',
  effectiveOn: MERGED,
});
const ORDER = {
  fund: 'qbt-06',
  into: 'qbt-19',
  effectiveOn: MERGED,
  proposedBy: 'ke-toan',
  reason: NGHI_QUYET,
};
const locked = { fund: 'qbt-06', year: 2025, month: 6, reason: 'trước sáp nhập' };

describe('a merger decided by one ledger while others write both books', () => {
  it('is whole or not there: what came in before it goes over, what comes after is refused or the successor’s', async () => {
    const { ledgers, command, made, events } = await ledgersOver(3);
    const [a, b, c] = ledgers as [Ledger, Ledger, Ledger];
    await made(
      a,
      command('open-book', book('qbt-06', 'nh-06')),
      command('open-book', book('qbt-19', 'nh-19')),
    );
    await made(a, command('lock-period', locked));
    const [old, next] = [gift('qbt-06', 'nh-06', '10'), gift('qbt-19', 'nh-19', '7')];
    const many = (body: object): Command[] =>
      Array.from({ length: 30 }, () => command('record-receipt', body));
    // The others have both books in memory before, and write them while the merger is decided.
    await made(b, command('record-receipt', old));
    await made(c, command('record-receipt', next));
    const [outcomes, merged] = await Promise.all([
      Promise.all([b.executeMany(many(old)), c.executeMany(many(next)), a.executeMany(many(old))]),
      a.execute(command('merge-fund', ORDER, 'chu-tich')),
    ]);
    expect(merged.ok).toBe(true);
    const codeOf = (outcome: Outcome): string => (outcome.ok ? 'recorded' : outcome.error.code);
    const codes = outcomes.map((each) => new Set(each.map(codeOf)));
    expect([...(codes[1] ?? [])]).toStrictEqual(['recorded']);
    for (const code of [...(codes[0] ?? []), ...(codes[2] ?? [])])
      expect(['recorded', 'FUND_MERGED']).toContain(code);
    const stored = await events();
    const fold = (fund: string) =>
      stored
        .filter(({ stream }) => stream === `book-${fund}-2025`)
        .reduce(bookKind.evolve, bookKind.initial(`book-${fund}-2025`));
    const received = (fund: string): bigint =>
      stored.reduce(
        (sum, { stream, type, data }) =>
          stream === `book-${fund}-2025` && type === 'book.receipt-recorded.v1'
            ? sum + BigInt((data as { amount: string }).amount)
            : sum,
        0n,
      );
    expect(fold('qbt-06')).toMatchObject({ status: 'closed', merged: { into: 'qbt-19', on: MERGED } });
    expect(fold('qbt-06').balances).toStrictEqual(new Map());
    expect(fold('qbt-19').balances).toStrictEqual(
      new Map([
        ['nh-19 VND', received('qbt-19')],
        ['nh-06 VND', received('qbt-06')],
      ]),
    );
    // Every ledger knows it, also those that had the old book in memory.
    for (const ledger of ledgers) {
      const late = await ledger.execute(command('record-receipt', old));
      expect(late).toMatchObject({ ok: false, error: { code: 'FUND_MERGED', details: { into: 'qbt-19' } } });
    }
    await made(b, command('record-receipt', gift('qbt-19', 'nh-06', '1')));
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  });
});

describeStores('a fund with thousands of pledges', (fresh, store) => {
  const PLEDGES = store === 'SQLite' ? 10_000 : 1_000;
  const PAGE = 45;

  it('hands them over page by page; a run that broke off goes on where it was', async () => {
    const { log, ledgers, command, made } = await ledgersOver(1);
    const [ledger] = ledgers as [Ledger];
    await made(
      ledger,
      command('open-book', book('qbt-06', 'nh-06')),
      command('open-book', book('qbt-19', 'nh-19')),
      command('register-donor', { donor: 'd', kind: 'individual', effectiveOn: '2025-01-01' }),
      command('lock-period', locked),
    );
    const ids = Array.from({ length: PLEDGES }, (_, n) => `ck-${String(n).padStart(5, '0')}`);
    for (let at = 0; at < ids.length; at += 500)
      await made(
        ledger,
        ...ids.slice(at, at + 500).map((pledge) =>
          command('make-pledge', {
            pledge,
            donor: 'd',
            fund: 'qbt-06',
            commodity: 'VND',
            amount: '100',
            effectiveOn: '2025-02-01',
          }),
        ),
      );
    await made(ledger, command('merge-fund', ORDER, 'chu-tich'));
    // Money that comes in for one that did not go over yet takes it along.
    const early = ids.at(-1) ?? '';
    await made(
      ledger,
      command('record-receipt', { ...gift('qbt-19', 'nh-19', '40'), donor: 'd', pledge: early }),
    );
    const page = (from: number): Command =>
      command('hand-over-pledges', {
        fund: 'qbt-06',
        effectiveOn: MERGED,
        pledges: ids.slice(from, from + PAGE),
      });
    const starts = Array.from({ length: Math.ceil(PLEDGES / PAGE) }, (_, n) => n * PAGE);
    await made(ledger, ...starts.slice(0, 5).map(page));
    // Broke off there: whoever goes on asks what is left, or begins again.
    const context = await projected(fresh, log, [...fundProjections, ...pledgeProjections]);
    const left = await readPledgesLeft(context, { scope: everything('an'), fund: 'qbt-06', limit: 2 });
    expect(left).toMatchObject({
      pledges: PLEDGES - 5 * PAGE - 1,
      sponsorships: 0,
      rows: [{ commodity: 'VND', outstanding: BigInt(100 * (PLEDGES - 5 * PAGE - 1)) }],
      ids: ids.slice(5 * PAGE, 5 * PAGE + 2),
      next: ids[5 * PAGE + 1],
    });
    await context.close();
    const again = await ledger.executeMany(starts.map(page));
    expect(again.map((outcome) => (outcome.ok ? 'handed over' : outcome.error.code))).toStrictEqual([
      ...starts.slice(0, 5).map(() => 'PLEDGES_HANDED_OVER'),
      ...starts.slice(5).map(() => 'handed over'),
    ]);
    const after = await projected(fresh, log, [...fundProjections, ...pledgeProjections]);
    const { rows } = await readPledgeAgeing(after, { scope: everything('an'), on: '2025-08-01' });
    expect(rows.map(({ fund, ages }) => [fund, ages.unscheduled])).toStrictEqual([
      ['qbt-19', BigInt(100 * PLEDGES - 40)],
    ]);
    // On the day before it was all promised to the old fund.
    const before = await readPledgeAgeing(after, {
      scope: everything('an'),
      on: '2025-08-01',
      effectiveThrough: DAY_BEFORE,
    });
    expect(before.rows.map(({ fund }) => fund)).toStrictEqual(['qbt-06']);
    await after.close();
    await ledger.close();
  });
});
