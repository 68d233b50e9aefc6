import { type Command, InvalidArgumentError, Option } from 'commander';
import { isDay, isId, parseMoment } from '#kernel';
import { FORMATS } from '../output.ts';

/** One help text in both languages. */
export const both = (vi: string, en: string): string => `${vi} / ${en}`;

const invalid = (vi: string, en: string): never => {
  throw new InvalidArgumentError(both(vi, en));
};

/** `2023-12-31` or `31/12/2023`. */
export const dayOption = (text: string): string => {
  const [, date, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text) ?? [];
  const day = year === undefined ? text : `${year}-${month}-${date}`;
  return isDay(day) ? day : invalid('không phải là ngày.', 'not a day.');
};

/** A position (`42`) or a moment (`2026-11-22T03:00:00Z`). */
export const knownAtOption = (text: string): number | string =>
  /^\d{1,15}$/.test(text)
    ? Number(text)
    : (parseMoment(text) ??
      invalid('không phải là vị trí hay thời điểm.', 'neither a position nor a moment.'));

export const idOption = (text: string): string =>
  isId(text) ? text : invalid('mã không hợp lệ.', 'not an id.');

export const yearOption = (text: string): number =>
  /^\d{4}$/.test(text) ? Number(text) : invalid('không phải là năm.', 'not a year.');

export const portOption = (text: string): number =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535
    ? Number(text)
    : invalid('không phải là cổng.', 'not a port.');

export const withData = (command: Command): Command =>
  command.option(
    '--data <folder>',
    both('thư mục dữ liệu; mặc định LALANH_DATA hoặc ./data', 'data folder; default LALANH_DATA or ./data'),
  );

export const withFormat = (command: Command): Command =>
  command.addOption(
    new Option('--format <format>', both('dạng kết quả', 'how results are written'))
      .choices(FORMATS)
      .default('table'),
  );

/** The two dates that every read takes. */
export const withDates = (command: Command): Command =>
  command
    .option(
      '--effective-through <day>',
      both('chỉ tính đến hết ngày này', 'only what counts for this day or earlier'),
      dayOption,
    )
    .option(
      '--known-at <position|moment>',
      both('như sổ cái đã biết lúc đó', 'as the ledger knew it then'),
      knownAtOption,
    );
