import type { Bilingual } from '../domain/bilingual.ts';
import { DAY_BLANK, LINE, type Paper, type Style, dayText, innerOf, textWidth, wrapText } from '#print';

/** Sizes of what stands around a table, in points. */
export const FRAME = {
  unit: 10.5,
  form: 9.5,
  title: 15,
  subtitle: 10,
  fact: 10.5,
  note: 8.5,
  foot: 8,
  sign: 10.5,
} as const;
/** Room for a signature and a seal. */
const SIGN_ROOM = 62;
/** Between two blocks. */
export const GAP = 8;
/** Share of the line that the unit has; the number of the form has the rest. */
const UNIT_SHARE = 0.62;

/** Whose paper it is, and which form it follows. */
export interface Head {
  readonly unit: string;
  /** Null: not known, to be filled in. */
  readonly address: string | null;
  /** Lines at the right: number of the form and what belongs to it. */
  readonly form: readonly string[];
}

/** Lines of text below each other; answers where the next one stands. */
export function writeLines(
  paper: Paper,
  lines: readonly string[],
  at: Style & {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly align?: 'left' | 'center';
  },
): number {
  let { y } = at;
  for (const text of lines) {
    paper.write(text, { ...at, y });
    y += at.size * LINE;
  }
  return y;
}

/** Unit and address at the left, the form at the right; answers where the title may stand. */
export function writeHead(paper: Paper, { unit, address, form }: Head): number {
  const { left, right, top } = paper.inner;
  const width = (right - left) * UNIT_SHARE;
  const style = { size: FRAME.unit };
  const bold = { ...style, face: 'bold' } as const;
  let y = writeLines(paper, wrapText(`Đơn vị: ${unit}`, width, bold), { ...bold, x: left, y: top, width });
  if (address === null) {
    paper.write('Địa chỉ:', { ...style, x: left, y });
    const from = left + textWidth('Địa chỉ: ', style);
    paper.dots(from, y + style.size, width - (from - left) - GAP);
    y += style.size * LINE;
  } else
    y = writeLines(paper, wrapText(`Địa chỉ: ${address}`, width, style), { ...style, x: left, y, width });
  const formAt = { x: left + width, width: right - left - width, align: 'center' } as const;
  let formEnd = top;
  for (const [i, line] of form.entries()) {
    const face =
      i === 0
        ? ({ face: 'bold', size: FRAME.unit } as const)
        : line.startsWith('(')
          ? ({ face: 'italic', size: FRAME.note } as const)
          : ({ face: 'regular', size: FRAME.form } as const);
    formEnd = writeLines(paper, wrapText(line, formAt.width, face), { ...face, ...formAt, y: formEnd });
  }
  return Math.max(y, formEnd) + GAP;
}

/** Who signs, from left to right, on a dated paper; answers where it ends. `day`: dots when null. */
export function writeSignatures(
  paper: Paper,
  y: number,
  signers: readonly Bilingual[],
  day: string = DAY_BLANK,
): number {
  const { left, right } = paper.inner;
  const width = (right - left) / signers.length;
  const dated = Math.max(width, textWidth(day, { face: 'italic', size: FRAME.sign }));
  paper.write(day, { face: 'italic', size: FRAME.sign, x: right - dated, y, width: dated, align: 'center' });
  const top = y + FRAME.sign * LINE + 2;
  for (const [i, signer] of signers.entries()) {
    const { title, hint } = signerWords(signer.vi);
    const x = left + i * width;
    const bold = { face: 'bold', size: FRAME.sign } as const;
    const below = writeLines(paper, wrapText(title, width - GAP, bold), {
      ...bold,
      x,
      y: top,
      width,
      align: 'center',
    });
    const italic = { face: 'italic', size: FRAME.sign - 1 } as const;
    writeLines(paper, wrapText(hint, width - GAP, italic), {
      ...italic,
      x,
      y: below,
      width,
      align: 'center',
    });
  }
  return y + signaturesHeight(paper.inner.right - paper.inner.left, signers);
}

