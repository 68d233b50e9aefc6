import { type Complaint, SECTIONS } from './complaints.ts';

/** Text inside a cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

const shownIn = ({ shown = [], measured, doesNotApply, notShown }: Complaint): string =>
  [
    ...shown.map(({ file, title }) => `“${cell(title)}” (\`${file}\`)`),
    ...(measured === undefined ? [] : [`measured by \`${measured}\`, figures in \`docs/speed.md\``]),
    ...(doesNotApply === undefined ? [] : [`does not apply: ${cell(doesNotApply)}`]),
    ...(notShown === undefined ? [] : [`**not shown**: ${cell(notShown)}`]),
  ].join('<br>');

/** `docs/complaints.md` as the list says it. */
export function complaintsPage(): string {
  const all = SECTIONS.flatMap(({ complaints }) => complaints);
  const count = (of: readonly Complaint[]): number => of.flatMap(({ numbers }) => numbers).length;
  const sections = SECTIONS.flatMap(({ title, complaints }) => [
    `## ${title}`,
    '',
    '| Where | Complaint | Here | Shown by |',
    '|---|---|---|---|',
    ...complaints.map((each) =>
      ['', each.numbers.join(', '), cell(each.complaint), cell(each.instead ?? ''), shownIn(each), '']
        .join(' | ')
        .trim(),
    ),
    '',
  ]);
  return [
    '# What others complain about, and what shows that we do better',
    '',
    'Public issues and pull requests of tools that others use for this work, each with our own sentence about it and the',
    'test that shows how it goes here. Written from `tests/complaints/complaints.ts`; a spec holds every title against its',
    'file and every number against the list of all of them.',
    '',
    `${count(all)} numbers: ${count(all.filter(({ shown }) => shown !== undefined))} shown by a test, ` +
      `${count(all.filter(({ measured }) => measured !== undefined))} by a benchmark, ` +
      `${count(all.filter(({ doesNotApply }) => doesNotApply !== undefined))} that does not apply, ` +
      `${count(all.filter(({ notShown }) => notShown !== undefined))} not shown.`,
    '',
    ...sections,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
