import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { openSqliteLogReader } from '#event-log';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serve } from '../../apps/standalone/serve.ts';

// Every command is a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const demo = join(root, 'demo', 'bac-kan-2023');
const folder = mkdtempSync(join(tmpdir(), 'lalanh-demo-'));

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line program from source, in a process of its own, on the demo's data folder. */
async function lalanh(...args: string[]): Promise<Ran> {
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
}

const json = async <T>(...args: string[]): Promise<T> =>
  JSON.parse((await lalanh(...args, '--format', 'json')).stdout) as T;

interface Balances {
  readonly position: number;
  readonly rows: readonly { readonly key: string | null; readonly received: string }[];
}

const received = async (...args: string[]): Promise<bigint> =>
  (await json<Balances>('balances', ...args)).rows.reduce((sum, row) => sum + BigInt(row.received), 0n);

/** The provincial report for 2023, sections II.5 and II.7, in đồng. */
const GOLDEN = {
  localBudget: { total: '920393000', province: '384000000', districts: '536393000' },
  mobilised: {
    total: '477807507',
    childFund: { total: '251473000', province: '95076000', districts: '156397000' },
    aid: { total: '226334507', kinderhilfe: '210700000', fleurBlanche: '15634507' },
  },
  outsideTheFund: { childFundVietnam: '1792362000' },
};

/** Fund money and money outside the fund in one figure: no fund ever had it. */
const NEVER_SHOWN = /2[.,]?270[.,]?169[.,]?507/;

interface Counts {
  readonly recorded: number;
  readonly there: number;
  readonly refused: number;
}

let first: Counts;

beforeAll(async () => {
  first = await json<Counts>('import', demo);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the Bắc Kạn 2023 demo', () => {
  it('is imported without a refused row, and a second time without a new event', async () => {
    expect(first).toMatchObject({ recorded: 346, there: 0, refused: 0 });
    expect(await json<Counts>('import', demo)).toMatchObject({ recorded: 0, there: 346, refused: 0 });
  });

  it('gives the annual funding table of the document', async () => {
    expect(await json('report', 'annual', '--unit', '06', '--year', '2023')).toStrictEqual(GOLDEN);
  });

  it('has the books of the document and nothing else in them', async () => {
    const { rows } = await json<Balances>('balances', '--by', 'fund');
    expect(rows.map(({ key, received: amount }) => [key, amount])).toStrictEqual([
      ['bttxh-06', '226334507'],
      ['qbt-06', '95076000'],
      ['qbt-06-huyen', '156397000'],
    ]);
  });

  it('keeps a promise of “more than” apart from exact ones', async () => {
    const { rows } = await json<{ rows: readonly Record<string, unknown>[] }>('balances', '--by', 'donor');
    expect(rows.find(({ key }) => key === 'kinderhilfe')).toMatchObject({
      pledged: '0',
      pledgedAbout: '280000000',
      received: '210700000',
    });
  });

  it('receives by district, with what is not specified, what it receives by fund, at any pair of dates', async () => {
    const log = openSqliteLogReader(folder);
    const { events } = await log.readAll({ limit: 10, filter: { types: ['book.receipt-recorded.v1'] } });
    await log.close();
    const afterTwo = String(events[1]?.position);
    const pairs = [
      { dates: ['--effective-through', '2022-12-31'], sum: 0n },
      { dates: ['--effective-through', '2023-12-31', '--known-at', afterTwo], sum: 251_473_000n },
      { dates: ['--effective-through', '2025-12-31'], sum: 477_807_507n },
    ];
    for (const { dates, sum } of pairs) {
      expect(await received('--by', 'fund', ...dates)).toBe(sum);
      expect(await received('--by', 'district', ...dates)).toBe(sum);
      expect(await received('--by', 'district', '--on', '2023-12-31', ...dates)).toBe(sum);
    }
  });

  it('verifies clean, every read model included', async () => {
    expect(await json('verify', '--all')).toMatchObject({ clean: true, count: 0, findings: [] });
  });

  it('never shows fund money and other money as one figure', async () => {
    const formats = ['table', 'json', 'csv'];
    const dimensions = ['fund', 'province', 'district', 'beneficiary', 'donor', 'programme', 'pool'];
    const commands = [
      ['report', 'annual', '--unit', '06', '--year', '2023'],
      ...dimensions.map((by) => ['balances', '--by', by]),
    ];
    for (const command of commands) {
      const shown = await Promise.all(formats.map((format) => lalanh(...command, '--format', format)));
      const told = shown.map(({ code, stdout }) => [code, stdout.length > 0, NEVER_SHOWN.test(stdout)]);
      expect([command, told]).toStrictEqual([command, formats.map(() => [0, true, false])]);
    }
  });

  it('says with its exit code what went wrong', async () => {
    const codes = [
      (await lalanh('balances')).code,
      (await lalanh('import', join(folder, 'nowhere'))).code,
      (await lalanh('balances', '--by', 'fund', '--data', join(folder, 'nothing'))).code,
      (await lalanh('--help')).code,
    ];
    expect(codes).toStrictEqual([2, 2, 3, 0]);
  });

  it('goes through the server that holds the folder, and is read beside it', async () => {
    const serving = await serve(folder, { port: 0 });
    try {
      const again = await lalanh('import', demo, '--format', 'json');
      expect(JSON.parse(again.stdout)).toMatchObject({ recorded: 0, there: 346, refused: 0 });
      expect(await json('report', 'annual', '--unit', '06', '--year', '2023')).toStrictEqual(GOLDEN);
      expect((await lalanh('rebuild')).code).toBe(3);
    } finally {
      await serving.stop();
    }
  });
});

