import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Column, type Kind, kinds } from '#batches';
import { csvCell } from '../output.ts';

/** Excel reads a CSV as UTF-8 only when it begins with this. */
const BYTE_ORDER_MARK = '\ufeff';

/** The header line of a kind of file in Vietnamese. A template holds no example row, so that none is ever imported. */
export const templateOf = ({ columns }: Kind): string =>
  `${BYTE_ORDER_MARK}${Object.values(columns)
    .map(({ vi }) => csvCell(vi, false))
    .join(',')}\r\n`;

/** Writes a template of every kind into a folder; gives the names of the files. */
export async function writeTemplates(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const names: string[] = [];
  for (const kind of kinds) {
    const name = `${kind.files.vi}.csv`;
    await writeFile(join(folder, name), templateOf(kind), { flag: 'wx' });
    names.push(name);
  }
  return names;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** What may stand in the cells of a column: a list of choices says so itself. */
function choicesOf({ read }: Column): string {
  if (!('choices' in read)) return '';
  const choices = read.choices as readonly { readonly vi: string; readonly en: string }[];
  return choices.map(({ vi, en }) => `${vi} / ${en}`).join('; ');
}

/** The columns of every kind as Markdown tables: docs/import-columns.md is this text. */
export const describeColumns = (): string =>
  [
    '# Các cột của tệp nhập / Columns of the import files',
    '',
    'Tệp này được tạo từ mã nguồn; đừng sửa tay. / This file is made from the source; do not edit it by hand.',
    ...kinds.flatMap(({ files, title, columns }) => [
      '',
      `## ${title.vi} / ${title.en}: \`${files.vi}\` = \`${files.en}\``,
      '',
      '| Tiêu đề | Header | Bắt buộc / Required | Ví dụ / Example | Ghi chú / Note |',
      '| --- | --- | --- | --- | --- |',
      ...Object.values(columns).map((column) => {
        const { vi, en, required, example, note } = column;
        const notes = [note?.vi, note?.en, choicesOf(column)].filter(Boolean).join('. ');
        return `| ${cell(vi)} | ${cell(en)} | ${required ? 'x' : ''} | ${cell(example)} | ${cell(notes)} |`;
      }),
    ]),
    '',
  ].join('\n');
