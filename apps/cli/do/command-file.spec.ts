import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileFates, type ImportCommand, importFolder, stepKey } from '#batches';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allRefusals } from '../../ledger/handlers.ts';
import { type OpenGate, folderGate } from '../gate.ts';
import { renderReport } from '../import/report.ts';
import { type CommandGate, keyOfRef, sendCommandFile } from './command-file.ts';

let folder: string;
let files: string;
let gate: OpenGate;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lalanh-do-'));
  files = mkdtempSync(join(tmpdir(), 'lalanh-do-files-'));
  gate = await folderGate(folder, { thread: false });
});

afterEach(async () => {
  await gate.close();
  rmSync(folder, { recursive: true });
  rmSync(files, { recursive: true });
});

const write = (name: string, ...lines: (object | string)[]): string => {
  const path = join(files, name);
  writeFileSync(
    path,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
  return path;
};

const send = (path: string, to: CommandGate = gate): Promise<FileFates> =>
  sendCommandFile(path, to, { actor: 'ke-toan' });

/** `row fate code` of every line, or the code of a file that was not read. */
const told = ({ refusal, rows }: FileFates): string[] =>
  refusal
    ? [refusal.code]
    : rows.map(({ row, fate, refusal: given }) => [row, fate, given?.code].filter(Boolean).join(' '));

const FUND = 'qbt';
const open = {
  ref: 'mo-so',
  name: 'open-book',
  body: {
    fund: FUND,
    year: 2024,
    name: 'Quỹ',
    level: 'province',
    accounts: [{ account: 'nh-1', kind: 'bank' }],
    effectiveOn: '2024-01-01',
  },
};
const gift = (ref: string, more: object = {}): object => ({
  ref,
  name: 'record-receipt',
  body: {
    fund: FUND,
    account: 'nh-1',
    source: 'voluntary',
    commodity: 'VND',
    amount: '1000000',
    effectiveOn: '2024-01-05',
    ...more,
  },
});
const propose = {
  ref: 'chi-1',
  name: 'propose-disbursement',
  body: {
    fund: FUND,
    commodity: 'VND',
    amount: '400000',
    lines: [{ amount: '400000' }],
    effectiveOn: '2024-01-06',
  },
};
const approve = {
  ref: 'duyet-1',
  name: 'approve-disbursement',
  actor: 'giam-doc',
  note: 'Họp ngày 7/1',
  body: {
    fund: FUND,
    disbursement: { ref: 'chi-1' },
    proposalHash: { hashOf: 'chi-1' },
    effectiveOn: '2024-01-07',
  },
};

describe('a command file', () => {
  it('is sent whole, names its own earlier lines, and a second time records nothing', async () => {
    const path = write('viec.ndjson', open, '', gift('pt-1'), propose, approve);
    expect(told(await send(path))).toStrictEqual(['1 recorded', '3 recorded', '4 recorded', '5 recorded']);
    expect(told(await send(path))).toStrictEqual(['1 there', '3 there', '4 there', '5 there']);
  });

  it('names the rows of import files', async () => {
    await send(write('mo.ndjson', open));
    writeFileSync(
      join(files, 'tiep-nhan.csv'),
      'Ref,Fund,Account,Date,Amount,Source\nPT/1,qbt,nh-1,05/01/2024,1.000.000,voluntary\n',
    );
    await importFolder(files, gate, { actor: 'ke-toan' });
    const correct = {
      ref: 'sua-1',
      name: 'correct-receipt',
      body: {
        fund: FUND,
        receipt: { ref: 'receipts/PT/1' },
        amount: '900000',
        reason: 'ghi nhầm',
        effectiveOn: '2024-01-06',
      },
    };
    expect(told(await send(write('sua.ndjson', correct)))).toStrictEqual(['1 recorded']);
  });

  it('keeps the evidence a line names in the vault, under the hash that the event has', async () => {
    const sent: ImportCommand[] = [];
    const listening: CommandGate = {
      keep: (bytes) => gate.keep(bytes),
      send: async (commands) => {
        sent.push(...commands);
        return commands.map(() => ({ ok: true, duplicate: false, hashes: [], at: [] }));
      },
    };
    writeFileSync(join(files, 'thu.txt'), 'đồng ý');
    const line = { ref: 'g', name: 'release-restriction', body: { files: [{ file: 'thu.txt' }] } };
    await send(write('viec.ndjson', line), listening);
    expect(sent[0]?.body).toStrictEqual({ files: [hash('sha256', 'đồng ý', 'hex')] });
  });

  it('goes on after a line that is refused; a line that needs its answer says so', async () => {
    const path = write(
      'viec.ndjson',
      open,
      { ...propose, body: { ...propose.body, fund: 'khac' } },
      approve,
      gift('pt-1'),
      gift('pt-1'),
      '{"ref":',
      { name: 'record-receipt', body: {} },
      { ...gift('pt-2'), body: { files: [{ file: 'khong-co.txt' }] } },
    );
    const fates = await send(path);
    expect(told(fates)).toStrictEqual([
      '1 recorded',
      '2 refused BOOK_UNKNOWN',
      '3 refused HASH_OF_NOTHING',
      '4 recorded',
      '5 refused REF_REPEATED',
      '6 refused LINE_NOT_JSON',
      '7 refused LINE_INCOMPLETE',
      '8 refused FILE_UNREADABLE',
    ]);
    const report = renderReport('table', [fates], allRefusals);
    expect(report).not.toMatch(/\.\. /);
    expect(report).toContain('HASH_OF_NOTHING');
  });

  it('says which field of a body is wrong', async () => {
    const fates = await send(write('viec.ndjson', open, gift('pt-1', { source: 'x' })));
    expect(told(fates)).toStrictEqual(['1 recorded', '2 refused FIELD_INVALID']);
    expect(renderReport('table', [fates], allRefusals)).toContain('FIELD_INVALID [/source]');
  });

  it('that kept a ref and changed what it says is refused', async () => {
    await send(write('viec.ndjson', open, gift('pt-1')));
    const changed = await send(write('viec.ndjson', open, gift('pt-1', { amount: '2000000' })));
    expect(told(changed)).toStrictEqual(['1 there', '2 refused IDEMPOTENCY_MISMATCH']);
  });

  it('that is not there is refused', async () => {
    expect(told(await send(join(files, 'khong-co.ndjson')))).toStrictEqual(['FILE_UNREADABLE']);
  });
});

it('a ref of an import row has the key of the step that made the thing', () => {
  expect(keyOfRef('receipts/PT-1')).toBe(stepKey('receipts', 'PT-1', 'record'));
  expect(keyOfRef('disbursements/PC/1')).toBe(stepKey('disbursements', 'PC/1', 'propose'));
  expect(keyOfRef('allocations/PB')).toBe(stepKey('allocations', 'PB', 'approve'));
  expect(keyOfRef('sua-1')).toBe(stepKey('commands', 'sua-1', 'do'));
});
