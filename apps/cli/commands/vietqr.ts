import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { everything } from '#access';
import { type VietQr, qrImage, readFundQr, readPledgeQr } from '#funds';
import { allRefusals } from '../../ledger/handlers.ts';
import { dataFolder, withReads } from '../data-folder.ts';
import { CliFailure, EXIT } from '../failure.ts';
import { createProgress } from '../progress.ts';
import { both, idOption, withData } from './options.ts';

interface Options {
  readonly data?: string;
  readonly pledge?: string;
  readonly fund?: string;
  readonly account?: string;
  readonly amount?: bigint;
  readonly out?: string;
}

/** Whole đồng, with or without the points of thousands. */
const dongOption = (text: string): bigint => {
  const digits = text.replaceAll('.', '');
  if (/^[1-9]\d{0,12}$/.test(digits)) return BigInt(digits);
  throw new InvalidArgumentError(both('không phải là số đồng nguyên.', 'no whole đồng.'));
};

/** `lalanh vietqr`: what a donor pays with, made without any service. */
export const addVietQr = (program: Command): void => {
  const command = program
    .command('vietqr')
    .description(both('mã VietQR của một cam kết hoặc quỹ', 'the VietQR code of a pledge or a fund'))
    .addOption(
      new Option('--pledge <id>', both('mã cam kết', 'id of the pledge'))
        .argParser(idOption)
        .conflicts('fund'),
    )
    .option('--fund <id>', both('mã quỹ', 'id of the fund'), idOption)
    .option(
      '--account <id>',
      both('tài khoản nhận, khi quỹ có nhiều', 'the account, where there are several'),
      idOption,
    )
    .option(
      '--amount <dong>',
      both('số đồng; bỏ trống thì người gửi tự ghi', 'đồng; else the payer writes it'),
      dongOption,
    )
    .option('--out <file>', both('ghi ảnh .svg hoặc .png', 'writes an image, .svg or .png'));
  withData(command).action(async ({ data, pledge, fund, account, amount, out }: Options) => {
    const query = { scope: everything('cli'), account, amount: amount ?? null };
    const qr = await withReads(dataFolder(data), createProgress(), async (reads) => {
      if (pledge !== undefined) return readPledgeQr(reads, { ...query, pledge });
      if (fund !== undefined) return readFundQr(reads, { ...query, fund });
      throw new CliFailure('Nêu --pledge hoặc --fund.', 'Name --pledge or --fund.', EXIT.usage);
    });
    if (qr === null)
      throw new CliFailure('Không có cam kết hoặc quỹ đó.', 'There is no such pledge or fund.');
    if ('refusal' in qr) throw refused(qr.refusal);
    if (out !== undefined) writeImage(qr, out);
    process.stdout.write(`${qr.reference}\n${qr.payload}\n`);
    process.stderr.write(`${qr.bank} ${qr.number}\n`);
  });
};

function writeImage(qr: VietQr, file: string): void {
  const format = file.endsWith('.png') ? 'png' : file.endsWith('.svg') ? 'svg' : undefined;
  if (format === undefined)
    throw new CliFailure(
      'Tên tệp ảnh kết thúc bằng .svg hoặc .png.',
      'An image ends with .svg or .png.',
      EXIT.usage,
    );
  writeFileSync(file, qrImage(qr, format)?.body ?? '');
}

function refused({
  code,
  details,
}: {
  readonly code: string;
  readonly details: Readonly<Record<string, string>>;
}): CliFailure {
  const { vi = code, en = code, nextVi = '', nextEn = '' } = allRefusals[code] ?? {};
  const filled = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => details[name] ?? name);
  return new CliFailure(filled(`${vi} ${nextVi}`), filled(`${en} ${nextEn}`));
}
