import type { Readable } from 'node:stream';
import { formatVietnamese, isCurrency } from '#kernel';
import { LINE, type Paper, dayInWords, printed, textWidth, wrapText } from '#print';
import type { Book, BookRow } from '../book.ts';
import type { Bilingual } from '../domain/bilingual.ts';
import { FORMS } from '../vouchers/forms.ts';
import type { Voucher, VoucherPrint, WrittenAmount } from '../vouchers/voucher.ts';
import {
  FRAME,
  GAP,
  type PaperMark,
  momentText,
  signaturesHeight,
  unseen,
  writeFoot,
  writeHead,
  writeLines,
  writeMark,
  writeSignatures,
} from './pdf-frame.ts';
import { type BookOnPaper, pdfOf } from './pdf.ts';

const SIZE = 11.5;
const TABLE_SIZE = 10;
const TITLE_SIZE = 17;
const PAD = 3;
/** Accounts named in the head; a table below has all of them. */
const ACCOUNTS_SHOWN = 4;

/**
 * What a print is marked with. The first print is the original and bears none; every later one is a copy with its
 * number; what was never printed is a draft. A voided voucher says so across the page, whatever print it is.
 */
export function markOf(voucher: PaperVoucher, print: VoucherPrint | null): PaperMark {
  const isVoided = voucher.status === 'voided';
  const copy = print === null || print.print === 1 ? null : print.print - 1;
  const kind =
    print === null ? 'BẢN NHÁP / DRAFT' : copy === null ? null : `BẢN SAO SỐ ${copy} / COPY No. ${copy}`;
  const voided = isVoided ? 'ĐÃ HỦY / VOIDED' : null;
  const stamps = [voided, kind].filter((each) => each !== null);
  return {
    stamp: stamps.length === 0 ? null : stamps.join(' – '),
    across: isVoided ? 'ĐÃ HỦY' : print === null ? 'NHÁP' : copy === null ? null : 'BẢN SAO',
    foot:
      print === null
        ? 'Bản nháp, chưa in để ký'
        : `${copy === null ? 'Bản chính' : `Bản sao số ${copy}`}, in lúc ${momentText(Date.parse(print.at))}, người in ${print.actor}`,
  };
}

const shown = ({ amount, exponent, unit }: WrittenAmount): string =>
  `${formatVietnamese(amount, exponent)} ${unit}`;

/** A voucher being written: where the next line stands, on a new page when there is no room. */
interface Sheet {
  readonly paper: Paper;
  y: number;
}

function need(sheet: Sheet, height: number, begin: () => void): void {
  if (sheet.y + height <= sheet.paper.inner.bottom) return;
  begin();
}

/**
 * A voucher as an A4 PDF with the seven contents of Article 16 of the Law on Accounting. `print` is the recorded print it
 * is made for; null makes a draft. What the ledger does not know is left as dots to be filled in by hand. The same
 * voucher and print give the same bytes.
 */
/** A voucher on paper does not need to know of its other prints. */
export type PaperVoucher = Omit<Voucher, 'prints'>;

export function voucherPdf(voucher: PaperVoucher, print: VoucherPrint | null): Readable {
  const { fund, year, knownAt, unit, title } = voucher;
  return printed(
    {
      title: `${title.vi} ${voucher.voucher} – ${unit.name}`,
      subject: `${fund} ${year} ${voucher.voucher} ${print === null ? 'draft' : `print ${print.print}`} @${knownAt}`,
      author: unit.name,
      at: Date.parse(print?.at ?? voucher.recordedAt),
    },
    async (open) => {
      const paper = open(false);
      const measured = unseen(false);
      writeVoucher(measured, voucher, print, 1);
      writeVoucher(paper, voucher, print, measured.pages());
      await paper.breathe();
    },
  );
}

