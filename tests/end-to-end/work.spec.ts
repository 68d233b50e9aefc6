import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

// Every command is a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lalanh-work-'));
const data = join(folder, 'data');
/** The first two periods of the worked year. */
const year = join(folder, 'nam');

async function lalanh(...args: string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  const node = ['--conditions=source', '--disable-warning=ExperimentalWarning', 'apps/cli/main.ts'];
  try {
    const done = await promisify(execFile)(process.execPath, [...node, ...args, '--data', data], {
      cwd: root,
    });
    return { code: 0, stdout: done.stdout };
  } catch (error) {
    const { code, stdout } = error as { readonly code: number; readonly stdout: string };
    return { code, stdout };
  }
}

beforeAll(() => {
  const demo = join(root, 'demo', 'nam-2024');
  for (const step of ['00-mo-so', '01-thang-01'])
    cpSync(join(demo, step), join(year, step), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('lalanh work', () => {
  it('does the periods of a folder and shows each account reconciled', async () => {
    const { code, stdout } = await lalanh('work', year, '--format', 'json');
    expect(code).toBe(0);
    const { refused, steps } = JSON.parse(stdout) as {
      readonly refused: number;
      readonly steps: readonly { readonly step: string; readonly accounts: readonly object[] }[];
    };
    expect(refused).toBe(0);
    expect(steps[1]?.accounts).toMatchObject([
      { account: 'agri', bank: '31886221', book: '31886221', difference: '0' },
      { account: 'bidv', bank: '125032559', difference: '0' },
      { account: 'vcb', bank: '194500793', book: '183500793', items: 1, listed: '11000000', difference: '0' },
    ]);
  });

  it('stops after a period with something refused, shows it and fails', async () => {
    mkdirSync(join(year, '02-hong'));
    writeFileSync(join(year, '02-hong', 'viec.ndjson'), '{"ref":"x","name":"khong-co-lenh","body":{}}\n');
    mkdirSync(join(year, '03-sau'));
    const { code, stdout } = await lalanh('work', year, '--format', 'json');
    expect(code).toBe(1);
    const { steps } = JSON.parse(stdout) as { readonly steps: readonly { readonly step: string }[] };
    expect(steps.map(({ step }) => step)).toStrictEqual(['00-mo-so', '01-thang-01', '02-hong']);
  });
});

describe('lalanh bank', () => {
  it('matches by the rules that are named, and refuses others', async () => {
    const named = await lalanh(
      'bank',
      'match',
      '--account',
      'vcb',
      '--rules',
      'reference,amount-day',
      '--format',
      'json',
    );
    expect(JSON.parse(named.stdout)).toMatchObject({ account: 'vcb', openLines: 0, openEntries: 1 });
    expect((await lalanh('bank', 'match', '--account', 'vcb', '--rules', 'doan-mo')).code).toBe(2);
  });

  it('accepts a statement as it stands, once', async () => {
    const accept = ['bank', 'accept', '--account', 'vcb', '--on', '15/01/2024', '--format', 'json'];
    expect((await lalanh(...accept)).code).toBe(0);
    const statement = ['bank', 'statement', '--account', 'vcb', '--on', '15/01/2024', '--format', 'json'];
    const { accepted } = JSON.parse((await lalanh(...statement)).stdout) as { readonly accepted: object };
    expect(accepted).toMatchObject({ by: 'ke-toan', changedSince: false });
    expect((await lalanh(...accept)).code).toBe(0);
    expect(JSON.parse((await lalanh(...statement)).stdout)).toMatchObject({ accepted });
  });
});
