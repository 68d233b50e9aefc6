import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type SqliteLog, openSqliteLog } from '#event-log';
import { openVault } from '#privacy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { append, everything } from '../../libs/event-log/conformance/fixture.ts';
import { createProgress } from '../../apps/cli/progress.ts';
import { restoreBackup, takeBackup } from '../../apps/cli/backup/backup.ts';
import { MANIFEST } from '../../apps/cli/backup/manifest.ts';

const TAKEN = '2026-03-01T02:00:00.000Z';
const STREAM = 'donor-a';
const progress = createProgress();
let root: string;
let data: string;
let log: SqliteLog;

const backup = (to: string) => takeBackup({ folder: data, to, progress, clock: () => Date.parse(TAKEN) });
const note = (at: number) =>
  log.append(
    append(at, [{ stream: STREAM, expected: at === 0 ? 'no-stream' : at - 1, type: 'donor.noted.v1' }]),
  );
const stored = async (folder: string): Promise<string[]> => {
  const opened = await openSqliteLog(folder, { thread: false });
  const events = await everything(opened);
  await opened.close();
  return events.map(({ envelope }) => envelope);
};

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'lalanh-backup-'));
  data = join(root, 'data');
  log = await openSqliteLog(data, { thread: false });
  for (let at = 0; at < 3; at += 1) await note(at);
});
afterEach(async () => {
  await log.close();
  rmSync(root, { recursive: true });
});

describe('a ledger that is being written', () => {
  it('is backed up as it stood, names and files with it, and comes back to the byte', async () => {
    const vault = openVault(data);
    const { name: commitment = '' } = await vault.put('00000000-0000-7000-8000-000000000001', {
      name: 'Nguyễn Thị A',
    });
    const file = await vault.putFile(Buffer.from('a signed list'));
    const manifest = await backup(join(root, 'backup'));
    await note(3);
    expect([manifest.events, manifest.takenAt]).toStrictEqual([3, TAKEN]);
    expect(manifest.files.map(({ name }) => name)).toStrictEqual([`files/${file}`, 'log.db', 'vault.db']);

    const restored = join(root, 'restored');
    expect(await restoreBackup(join(root, 'backup'), restored, progress)).toStrictEqual({
      events: 3,
      root: manifest.root,
      takenAt: TAKEN,
    });
    expect(await stored(restored)).toStrictEqual(
      (await everything(log)).slice(0, 3).map(({ envelope }) => envelope),
    );
    const again = openVault(restored);
    expect(await again.get(commitment)).toBe('Nguyễn Thị A');
    expect(Buffer.from((await again.getFile(file)) ?? []).toString()).toBe('a signed list');
    await again.close();
    await vault.close();
  });

  it('backs up while appends go on: what comes back is a prefix of the log', async () => {
    let at = 3;
    let running = true;
    const writing = (async () => {
      while (running) await note(at++);
    })();
    const manifests = [await backup(join(root, 'one')), await backup(join(root, 'two'))];
    running = false;
    await writing;
    const all = (await everything(log)).map(({ envelope }) => envelope);
    for (const [index, name] of ['one', 'two'].entries()) {
      await restoreBackup(join(root, name), join(root, `${name}-restored`), progress);
      expect(await stored(join(root, `${name}-restored`))).toStrictEqual(
        all.slice(0, manifests[index]?.events),
      );
    }
    expect(manifests[0]?.events).toBeGreaterThanOrEqual(3);
  });
});

describe('a backup', () => {
  it.each([
    ['a byte more', (folder: string) => appendFileSync(join(folder, 'log.db'), 'x')],
    ['a file missing', (folder: string) => rmSync(join(folder, 'log.db'))],
    ['a file that nobody listed', (folder: string) => writeFileSync(join(folder, 'log.db-wal'), 'x')],
    ['no manifest', (folder: string) => rmSync(join(folder, MANIFEST))],
    [
      'a manifest of another root',
      (folder: string) => {
        const text = readFileSync(join(folder, MANIFEST), 'utf8');
        writeFileSync(join(folder, MANIFEST), text.replace(/"root": "[0-9a-f]{4}/, '"root": "0000'));
      },
    ],
  ])('with %s is not restored, and leaves nothing', async (_, damage) => {
    await backup(join(root, 'backup'));
    damage(join(root, 'backup'));
    await expect(restoreBackup(join(root, 'backup'), join(root, 'restored'), progress)).rejects.toThrow(
      /backup/,
    );
    expect([existsSync(join(root, 'restored')), existsSync(join(root, 'restored.draft'))]).toStrictEqual([
      false,
      false,
    ]);
  });

  it('is not restored over a folder that holds something', async () => {
    await backup(join(root, 'backup'));
    await expect(restoreBackup(join(root, 'backup'), data, progress)).rejects.toThrow('not empty');
  });

  it('is not made of a log that was tampered with', async () => {
    await log.close();
    const db = new DatabaseSync(join(data, 'log.db'));
    for (const { name } of db.prepare("select name from sqlite_schema where type = 'trigger'").all())
      db.exec(`drop trigger "${String(name)}"`);
    db.exec(`update events set envelope = replace(envelope, '"data":{}', '"data":[]') where position = 2`);
    db.close();
    await expect(backup(join(root, 'backup'))).rejects.toThrow('HASH_MISMATCH');
    expect(existsSync(join(root, 'backup'))).toBe(false);
  });
});