function writeVoucher(paper: Paper, voucher: PaperVoucher, print: VoucherPrint | null, pages: number): void {
  const mark = markOf(voucher, print);
  const sheet: Sheet = { paper, y: 0 };
  let page = 0;
  const begin = (): void => {
    if (page > 0) writeMark(paper, mark);
    page += 1;
    paper.addPage();
    sheet.y = paper.inner.top;
    writeFoot(paper, {
      left: [
        `${voucher.title.vi} ${voucher.voucher} · ${voucher.fund} · sổ năm ${voucher.year}`,
        `${mark.foot} · số liệu đến vị trí ${voucher.knownAt} · ${voucher.profile}`,
      ],
      page,
      pages,
    });
  };
  begin();
  sheet.y = writeHead(paper, { ...voucher.unit, unit: voucher.unit.name, form: formLines(voucher) });
  writeTitle(sheet, voucher);
  for (const [label, text] of facts(voucher)) writeFact(sheet, label, text, begin);
  for (const table of tables(voucher)) writeTable(sheet, table, begin);
  writeEnd(sheet, voucher, begin);
  writeMark(paper, mark);
}

/** Number of the form, of the voucher, and the accounts. */
function formLines({ formCode, voucher, entries }: PaperVoucher): string[] {
  const accounts = (side: 'debit' | 'credit'): string => {
    const all = [...new Set(entries.map((entry) => entry[side]))];
    const more = all.length > ACCOUNTS_SHOWN ? ' …' : '';
    return all.length === 0 ? '.....................' : all.slice(0, ACCOUNTS_SHOWN).join(', ') + more;
  };
  return [
    ...(formCode === null ? ['Mẫu tự lập'] : [`Mẫu số: ${formCode}`]),
    'Quyển số: ....................',
    `Số: ${voucher}`,
    `Nợ: ${accounts('debit')}`,
    `Có: ${accounts('credit')}`,
  ];
}

function writeTitle(sheet: Sheet, { title, day }: PaperVoucher): void {
  const { left, right } = sheet.paper.inner;
  const at = { x: left, width: right - left, align: 'center' } as const;
  const bold = { face: 'bold', size: TITLE_SIZE } as const;
  const italic = { face: 'italic', size: SIZE } as const;
  sheet.y = writeLines(sheet.paper, wrapText(title.vi, at.width, bold), { ...bold, ...at, y: sheet.y });
  sheet.y = writeLines(sheet.paper, [title.en], { ...italic, size: FRAME.note, ...at, y: sheet.y });
  sheet.y = writeLines(sheet.paper, [dayInWords(day)], { ...italic, ...at, y: sheet.y }) + GAP;
}

/** What stands on lines of its own; null is left to be filled in. */
function facts(voucher: PaperVoucher): readonly (readonly [label: string, text: string | null])[] {
  const { form, person, description, narrative, programme, account, total, value, corrects } = voucher;
  const words = FORMS[form];
  const isMoney = total === null || isCurrency(total.commodity);
  const who = person.name ?? (person.id === null ? null : `mã ${person.id}`);
  const isForeign = total !== null && isMoney && total.commodity !== 'VND';
  return [
    [words.person.vi, who],
    ['Địa chỉ', person.address],
    [words.reason.vi, [description.vi, narrative].filter(Boolean).join(': ')],
    ...(programme === null ? [] : [['Chương trình', programme] as const]),
    ...(account === null ? [] : [[words.account.vi, accountText(account)] as const]),
    ...(total === null
      ? []
      : ([
          [isMoney ? 'Số tiền' : 'Số lượng', shown(total)],
          ['Viết bằng chữ', total.words],
        ] as const)),
    ...(isForeign
      ? ([
          ['Tỷ giá ngoại tệ', null],
          ['Số tiền quy đổi', null],
        ] as const)
      : []),
    ...(value === null
      ? []
      : ([
          ['Giá trị', shown(value)],
          ['Viết bằng chữ', value.words],
        ] as const)),
    ...(corrects === null ? [] : [['Điều chỉnh cho', correctedText(corrects)] as const]),
    ...statusFacts(voucher),
    ['Kèm theo', attachedText(voucher)],
  ];
}

/** An own account; what is held there for nobody yet, or on its way from it, says so. */
const accountText = (account: string): string => {
  const [where, own] = account.split('/');
  if (own === undefined) return account;
  return `${own} (${where === 'transit' ? 'tiền đang chuyển' : 'tiền tiếp nhận chưa xác định'})`;
};

