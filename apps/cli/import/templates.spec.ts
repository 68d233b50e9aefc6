import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kinds, readImportFile } from '#batches';
import { describe, expect, it } from 'vitest';
import { describeColumns, writeTemplates } from './templates.ts';

describe('the templates', () => {
  it('are one for each kind, are read without complaint, and hold no row', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lalanh-templates-'));
    const written = await writeTemplates(folder);
    expect(readdirSync(folder).toSorted()).toStrictEqual(written.toSorted());
    expect(written).toStrictEqual(kinds.map(({ files }) => `${files.vi}.csv`));
    for (const kind of kinds)
      expect(await readImportFile(join(folder, `${kind.files.vi}.csv`), kind)).toStrictEqual({
        ok: true,
        value: { rows: [], totals: null },
      });
    rmSync(folder, { recursive: true });
  });

  it('never overwrite a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lalanh-templates-'));
    await writeTemplates(folder);
    await expect(writeTemplates(folder)).rejects.toMatchObject({ code: 'EEXIST' });
    rmSync(folder, { recursive: true });
  });
});

describe('the columns', () => {
  it.each(kinds.map((kind) => [kind.name, kind] as const))('of %s have examples that are read', (_, kind) => {
    const unread = Object.values(kind.columns).filter(
      ({ example, read }) => example !== '' && !read(example).ok,
    );
    expect(unread.map(({ vi }) => vi)).toStrictEqual([]);
  });

  it('are documented as they are; after a change run vitest with -u', async () => {
    await expect(describeColumns()).toMatchFileSnapshot('../../../docs/import-columns.md');
    expect(readFileSync(new URL('../../../docs/import.md', import.meta.url), 'utf8')).toContain(
      'import-columns.md',
    );
  });
});
