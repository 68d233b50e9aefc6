import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openLedgerFolder } from '../../apps/ledger/open-folder.ts';
import { ACCOUNT, NUMBER, statementText } from '../support/bank.ts';

const main = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url));

/** Runs `lalanh bank …` as a process of its own: its exit code and what it answers as JSON. */
const bank = (folder: string, ...args: string[]): Promise<{ code: number | null; out: unknown }> =>
  new Promise((resolve, reject) => {
    const more = ['--account', ACCOUNT, '--data', folder, '--format', 'json'];
    const options = ['--conditions=source', '--disable-warning=ExperimentalWarning', main, 'bank'];
    const child = spawn(process.execPath, [...options, ...args, ...more], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'] ?? '' },
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, out: out === '' ? null : JSON.parse(out) }));
  });

test('the command line imports, holds what nobody knows once, and proves bank = book', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-bank-cli-'));
  try {
    const opened = await openLedgerFolder(folder, {
      thread: false,
      clock: () => Date.parse('2026-01-02T03:00:00Z'),
    });
    const account = { fund: 'qbt-06', account: 'nh-1' };
    for (const [at, [handler, body]] of [
      [
        'open-book',
        {
          fund: 'qbt-06',
          year: 2026,
          name: 'Quỹ',
          level: 'province',
          accounts: [{ account: 'nh-1', kind: 'bank' }],
        },
      ] as const,
      [
        'register-bank-account',
        { account: ACCOUNT, bin: '970436', number: NUMBER, startsOn: '2026-01-01', books: [account] },
      ] as const,
    ].entries()) {
      const key = `01990000-0000-7000-8000-00000000000${at}`;
      const told = { ...body, effectiveOn: '2026-01-01' };
      const outcome = await opened.ledger.execute({ handler, key, actor: 'ke-toan', body: told });
      expect(outcome.ok || outcome.error).toBe(true);
    }
    await opened.close();
    const file = join(folder, 'sao-ke.csv');
    writeFileSync(file, statementText([{ day: '2026-01-02', amount: 7, text: 'khong ro' }]));
    expect((await bank(folder, 'import', file)).code).toBe(0);
    expect(await bank(folder, 'hold', '--dry-run')).toMatchObject({ code: 0, out: { held: 1 } });
    expect(await bank(folder, 'hold')).toMatchObject({ code: 0, out: { held: 1, amount: '7' } });
    expect(await bank(folder, 'hold')).toMatchObject({ code: 0, out: { held: 0, lines: [] } });
    expect(await bank(folder, 'hold', '1'.repeat(32))).toMatchObject({
      code: 1,
      out: { lines: [{ fate: 'refused', refusal: { code: 'BANK_LINE_NOT_OPEN' } }] },
    });
    expect(await bank(folder, 'statement', '--on', '2026-01-31')).toMatchObject({
      code: 0,
      out: { bank: '7', book: '7', items: [], difference: '0' },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);
