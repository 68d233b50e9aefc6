import { type Result, currencyExponent, isCurrency, isUuid, ok, parseUnits } from '#kernel';
import { type Read, amount, choice, day, decimals, id, list, placeCode, text } from './cells.ts';
import { stepKey } from './key.ts';
import { type CellRefusal, may, must, refuseCell, withoutNulls } from './kind.ts';

/** Columns that several kinds of file share, word for word. */
export const ref = must(
  text,
  'Số tham chiếu',
  'Ref',
  'PT-0001',
  'Riêng cho từng dòng trong cùng loại tệp; nhập lại cùng số không ghi thêm',
  'Unique within the kind of file; importing it again records nothing',
);
export const fund = must(id, 'Mã quỹ', 'Fund', 'qbt-06');
export const date = must(day, 'Ngày', 'Date', '31/12/2023');
export const narrative = may(
  text,
  'Diễn giải',
  'Narrative',
  'Ủng hộ dịp Tết',
  'Cất ngoài nhật ký, trong kho riêng',
  'Kept outside the log, in the vault',
);

export const placeColumns = {
  placeCode: may(
    placeCode,
    'Mã địa bàn',
    'Place code',
    '062',
    'Mã có hiệu lực vào ngày của dòng',
    'The code as it is on the date of the row',
  ),
  placeName: may(
    text,
    'Tên địa bàn',
    'Place name',
    'Huyện Ngân Sơn',
    'Đối chiếu với mã, vì mã có thể được dùng lại',
    'Checked against the code, because codes are used again',
  ),
};

export const commodityColumns = {
  commodity: may(
    text,
    'Loại tiền hoặc hiện vật',
    'Commodity',
    'VND',
    'Để trống là VND; hiện vật ghi mã đã khai trong sổ',
    'Empty means VND; goods by the code listed in the book',
  ),
  decimals: may(
    decimals,
    'Số lẻ của hiện vật',
    'Decimals of the good',
    '0',
    'Số chữ số thập phân đã khai cho hiện vật; để trống là 0',
    'The decimals the good is counted with; empty means 0',
  ),
};

export const amountOf = (vi: string, en: string, example = '95.076.000') => must(amount, vi, en, example);

const QUALIFIERS = [
  { value: 'exact', vi: 'chính xác', en: 'exact' },
  { value: 'at-least', vi: 'hơn', en: 'at least' },
  { value: 'about', vi: 'khoảng', en: 'about' },
] as const;

/** How sure a figure is: `hơn`, `trên` in a document are a bound and stay one. */
export const qualifier = (vi: string, en: string) =>
  may(
    choice(QUALIFIERS),
    vi,
    en,
    'chính xác',
    '“hơn”, “trên” là cận dưới; để trống là chính xác',
    'A bound stays a bound; empty means exact',
  );

export const yesNo = choice([
  { value: true, vi: 'có', en: 'yes' },
  { value: false, vi: 'không', en: 'no' },
]);

/** The period a figure sums up. */
export const periodColumns = {
  periodFrom: may(
    day,
    'Kỳ từ',
    'Period from',
    '01/01/2023',
    'Ngày đầu của kỳ mà số liệu cộng lại',
    'First day of the period the figure sums up',
  ),
  periodTo: may(day, 'Kỳ đến', 'Period to', '31/12/2023'),
  periodDated: may(
    yesNo,
    'Nguồn ghi rõ kỳ',
    'Period is dated',
    'có',
    '“không”: tài liệu không ghi ngày, kỳ chỉ là khoảng gần đúng',
    '“no”: the source gives no date, the period is only what surrounds it',
  ),
};

interface PeriodCells {
  readonly periodFrom: string | null;
  readonly periodTo: string | null;
  readonly periodDated: boolean | null;
}

/** The period of a row: both ends or neither. */
export function periodOf(row: PeriodCells): Result<object | null, CellRefusal> {
  const { periodFrom: from, periodTo: to, periodDated } = row;
  if (from === null && to === null && periodDated === null) return ok(null);
  if (from === null) return refuseCell('periodFrom', { code: 'CELL_MISSING', details: {} });
  if (to === null) return refuseCell('periodTo', { code: 'CELL_MISSING', details: {} });
  return ok({ from, to, dated: periodDated ?? true });
}

/** The place a row names, as commands take it; a name without a code names nothing. */
export function placeOf(
  code: string | null,
  name: string | null,
  columnOfCode: string,
): Result<object | null, CellRefusal> {
  if (code === null)
    return name === null ? ok(null) : refuseCell(columnOfCode, { code: 'CELL_MISSING', details: {} });
  return ok({ code, ...(name === null ? {} : { name }) });
}