const correctedText = ({ voucher, year, item }: NonNullable<Voucher['corrects']>): string =>
  [voucher === null ? null : `chứng từ ${voucher}`, year === null ? null : `năm ${year}`, `mã ${item}`]
    .filter(Boolean)
    .join(', ');

const statusFacts = ({ status, replacedBy, replaces }: PaperVoucher): (readonly [string, string])[] => [
  ...(status === 'voided' ? [['Tình trạng', `Đã hủy, thay bằng ${replacedBy ?? ''}`] as const] : []),
  ...(replaces === null ? [] : [['Viết lại thay cho', `${replaces} (đã hủy)`] as const]),
];

/** Lines of recipients on the voucher itself; more of them stand on a list of their own. */
const HAND_OVER_SHOWN = 5;

const attachedText = ({ handOver, files }: PaperVoucher): string =>
  [
    ...(handOver.length > HAND_OVER_SHOWN ? [`danh sách ${handOver.length} dòng`] : []),
    ...(files.length > 0 ? [`${files.length} tệp đã ký`] : []),
    '.......... chứng từ gốc',
  ].join(', ');

function writeFact(sheet: Sheet, label: string, text: string | null, begin: () => void): void {
  const { paper } = sheet;
  const { left, right } = paper.inner;
  const style = { size: SIZE } as const;
  const named = `${label}: `;
  const indent = textWidth(named, style) + textWidth(' ', style);
  const bold = { size: SIZE, face: 'bold' } as const;
  const lines = text === null ? [''] : wrapText(text, right - left - indent, bold);
  need(sheet, lines.length * SIZE * LINE + PAD, begin);
  paper.write(named, { ...style, x: left, y: sheet.y });
  if (text === null) paper.dots(left + indent, sheet.y + SIZE, right - left - indent);
  sheet.y =
    writeLines(paper, lines, { ...bold, x: left + indent, y: sheet.y, width: right - left - indent }) + PAD;
}

/** A small table of the voucher: shares of the line, titles, cells. Numbers stand at the right. */
interface SmallTable {
  readonly title: string;
  readonly columns: readonly {
    readonly title: string;
    readonly share: number;
    readonly isNumber?: boolean;
  }[];
  readonly rows: readonly (readonly string[])[];
}

function tables(voucher: PaperVoucher): SmallTable[] {
  const { total, value, entries, changes, handOver, form } = voucher;
  const found: SmallTable[] = [];
  if (total !== null && (form === 'goods-receipt' || form === 'goods-issue'))
    found.push({
      title: 'Hàng hóa, hiện vật',
      columns: [
        { title: 'Tên, quy cách', share: 3 },
        { title: 'Đơn vị tính', share: 1.2 },
        { title: 'Số lượng', share: 1.5, isNumber: true },
        { title: 'Đơn giá', share: 1.6, isNumber: true },
        { title: 'Thành tiền', share: 2, isNumber: true },
      ],
      rows: [
        [
          total.commodity,
          total.unit,
          formatVietnamese(total.amount, total.exponent),
          priceText(total, value),
          value === null ? '' : shown(value),
        ],
      ],
    });
  if (changes.length > 0)
    found.push({
      title: 'Nội dung thay đổi',
      columns: [
        { title: 'Mục', share: 1.4 },
        { title: 'Trước', share: 2 },
        { title: 'Sau', share: 2 },
      ],
      rows: changes.map(({ label, was, now }) => [label.vi, was, now]),
    });
  if (handOver.length > 0 && handOver.length <= HAND_OVER_SHOWN && total !== null)
    found.push({
      title: 'Người nhận hỗ trợ',
      columns: [
        { title: 'Đối tượng', share: 2 },
        { title: 'Địa bàn', share: 2.4 },
        { title: isCurrency(total.commodity) ? 'Số tiền' : 'Số lượng', share: 1.6, isNumber: true },
        { title: 'Ký nhận', share: 1.6 },
      ],
      rows: handOver.map((line) => [
        recipientText(line),
        line.place ?? '',
        formatVietnamese(line.amount, total.exponent),
        '',
      ]),
    });
  if (entries.length > 1)
    found.push({
      title: 'Định khoản',
      columns: [
        { title: 'Nợ', share: 1.5 },
        { title: 'Có', share: 1.5 },
        { title: 'Số tiền, số lượng', share: 1.6, isNumber: true },
        { title: 'Loại', share: 0.8 },
      ],
      rows: entries.map(({ debit, credit, amount, exponent, commodity }) => [
        debit,
        credit,
        formatVietnamese(amount, exponent),
        commodity,
      ]),
    });
  return found;
}

