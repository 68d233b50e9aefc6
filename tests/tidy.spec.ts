import { existsSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const itself = 'tests/tidy.spec.ts'; // the one file that has to name what it forbids
const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
  cwd: root,
  encoding: 'utf8',
});
const files = listed.split('\0').filter((name) => name !== '' && existsSync(`${root}/${name}`));

const maxColumns = 140;
const maxLines = 600;

const isSource = (name: string) => /\.(ts|mjs|cjs)$/.test(name) && name !== itself;
const isText = (name: string) =>
  name !== itself && /\.(ts|mjs|cjs|json|md|csv|html|css|sh|yml)$|^\.[a-z]|^\.ci\//.test(name);

interface Rule {
  readonly title: string;
  readonly applies: (name: string) => boolean;
  readonly broken: (line: string, name: string) => boolean;
}

const has =
  (...patterns: RegExp[]) =>
  (line: string): boolean =>
    patterns.some((pattern) => pattern.test(line));

const rules: readonly Rule[] = [
  {
    title: 'nothing is left for later',
    applies: isSource,
    broken: has(/\bTODO\b/u, /\bFIXME\b/u),
  },
  {
    title: 'no test is switched off or runs alone',
    applies: (name) => isSource(name) && name.endsWith('.spec.ts'),
    broken: has(/\b(it|test|describe)\.(skip|only|todo)\(/u),
  },
  {
    title: 'types are not silenced, and a silenced lint rule says why',
    applies: isSource,
    broken: (line) => /@ts-(ignore|nocheck|expect-error)/.test(line) || /lint-disable(?!.* -- )/.test(line),
  },
  {
    title: 'no path of somebody’s machine',
    applies: isText,
    broken: has(/(^|[^\w.])\/(root|work|home)\/\w/u),
  },
  {
    title: 'no package registry host',
    applies: (name) => isText(name) && !name.endsWith('.md'),
    broken: has(/registry\.npmjs/u, /"resolved": "http/u, /deb\.debian\.org/u),
  },
  {
    title: 'relative imports name the file with .ts',
    applies: (name) => name.endsWith('.ts'),
    broken: (line) => {
      const target = /\b(?:from|import\()\s*'(\.{1,2}\/[^']*)'/.exec(line)?.[1];
      return target !== undefined && !/\.(ts|json|mjs)$/.test(target);
    },
  },
  {
    title: `no line is longer than ${maxColumns} columns`,
    applies: isSource,
    broken: (line) => [...line].length > maxColumns,
  },
];

describe('a tidy house', () => {
  it('is looked at through git, which knows this file', () => {
    expect(files).toContain(itself);
  });

  it.each(rules)('$title', ({ applies, broken }) => {
    const found = files
      .filter(applies)
      .flatMap((name) =>
        linesOf(name).flatMap((line, index) =>
          broken(line, name) ? [`${name}:${index + 1}: ${line.trim()}`] : [],
        ),
      );
    expect(found).toStrictEqual([]);
  });

  it(`no file of apps/ or libs/ is longer than ${maxLines} lines`, () => {
    const sources = files.filter((name) => /^(apps|libs)\/.*\.ts$/.test(name) && !name.endsWith('.spec.ts'));
    expect(sources.filter((name) => linesOf(name).length > maxLines)).toStrictEqual([]);
  });
});

function linesOf(name: string): string[] {
  return readFileSync(`${root}/${name}`, 'utf8').split('\n');
}