/** Places with `|` between them: as many names as codes, or no names. */
export const placesColumns = {
  placeCodes: may(
    list(placeCode),
    'Mã các địa bàn',
    'Place codes',
    '062|066',
    'Nhiều địa bàn cách nhau bằng |; không chia số liệu cho từng nơi',
    'Several places with | between them; the figure is not split over them',
  ),
  placeNames: may(list(text), 'Tên các địa bàn', 'Place names', 'Huyện Ngân Sơn|Huyện Na Rì'),
};

export function placesOf(
  codes: readonly string[] | null,
  names: readonly string[] | null,
): Result<readonly object[], CellRefusal> {
  if (names !== null && names.length !== (codes?.length ?? 0))
    return refuseCell('placeNames', { code: 'LIST_UNEVEN', details: {} });
  return ok(
    (codes ?? []).map((code, i) => {
      const name = names?.[i];
      return name === undefined ? { code } : { code, name };
    }),
  );
}

/** The commodity of a row and its amount in minor units; fractions, zero and signs are judged here. */
export function moneyOf(
  column: string,
  written: string,
  { commodity, decimals }: { readonly commodity: string | null; readonly decimals?: number | null },
): Result<{ readonly commodity: string; readonly amount: string }, CellRefusal> {
  const code = commodity ?? 'VND';
  const exponent = isCurrency(code) ? currencyExponent(code) : (decimals ?? 0);
  const minor = parseUnits(written, exponent);
  return minor.ok ? ok({ commodity: code, amount: String(minor.value) }) : refuseCell(column, minor.error);
}

/** A figure that may be unstated, which is never 0. */
export const stated = (value: string | number | null, how: string | null): object => ({
  value: value === null ? null : String(value),
  qualifier: how ?? 'exact',
});

/**
 * What another row, or a command sent otherwise, made: its id as the ledger tells it, or the ref of the row. `kind` and
 * `name` are those of the step that made it.
 */
export const made =
  (kind: string, name: string): Read<string> =>
  (cell) => {
    const read = text(cell);
    return !read.ok || isUuid(cell) ? read : ok(stepKey(kind, cell, name));
  };

export const reason = must(
  text,
  'Lý do',
  'Reason',
  'Ghi nhầm người ủng hộ',
  'Bắt buộc; cất ngoài nhật ký, trong kho riêng',
  'Required; kept outside the log, in the vault',
);

/** What a gift may be used for. */
export const restrictionColumns = {
  forProgramme: may(id, 'Chỉ dùng cho chương trình', 'For programme', ''),
  forPlaceCode: may(placeCode, 'Chỉ dùng cho mã địa bàn', 'For place code', ''),
  forPlaceName: may(text, 'Chỉ dùng cho tên địa bàn', 'For place name', ''),
  forGroup: may(id, 'Chỉ dùng cho nhóm', 'For group', ''),
  forBeneficiary: may(id, 'Chỉ dùng cho đối tượng', 'For beneficiary', ''),
  forPurpose: may(id, 'Chỉ dùng cho mục đích', 'For purpose', ''),
  useUntil: may(day, 'Dùng trước hết ngày', 'Use until', ''),
};

interface RestrictionCells {
  readonly forProgramme: string | null;
  readonly forPlaceCode: string | null;
  readonly forPlaceName: string | null;
  readonly forGroup: string | null;
  readonly forBeneficiary: string | null;
  readonly forPurpose: string | null;
  readonly useUntil: string | null;
}

/** The restriction of a row; empty: the gift is general. */
export function restrictionOf(row: RestrictionCells): Result<object, CellRefusal> {
  const place = placeOf(row.forPlaceCode, row.forPlaceName, 'forPlaceCode');
  if (!place.ok) return place;
  return ok(
    withoutNulls({
      programme: row.forProgramme,
      place: place.value,
      group: row.forGroup,
      beneficiary: row.forBeneficiary,
      purpose: row.forPurpose,
      until: row.useUntil,
    }),
  );
}

/** Where money came from. */
export const SOURCES = [
  { value: 'voluntary', vi: 'tự nguyện', en: 'voluntary' },
  { value: 'sponsorship', vi: 'tài trợ có mục đích', en: 'sponsorship' },
  { value: 'state-budget', vi: 'ngân sách', en: 'state budget' },
  { value: 'foreign-aid', vi: 'viện trợ nước ngoài', en: 'foreign aid' },
  { value: 'income', vi: 'thu khác', en: 'income' },
  { value: 'other', vi: 'nguồn khác', en: 'other' },
] as const;
