import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, pagesOf, pdfJudge } from '../../tests/support/pdf.ts';
import { UNSHOWN, amountInWords, printable, printed, printedBytes, textWidth, wrapText } from './index.ts';

const OPTIONS = { title: 'a', subject: 'b', author: 'c', at: 0 };

describe('amounts in words', () => {
  it.each([
    [1_792_362_000n, 0, 'VND', 'Một tỷ bảy trăm chín mươi hai triệu ba trăm sáu mươi hai nghìn đồng'],
    [0n, 0, 'VND', 'Không đồng'],
    [5n, 0, 'VND', 'Năm đồng'],
    [105n, 0, 'VND', 'Một trăm linh năm đồng'],
    [1_000_015n, 0, 'VND', 'Một triệu không trăm mười lăm đồng'],
    [21_024n, 0, 'VND', 'Hai mươi mốt nghìn không trăm hai mươi tư đồng'],
    [-20_000n, 0, 'VND', 'Âm hai mươi nghìn đồng'],
    [1_000_000_000_000_000n, 0, 'VND', 'Một triệu tỷ đồng'],
    [1_250n, 2, 'EUR', 'Mười hai euro và năm mươi cent'],
    [1_205n, 2, 'USD', 'Mười hai đô la Mỹ và năm cent'],
    [1_200n, 2, 'USD', 'Mười hai đô la Mỹ'],
    [1_234n, 0, 'JPY', 'Một nghìn hai trăm ba mươi tư yên Nhật'],
    [1_205n, 2, 'LAK', 'Mười hai phẩy không năm kíp Lào'],
    [1_250n, 2, 'SEK', 'Mười hai phẩy năm SEK'],
    [1_250n, 3, 'KWD', 'Một phẩy hai mươi lăm KWD'],
  ])('%s with %i decimals of %s: %s', (amount, exponent, commodity, words) => {
    expect(amountInWords(amount, exponent, commodity)).toBe(words);
  });

  it.each([
    [20n, 0, 'xe-dap', 'chiếc', 'Hai mươi chiếc'],
    [1_250n, 2, 'gao', 'kg', 'Mười hai phẩy năm kg'],
    [100n, 2, 'gao', 'kg', 'Một kg'],
    [1n, 3, 'gao', 'tấn', 'Không phẩy không trăm linh một tấn'],
  ])('%s with %i decimals of %s in %s: %s', (amount, exponent, good, unit, words) => {
    expect(amountInWords(amount, exponent, good, unit)).toBe(words);
  });

  it('of different whole amounts differ', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(amountInWords(a, 0, 'VND') === amountInWords(b, 0, 'VND')).toBe(a === b);
      }),
    );
  });
});

describe('text on paper', () => {
  it('is in NFC, on one line, without marks nobody sees', () => {
    expect(printable('Trần Thị Hường'.normalize('NFD'))).toBe('Trần Thị Hường'.normalize('NFC'));
    expect(printable(' a\tb\r\nc\u00a0d\u2028e ')).toBe('a b c d e');
    expect(printable('Lá\u200b\u202e\ufeff Lành')).toBe('Lá Lành');
  });

  it('shows that the font lacks a letter', () => {
    expect(printable('Quỹ 你 🌿 ₫')).toBe(`Quỹ ${UNSHOWN} ${UNSHOWN} ₫`);
    expect(
      [...'ĂÂĐÊÔƠƯăâđêôơưẮẰẲẴẶắằẳẵặẾỀỂỄỆếềểễệỚỜỞỠỢớờởỡợỨỪỬỮỰứừửữựỲỴỶỸỳỵỷỹ'].map(printable),
    ).not.toContain(UNSHOWN);
  });

  it('cut into lines fits and loses nothing', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 12 });
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 200 }), (given, width) => {
        const text = given.join(' ');
        const lines = wrapText(text, width, { size: 10 });
        expect(lines.join('').replaceAll(' ', '')).toBe(printable(text).replaceAll(' ', ''));
        for (const line of lines)
          expect(textWidth(line, { size: 10 }) <= width || [...line].length === 1).toBe(true);
      }),
    );
  });
});

describe.skipIf(pdfJudge === undefined)('a document', () => {
  it('gives Vietnamese words back whole, whatever their letters', async () => {
    const lines = ['Quỹ Bảo trợ trẻ em', 'Nguyễn Thị Ngọc Ẩn – Đoàn Kết', 'SỐ TIỀN BẰNG CHỮ: Mười lăm tỷ'];
    const bytes = await printedBytes(
      printed(OPTIONS, async (open) => {
        const paper = open(false);
        for (const face of ['regular', 'bold', 'italic'] as const) {
          paper.addPage();
          for (const [i, text] of lines.entries())
            paper.write(text, { x: 60, y: 60 + i * 20, size: 11, face });
        }
      }),
    );
    expect(pagesOf(bytes).map((page) => linesOf([page]))).toStrictEqual([lines, lines, lines]);
  });

  it('of the same content has the same bytes at any moment, of another content others', async () => {
    const of = async (text: string): Promise<Buffer> =>
      printedBytes(
        printed(OPTIONS, async (open) => {
          const paper = open(false);
          paper.addPage();
          paper.write(text, { x: 60, y: 60, size: 11 });
          paper.across('NHÁP');
        }),
      );
    const first = await of('Sổ Cái');
    await sleep(1_100);
    expect((await of('Sổ Cái')).equals(first)).toBe(true);
    expect((await of('Sổ cái')).equals(first)).toBe(false);
  });

  it('says its language, title and kind, also with signs that XML knows', async () => {
    const title = 'Sổ <Quỹ> & "em"';
    const bytes = await printedBytes(printed({ ...OPTIONS, title }, async (open) => open(false).addPage()));
    const text = bytes.toString('latin1');
    expect(text).toContain('/Lang (vi)');
    expect(text).toContain('<pdfaid:part>2</pdfaid:part>');
    expect(text).toContain('/DisplayDocTitle true');
    expect(bytes.toString()).toContain('Sổ ‹Quỹ› + "em"');
  });

  it('ends with the error that drawing it met', async () => {
    const stream = printed(OPTIONS, async (open) => {
      const paper = open(false);
      paper.addPage();
      throw new Error('no more');
    });
    await expect(printedBytes(stream)).rejects.toThrow('no more');
  });

  it('is not drawn further when its reader is gone', async () => {
    let pages = 0;
    const stream = printed(OPTIONS, async (open) => {
      const paper = open(false);
      for (; pages < 1_000; pages += 1) {
        paper.addPage();
        await paper.breathe();
      }
    });
    stream.on('error', () => undefined);
    await sleep(20);
    stream.destroy();
    await sleep(50);
    const then = pages;
    await sleep(50);
    expect(pages).toBe(then);
    expect(pages).toBeLessThan(1_000);
  });
});