describe('the README of the demo', () => {
  const readme = readFileSync(join(demo, 'README.md'), 'utf8');
  /** `| B-002 | … |`: the rows of its table by the row of the facts. */
  const told = new Map(
    [...readme.matchAll(/^\| ([A-Z]-\d{3}) \| (.+) \|$/gm)].map(([, row = '', fate = '']) => [row, fate]),
  );
  const sources = new Set(
    readdirSync(demo)
      .filter((name) => name.endsWith('.csv'))
      .flatMap((name) =>
        parse<Record<string, string>>(readFileSync(join(demo, name)), { columns: true }).map(
          (row) => row['Nguồn'] ?? row['Số tham chiếu'] ?? '',
        ),
      ),
  );
  /** The rows of the facts that are marked ledger-relevant. */
  const RELEVANT = (
    'B-001 B-002 B-003 F-001 F-002 F-003 F-004 A-001 A-002 A-003 A-010 G-001 G-002 K-001 K-002 N-001 N-002 N-003 ' +
    'H-001 G-003 K-011 K-012 K-013 K-014 K-015 K-016 G-004 K-021 K-022 P-001 G-005 K-031 C-001 K-032 N-011 N-012 ' +
    'S-001 S-002 S-003 K-101 K-102 K-103 S-101 A-020 H-101 S-111 S-112 S-113 S-114 N-101'
  ).split(' ');
  /** Totals of rows that are there: computed, and never booked beside their parts. */
  const TOTALS = ['B-001', 'F-001', 'F-002', 'A-001'];

  it('tells what became of every ledger-relevant row and of no other', () => {
    expect([...told.keys()].toSorted()).toStrictEqual(RELEVANT.toSorted());
  });

  it('is true: every row but the totals stands in an import file, and no total does', () => {
    const missing = RELEVANT.filter((row) => !sources.has(row));
    expect(missing).toStrictEqual(TOTALS);
  });

  it('keeps H-001 without amount, count, group or place', () => {
    const needs = parse<Record<string, string>>(readFileSync(join(demo, 'nhu-cau.csv')), { columns: true });
    const { Nguồn: source, ...row } = needs.find((need) => need['Nguồn'] === 'H-001') ?? {};
    const silent = [
      'Số lượng',
      'Số trẻ em',
      'Nhóm đối tượng',
      'Mã địa bàn',
      'Tên địa bàn',
      'Mã chương trình',
    ];
    expect([source, ...silent.map((column) => row[column])]).toStrictEqual([
      'H-001',
      ...silent.map(() => ''),
    ]);
    expect(Object.keys(row)).not.toContain('Số tiền');
  });
});
