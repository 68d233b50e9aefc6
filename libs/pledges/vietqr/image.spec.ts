import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BankCode, Banks, QRPay } from 'vietnam-qr-pay';
import { describe, expect, test } from 'vitest';
import { findJudge } from '../../../tests/support/judges.ts';
import { BANKS, encodeVietQr, qrPng, qrSvg, referenceOf } from './index.ts';

const zbar = findJudge('zbar');

const transfers = [
  { bin: '970436', number: '0011001234567', amount: 50_000n },
  { bin: '970418', number: '12010000123456', amount: null },
  { bin: '970405', number: '1500201012345', amount: 9_999_999_999_999n },
].map((transfer, at) => ({ ...transfer, purpose: referenceOf(at === 1 ? 'fund' : 'pledge', 1_000 + at) }));

const named = transfers.map((transfer) => [`${transfer.bin} ${String(transfer.amount)}`, transfer] as const);

const textOf = (transfer: (typeof transfers)[number]): string => {
  const text = encodeVietQr(transfer);
  if (!text.ok) throw new Error(text.error.code);
  return text.value;
};

describe('the image of a code', () => {
  test.skipIf(zbar === undefined).each(named)(
    'given %s, then zbar reads the very text',
    (_name, transfer) => {
      const folder = mkdtempSync(join(tmpdir(), 'lalanh-qr-'));
      const file = join(folder, 'code.png');
      writeFileSync(file, qrPng(textOf(transfer)));
      expect(zbar?.(['--quiet', '--raw', file])).toMatchObject({ code: 0, stdout: `${textOf(transfer)}\n` });
      rmSync(folder, { recursive: true });
    },
  );

  test('as SVG has the code’s modules and a quiet border', () => {
    const [transfer] = transfers;
    const svg = transfer ? qrSvg(textOf(transfer)) : '';
    expect(svg).toMatch(/^<\?xml[^>]*>\s*<svg /);
    expect(svg).not.toMatch(/<script|href/);
  });
});

describe('another reader of VietQR', () => {
  test.each(named)('given %s, then it reads the same fields', (_name, transfer) => {
    const read = new QRPay(textOf(transfer));
    expect([
      read.isValid,
      read.consumer.bankBin,
      read.consumer.bankNumber,
      read.amount ?? null,
      read.additionalData.purpose,
    ]).toStrictEqual([
      true,
      transfer.bin,
      transfer.number,
      transfer.amount === null ? null : String(transfer.amount),
      transfer.purpose,
    ]);
  });

  test('knows every bank we know by the same number, and the five largest by name', () => {
    const theirs = new Set(Banks.map(({ bin }) => bin));
    expect(Object.keys(BANKS).filter((bin) => !theirs.has(bin))).toStrictEqual([]);
    const known = ['VCB', 'BID', 'AGRIBANK', 'CTG', 'MBB'].map(
      (code) => Banks.find((bank) => bank.code === (code as BankCode))?.bin,
    );
    expect(known).toStrictEqual(['970436', '970418', '970405', '970415', '970422']);
  });
});