/** Value of one unit, when it comes out whole; else a price would say what nobody did. */
function priceText({ amount, exponent }: WrittenAmount, value: WrittenAmount | null): string {
  const scale = 10n ** BigInt(exponent);
  if (value === null || amount === 0n || (value.amount * scale) % amount !== 0n) return '';
  return formatVietnamese((value.amount * scale) / amount, value.exponent);
}

const recipientText = ({ name, beneficiary, children }: Voucher['handOver'][number]): string =>
  name ?? (beneficiary !== null ? `Số ${beneficiary}` : children === null ? 'Tập thể' : `${children} trẻ em`);

function writeTable(sheet: Sheet, { title, columns, rows }: SmallTable, begin: () => void): void {
  const { paper } = sheet;
  const { left, right } = paper.inner;
  const shares = columns.reduce((n, { share }) => n + share, 0);
  const widths = columns.map(({ share }) => ((right - left) * share) / shares);
  const style = { size: TABLE_SIZE };
  const row = (cells: readonly string[], isTitle: boolean): void => {
    const face = isTitle ? ('bold' as const) : ('regular' as const);
    const lines = cells.map((cell, i) => wrapText(cell, (widths[i] ?? 0) - 2 * PAD, { ...style, face }));
    const height = Math.max(...lines.map(({ length }) => length)) * TABLE_SIZE * LINE + PAD;
    need(sheet, height, () => {
      begin();
      if (!isTitle) titles();
    });
    let x = left;
    for (const [i, cell] of lines.entries()) {
      const width = widths[i] ?? 0;
      let y = sheet.y + PAD / 2;
      const align = isTitle ? 'center' : columns[i]?.isNumber ? 'right' : 'left';
      for (const text of cell) {
        paper.write(text, { ...style, face, x: x + PAD, y, width: width - 2 * PAD, align });
        y += TABLE_SIZE * LINE;
      }
      paper.line([x, sheet.y], [x, sheet.y + height]);
      x += width;
    }
    paper.line([right, sheet.y], [right, sheet.y + height]);
    paper.line([left, sheet.y], [right, sheet.y]);
    sheet.y += height;
    paper.line([left, sheet.y], [right, sheet.y]);
  };
  const titles = (): void =>
    row(
      columns.map((column) => column.title),
      true,
    );
  // The title never stands alone at the foot of a page.
  need(sheet, 4 * TABLE_SIZE * LINE, begin);
  sheet.y = writeLines(paper, [title], {
    size: SIZE,
    face: 'italic',
    x: left,
    y: sheet.y,
    width: right - left,
  });
  titles();
  for (const cells of rows) row(cells, false);
  sheet.y += PAD * 2;
}

/** Signatures, and what the receiver writes. */
function writeEnd(sheet: Sheet, { form }: PaperVoucher, begin: () => void): void {
  const { paper } = sheet;
  const { left, right } = paper.inner;
  const { signatures, received } = FORMS[form];
  const height = GAP + signaturesHeight(right - left, signatures) + (received === null ? 0 : 3 * SIZE * LINE);
  need(sheet, height, begin);
  sheet.y = writeSignatures(paper, sheet.y + GAP, signatures);
  if (received !== null) writeFact(sheet, received.vi, null, begin);
}

/** Room for a signature in a line of the list, in points. */
const SIGN_ROW = 14;

