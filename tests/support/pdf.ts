import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findJudge } from './judges.ts';

/** Poppler, which reads our PDF files; undefined where this machine has none. */
export const pdfJudge = findJudge('pdftotext');
const fonts = findJudge('pdffonts');

/** Runs a judge on the bytes of a document. */
function judged(
  judge: ReturnType<typeof findJudge>,
  bytes: Uint8Array,
  args: (file: string) => string[],
): string {
  if (judge === undefined) throw new Error('no pdftotext: npm run parts, npm test');
  const folder = mkdtempSync(join(tmpdir(), 'lalanh-pdf-'));
  try {
    const file = join(folder, 'a.pdf');
    writeFileSync(file, bytes);
    const { code, stdout, stderr } = judge(args(file));
    if (code !== 0) throw new Error(stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The pages of a document as text, laid out as they are printed; what goes across a page is left out. */
export const pagesOf = (bytes: Uint8Array): string[] =>
  judged(pdfJudge, bytes, (file) => ['-layout', '-nodiag', '-enc', 'UTF-8', file, '-'])
    .split('\f')
    .slice(0, -1);

/** The letters that go across the pages. */
export const acrossOf = (bytes: Uint8Array): string =>
  judged(pdfJudge, bytes, (file) => ['-raw', '-enc', 'UTF-8', file, '-']);

/** Lines of text without the spaces that lay them out. */
export const linesOf = (pages: readonly string[]): string[] =>
  pages
    .flatMap((page) => page.split('\n'))
    .map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))
    .filter((line) => line !== '');

/** Fonts of a document: name, whether it is embedded, a subset, and has its letters. */
export const fontsOf = (
  bytes: Uint8Array,
): { name: string; embedded: string; subset: string; unicode: string }[] =>
  judged(fonts, bytes, (file) => [file])
    .split('\n')
    .slice(2)
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', ...rest] = line.trim().split(/\s+/);
      const [embedded = '', subset = '', unicode = ''] = rest.slice(-5);
      return { name, embedded, subset, unicode };
    });