/** What a block of signatures takes on a line of this width. */
export function signaturesHeight(width: number, signers: readonly Bilingual[]): number {
  const own = width / signers.length - GAP;
  const lines = signers.map(({ vi }) => {
    const { title, hint } = signerWords(vi);
    return (
      wrapText(title, own, { face: 'bold', size: FRAME.sign }).length +
      wrapText(hint, own, { face: 'italic', size: FRAME.sign - 1 }).length
    );
  });
  return (1 + Math.max(...lines)) * FRAME.sign * LINE + 2 + SIGN_ROOM;
}

/** "Thủ trưởng đơn vị (ký, họ tên, đóng dấu)": title, and below it how to sign. */
function signerWords(text: string): { readonly title: string; readonly hint: string } {
  const [, name = text, inside] = /^(.*?)\s*\(([^()]*)\)$/.exec(text) ?? [];
  if (inside === undefined) return { title: text, hint: '(Ký, họ tên)' };
  const isHow = /(?:^|[\s,])ký(?:$|[\s,])/u.test(inside);
  return isHow
    ? { title: name, hint: `(${inside.charAt(0).toLocaleUpperCase('vi')}${inside.slice(1)})` }
    : { title: text, hint: '(Ký, họ tên)' };
}

/** One line that ends with … where it is too long. */
export function cutLine(text: string, width: number, style: Style): string {
  const [first = '', ...more] = wrapText(text, width, style);
  if (more.length === 0) return first;
  const [short = ''] = wrapText(text, width - textWidth('…', style), style);
  return `${short}…`;
}

/** What stands at the foot of every page. */
export function writeFoot(
  paper: Paper,
  {
    left: lines,
    page,
    pages,
  }: { readonly left: readonly string[]; readonly page: number; readonly pages: number },
): void {
  const { left, right, bottom } = paper.inner;
  const style = { face: 'italic', size: FRAME.foot } as const;
  const y = bottom + 6;
  paper.line([left, y - 2], [right, y - 2], 0.3);
  const number = `Trang ${page}/${pages}`;
  const room = right - left - textWidth(number, style) - GAP;
  writeLines(
    paper,
    lines.map((line) => cutLine(line, room, style)),
    { ...style, x: left, y, width: room },
  );
  paper.write(number, { ...style, x: left, y, width: right - left, align: 'right' });
}

const VIETNAM_MOMENT = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** `22/11/2026 10:05`, in Vietnam. */
export const momentText = (milliseconds: number): string =>
  VIETNAM_MOMENT.format(milliseconds).replace(',', '');

/** `Năm 2025`, or from … to …. */
export const periodText = ({ year, from, to }: { year: number; from: string; to: string }): string =>
  from === to
    ? `Ngày ${dayText(from)}`
    : from === `${year}-01-01` && to === `${year}-12-31`
      ? `Năm ${year}`
      : `Từ ngày ${dayText(from)} đến ngày ${dayText(to)}`;

/** Paper that only measures: it counts its pages, and nothing is written. */
export function unseen(landscape: boolean): Paper & { readonly pages: () => number } {
  const nothing = (): void => undefined;
  let pages = 0;
  return {
    width: 0,
    height: 0,
    inner: innerOf(landscape),
    addPage: () => {
      pages += 1;
    },
    write: nothing,
    line: nothing,
    dots: nothing,
    across: nothing,
    stamp: nothing,
    breathe: async () => undefined,
    pages: () => pages,
  };
}

/** What kind of print a paper is: in a frame at the top, across the page where it must not be overlooked, and at its foot. */
export interface PaperMark {
  readonly stamp: string | null;
  readonly across: string | null;
  readonly foot: string;
}

/** Goes over all that a page has, as the last thing on it. */
export function writeMark(paper: Paper, mark: PaperMark | undefined): void {
  if (mark === undefined) return;
  if (mark.stamp !== null) paper.stamp(mark.stamp);
  if (mark.across !== null) paper.across(mark.across);
}