const COLUMNS = {
  at: { key: 'at', vi: 'STT', en: 'No.', kind: 'count' },
  recipient: { key: 'recipient', vi: 'Đối tượng nhận hỗ trợ', en: 'Recipient', kind: 'text', width: 2 },
  place: { key: 'place', vi: 'Địa bàn', en: 'Place', kind: 'text', width: 2 },
  children: { key: 'children', vi: 'Số trẻ', en: 'Children', kind: 'count' },
  content: { key: 'content', vi: 'Nội dung', en: 'Content', kind: 'text', width: 2 },
  signed: { key: 'signed', vi: 'Ký nhận', en: 'Signature', kind: 'text', width: 2 },
} as const satisfies Record<string, Book['columns'][number]>;

const LIST_SIGNERS: readonly Bilingual[] = [
  { vi: 'Người lập danh sách', en: 'Prepared by' },
  { vi: 'Đại diện địa phương (xác nhận, ký, đóng dấu)', en: 'Local unit, confirming' },
  { vi: 'Kế toán trưởng', en: 'Chief accountant' },
  { vi: 'Thủ trưởng đơn vị (ký, họ tên, đóng dấu)', en: 'Head of the unit' },
];

/**
 * The hand-over list of a payment (Danh sách chi hỗ trợ) as a book: each recipient signs, and the local unit confirms
 * (Circular 41/2022/TT-BTC, Art. 4). A child is a number unless the voucher was read with names. Null: no recipients.
 */
export function handOverBook(voucher: PaperVoucher): Book | null {
  const { handOver, total, description, narrative, programme, fund, year, day, unit } = voucher;
  if (handOver.length === 0 || total === null) return null;
  const { commodity, exponent } = total;
  const content = [description.vi, programme].filter(Boolean).join(': ');
  const sum = handOver.reduce((n, line) => n + line.amount, 0n);
  const children = handOver.reduce((n, line) => n + (line.children ?? 0), 0);
  const row = (kind: BookRow['kind'], cells: BookRow['cells']): BookRow => ({
    kind,
    cells,
    commodity,
    source: null,
  });
  return {
    name: 'hand-over-list',
    title: { vi: 'Danh sách chi hỗ trợ', en: 'Hand-over list' },
    form: null,
    profile: voucher.profile,
    unit: { fund, name: unit.name },
    period: { year, from: day, to: day },
    facts: [
      { label: { vi: 'Kèm theo chứng từ', en: 'With voucher' }, value: `${voucher.voucher}, sổ năm ${year}` },
      ...(narrative === null ? [] : [{ label: { vi: 'Nội dung', en: 'Content' }, value: narrative }]),
      { label: { vi: 'Tổng cộng bằng chữ', en: 'In words' }, value: total.words },
    ],
    columns: [
      COLUMNS.at,
      COLUMNS.recipient,
      COLUMNS.place,
      COLUMNS.children,
      COLUMNS.content,
      isCurrency(commodity)
        ? { key: 'amount', vi: `Số tiền (${total.unit})`, en: 'Amount', kind: 'amount', carried: 'sum' }
        : { key: 'amount', vi: `Số lượng (${total.unit})`, en: 'Quantity', kind: 'amount', carried: 'sum' },
      COLUMNS.signed,
    ],
    rows: handOver.map((line, i) =>
      row('line', {
        at: i + 1,
        recipient: recipientText(line),
        place: line.place,
        children: line.children,
        content,
        amount: line.amount,
        signed: null,
      }),
    ),
    totals: [
      row('total', { recipient: 'Tổng cộng', children: children === 0 ? null : children, amount: sum }),
    ],
    exponents: { [commodity]: exponent },
    signatures: LIST_SIGNERS,
    notes: [],
    page: { next: null, isFirst: true },
    position: voucher.position,
    knownAt: voucher.knownAt,
    effectiveThrough: voucher.effectiveThrough,
  };
}

/** The hand-over list of a voucher as an A4 PDF, marked as the print of the voucher it belongs to; null: no recipients. */
export function handOverPdf(voucher: PaperVoucher, print: VoucherPrint | null): Readable | null {
  const book = handOverBook(voucher);
  const paperwork: BookOnPaper = {
    address: voucher.unit.address,
    at: Date.parse(print?.at ?? voucher.recordedAt),
    mark: markOf(voucher, print),
    rowRoom: SIGN_ROW,
  };
  return book === null ? null : pdfOf(book, paperwork);
}
