import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync, backup as copyDatabase } from 'node:sqlite';
import { openSqliteLogReader } from '#event-log';
import { VERSION } from '#platform';
import { CliFailure } from '../failure.ts';
import type { Progress } from '../progress.ts';
import { type Verified, verifyEvents } from '../verify/events.ts';
import { MANIFEST, type Manifest, damagedFiles, filesOf, readManifest } from './manifest.ts';

/** Pages copied between two looks of the caller at how far it is; the copy is of one moment all the same. */
const PAGES_A_STEP = 20_000;

const STAGE = 'chép / copying';

export interface BackupOptions {
  readonly folder: string;
  /** A folder that does not exist yet. */
  readonly to: string;
  readonly progress: Progress;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
}

/**
 * Copies the log and the vault of a data folder into a new one, also while a server writes it, and checks every
 * event of the copy before it calls it a backup. The log is copied first: whatever text or file one of its
 * events names was durable before the event, so the later copies of the vault hold it. Read models and
 * snapshots are left out: the log gives them again.
 */
export async function takeBackup({ folder, to, progress, clock }: BackupOptions): Promise<Manifest> {
  refuseExisting(to);
  const draft = `${to}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    for (const name of ['log.db', 'vault.db']) await copyOne(join(folder, name), join(draft, name), progress);
    if (existsSync(join(folder, 'files'))) {
      // A file appears under its name only when it is whole (see the vault), so what is listed can be copied.
      const whole = readdirSync(join(folder, 'files')).filter((name) => !name.endsWith('.draft'));
      mkdirSync(join(draft, 'files'));
      for (const name of whole) cpSync(join(folder, 'files', name), join(draft, 'files', name));
    }
    const { events, root } = await checked(draft, progress);
    const manifest: Manifest = {
      format: 1,
      program: VERSION,
      takenAt: new Date(clock()).toISOString(),
      events,
      root,
      files: await filesOf(draft),
    };
    for (const { name } of manifest.files) sync(join(draft, name));
    writeFileSync(join(draft, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    sync(join(draft, MANIFEST));
    publish(draft, to);
    return manifest;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Makes a new data folder out of a backup, after checking every file against the manifest and every event
 * against its hash. What was recorded after the backup is not in it: `events` says where the log ends now.
 */
export async function restoreBackup(
  from: string,
  folder: string,
  progress: Progress,
): Promise<Pick<Manifest, 'events' | 'root' | 'takenAt'>> {
  refuseExisting(folder);
  const manifest = readManifest(from);
  const damaged = await damagedFiles(from, manifest);
  if (damaged.length > 0)
    throw new CliFailure(
      `Bản sao lưu đã bị thay đổi: ${damaged.slice(0, 5).join(', ')}. Hãy dùng bản khác.`,
      `The backup has been changed: ${damaged.slice(0, 5).join(', ')}. Use another one.`,
    );
  const draft = `${folder}.draft`;
  rmSync(draft, { recursive: true, force: true });
  try {
    mkdirSync(dirname(draft), { recursive: true });
    cpSync(from, draft, { recursive: true, filter: (source) => source !== join(from, MANIFEST) });
    const { events, root } = await checked(draft, progress);
    if (events !== manifest.events || root !== manifest.root)
      throw new CliFailure(
        `Nhật ký chép ra có ${events} sự kiện, gốc ${root}; bản sao lưu ghi ${manifest.events}, ${manifest.root}.`,
        `The copied log has ${events} events and root ${root}; the backup says ${manifest.events} and ${manifest.root}.`,
      );
    for (const { name } of manifest.files) sync(join(draft, name));
    publish(draft, folder);
    return { events, root, takenAt: manifest.takenAt };
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

function refuseExisting(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new CliFailure(
      `Thư mục ${folder} đã có tệp. Hãy chọn một thư mục mới; không gì bị ghi đè.`,
      `The folder ${folder} is not empty. Name a new one; nothing is overwritten.`,
    );
}

/** One database as it stands at one moment; missing is empty. */
async function copyOne(file: string, to: string, progress: Progress): Promise<void> {
  if (!existsSync(file)) return;
  const source = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    // A reader's snapshot makes a writer beside us invisible, so that the copy never begins anew.
    source.exec('begin; select count(*) from sqlite_schema');
    await copyDatabase(source, to, {
      rate: PAGES_A_STEP,
      progress: ({ totalPages, remainingPages }) =>
        progress.at(STAGE, totalPages - remainingPages, totalPages),
    });
  } finally {
    source.close();
  }
  // The copy is in WAL mode like its source; folded into one file it can be hashed and moved as one.
  const copy = new DatabaseSync(to);
  copy.exec('pragma journal_mode = delete');
  copy.close();
}

/** Checks every event of a copy; throws at the first finding, since a broken copy is no backup. */
async function checked(folder: string, progress: Progress): Promise<Verified> {
  const log = openSqliteLogReader(folder);
  const head = await log.head();
  await log.close();
  const checks = verifyEvents(folder, (position) => progress.at('kiểm tra / checking', position, head));
  const next = checks.next();
  if (next.done) return next.value;
  const { code, position, detail } = next.value;
  throw new CliFailure(
    `Nhật ký sai ở vị trí ${position} (${code}: ${detail}). Chạy lalanh verify để xem hết.`,
    `The log is wrong at position ${position} (${code}: ${detail}). Run lalanh verify to see all of it.`,
  );
}

/** The draft becomes the folder at once, and stays after a power cut. */
function publish(draft: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  sync(dirname(folder));
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
