import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { complaintsPage } from './complaints-page.ts';
import { type Complaint, SECTIONS, type ShownBy } from './complaints.ts';
import { NUMBERS } from './numbers.ts';

const root = new URL('../../', import.meta.url);
const all = SECTIONS.flatMap(({ complaints }) => complaints);

/** Whether a file has a test of exactly this title: called `test`, `it` or one of their tables. */
function hasTest({ file, title }: ShownBy): boolean {
  const path = new URL(file, root);
  if (!existsSync(path)) return false;
  const escaped = title.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  const call = String.raw`(?:\b(?:test|it)\(|\]\)\(|\)\()\s*`;
  return new RegExp(`${call}(['"\`])${escaped}\\1`, 'u').test(readFileSync(path, 'utf8'));
}

const answers = ({ shown, measured, doesNotApply, notShown }: Complaint): number =>
  [shown, measured, doesNotApply, notShown].filter((answer) => answer !== undefined).length;

describe('complaints about other tools', () => {
  it('are all accounted for, each number once', () => {
    const named = Object.entries(NUMBERS).flatMap(([tracker, numbers]) =>
      numbers.map((number) => `${tracker}#${number}`),
    );
    const answered = all.flatMap(({ numbers }) => numbers);
    expect(answered.toSorted()).toStrictEqual(named.toSorted());
    expect(new Set(named).size).toBe(named.length);
  });

  it('have one kind of answer each, and a test for each that is shown', () => {
    expect(all.filter((complaint) => answers(complaint) !== 1)).toStrictEqual([]);
    expect(all.filter(({ shown }) => shown?.length === 0)).toStrictEqual([]);
  });

  it.each(
    all.flatMap(({ numbers, shown = [] }) => shown.map((by) => ({ numbers: numbers.join(', '), ...by }))),
  )('$numbers: $file has “$title”', (by) => {
    expect(hasTest(by)).toBe(true);
  });

  it('whose answer is a benchmark have one, with figures', () => {
    const speed = readFileSync(new URL('docs/speed.md', root), 'utf8');
    for (const { measured } of all) {
      if (measured === undefined) continue;
      expect([measured, existsSync(new URL(measured, root))]).toStrictEqual([measured, true]);
    }
    expect(speed.length).toBeGreaterThan(0);
  });

  it('a title that no test has is noticed', () => {
    const [some] = all.flatMap(({ shown = [] }) => shown);
    expect(some !== undefined && hasTest(some)).toBe(true);
    expect(some !== undefined && hasTest({ ...some, title: `${some.title} or not` })).toBe(false);
    expect(hasTest({ file: 'tests/complaints/nothing.spec.ts', title: 'x' })).toBe(false);
  });

  it('are documented as they are; after a change run vitest with -u', async () => {
    await expect(complaintsPage()).toMatchFileSnapshot('../../docs/complaints.md');
  });
});
