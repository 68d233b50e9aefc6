import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RecordedEvent, openSqliteLog, verifyLog } from '#event-log';
import { openVault } from '#privacy';
import { openLedgerFolder } from '../../../apps/ledger/open-folder.ts';
import { eventsOf } from '../checker.ts';
import { type DiskCall, type Survivors, createDisk, readRecord } from '../disk-image.ts';
import type { Fault, FaultOptions, FaultRow, Violation } from '../fault.ts';
import { receipt } from '../load.ts';
import { type Random, seeded } from '../random.ts';
import { openShim, shimLibrary, shimMissing } from '../shim.ts';
import { MARKS, type Mark } from './power-cut-marks.ts';

/** Images of one recording. */
export const IMAGES_PER_ROUND = 50;
/** Every so many images the whole ledger is opened as well, and goes on working. */
const LEDGER_EVERY = 5;
const WRITER = fileURLToPath(new URL('power-cut-writer.ts', import.meta.url));
const FAILING_WRITER = fileURLToPath(new URL('failed-sync-writer.ts', import.meta.url));
/** Syncs that succeed before the first one fails, and how many fail, at most. */
const SYNCS_AFTER_MAX = 100;
const SYNCS_FAILING_MAX = 3;
const WRITER_MS_MAX = 120_000;
/** A commitment to a free text in an envelope. */
const COMMITMENT = /"(?:narrative|name)":"([0-9a-f]{64})"/;

export interface PowerCutOptions extends FaultOptions {
  /** `NORMAL` and `OFF` are the controls: they must lose something. */
  readonly synchronous?: 'FULL' | 'NORMAL' | 'OFF';
  /** Syncs fail on the way, and what was told of appends then is held against the images too. */
  readonly failingSyncs?: boolean;
}

/**
 * Records every write and sync of a working ledger, cuts the power at any place, and opens what would be on the
 * disk: every acknowledged command and file is there, the log is a beginning of what it became, its hashes
 * and tree agree, every free text that an event names is kept, and the ledger goes on from there.
 */
export const powerCut = async ({
  rounds,
  seed,
  progress,
  synchronous = 'FULL',
  failingSyncs = false,
}: PowerCutOptions): Promise<FaultRow> => {
  const scratch = mkdtempSync(join(tmpdir(), 'lalanh-cut-'));
  const fault = failingSyncs ? 'failed-sync-cut' : 'power-cut';
  const violations: Violation[] = [];
  let [acknowledged, lost, phantom, recoveredMs, images, failing, failedCalls] = [0, 0, 0, 0, 0, 0, 0];
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const random = seeded(seed + round);
      const folder = join(scratch, `work-${round}`);
      const shim = failingSyncs ? openShim(scratch) : undefined;
      shim?.fail({
        calls: ['sync'],
        error: 'EIO',
        pattern: random.pick(['log.db-wal', 'log.db']),
        after: random.between(0, SYNCS_AFTER_MAX),
        times: random.between(1, SYNCS_FAILING_MAX),
        does: random.pick(['nothing', 'all']),
      });
      const writer = failingSyncs ? FAILING_WRITER : WRITER;
      const args = [writer, folder, String(seed + round), synchronous];
      const calls = record(folder, join(scratch, `record-${round}`), args, shim?.env);
      failedCalls += shim?.heal() ?? 0;
      shim?.close();
      // With syncs that fail, what nobody knows of may be there at one moment and overwritten at the next.
      const became = failingSyncs ? undefined : await finalLog(folder);
      rmSync(folder, { recursive: true });
      for (const { acks, image } of cuts(calls, folder, join(scratch, 'image'), random)) {
        const began = performance.now();
        const found = await checkImage(image, acks, became, images % LEDGER_EVERY === 0 ? random : undefined);
        recoveredMs = Math.max(recoveredMs, performance.now() - began);
        images += 1;
        acknowledged += acks.length;
        lost += found.lost;
        phantom += found.phantom;
        if (found.violations.length > 0) failing += 1;
        violations.push(...found.violations);
        rmSync(image, { recursive: true, force: true });
      }
      progress(`${fault}: round ${round} of ${rounds}, ${images} images, ${failing} of them bad`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const row = {
    fault,
    shape: 'embedded',
    rounds,
    acknowledged,
    refused: 0,
    unanswered: 0,
  } as const;
  const figures = { images, failing, ...(failingSyncs && { failedCalls }) };
  return {
    ...row,
    lost,
    duplicated: 0,
    phantom,
    recoveredMs: Math.round(recoveredMs),
    violations: violations.slice(0, 50),
    figures,
  };
};

const record = (
  folder: string,
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): DiskCall[] => {
  const options = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const done = spawnSync(process.execPath, [...options, ...args], {
    encoding: 'utf8',
    timeout: WRITER_MS_MAX,
    env: {
      ...process.env,
      LD_PRELOAD: shimLibrary(),
      LALANH_FAULT_RECORD: file,
      LALANH_FAULT_MATCH: folder,
      ...env,
    },
  });
  if (done.status !== 0) throw new Error(`the writer ended with ${done.status}: ${done.stderr}`);
  return readRecord(file);
};

const finalLog = async (folder: string): Promise<readonly RecordedEvent[]> => {
  const log = await openSqliteLog(folder, { thread: false });
  try {
    return await Array.fromAsync(eventsOf(log));
  } finally {
    await log.close();
  }
};

interface Cut {
  readonly acks: readonly Mark[];
  readonly image: string;
}

/** Sweeps once over the calls and stops at random ones; what was marked before is owed by the image. */
function* cuts(calls: readonly DiskCall[], folder: string, target: string, random: Random): Generator<Cut> {
  const at = Array.from({ length: IMAGES_PER_ROUND }, () => random.between(1, calls.length - 1)).sort(
    (a, b) => a - b,
  );
  const disk = createDisk(random.fork('disk'));
  const acks: Mark[] = [];
  let images = 0;
  for (const [index, call] of calls.entries()) {
    while (at[0] === index) {
      at.shift();
      const image = `${target}-${(images += 1)}`;
      const survivors: Survivors = random.pick(['none', 'all', 'some', 'some']);
      mkdirSync(image, { recursive: true });
      disk.cut(folder, image, survivors, random);
      yield { acks: [...acks], image };
    }
    if (!call.path.endsWith(MARKS)) disk.call(call);
    else if (call.kind === 'write') acks.push(JSON.parse(call.bytes.toString()) as Mark);
  }
}

interface ImageFound {
  readonly lost: number;
  readonly phantom: number;
  readonly violations: readonly Violation[];
}

const checkImage = async (
  image: string,
  acks: readonly Mark[],
  became: readonly RecordedEvent[] | undefined,
  random: Random | undefined,
): Promise<ImageFound> => {
  const violations: Violation[] = [];
  let [lost, phantom] = [0, 0];
  try {
    const log = await openSqliteLog(image, { thread: false });
    const events = await Array.fromAsync(eventsOf(log));
    await log.close();
    const there = new Map(events.map(({ id, stream, revision }) => [id, `${stream}@${revision}`]));
    const vault = openVault(image);
    for (const ack of acks) {
      if (ack.kind === 'refused') {
        if (there.has(ack.id))
          violations.push({ invariant: 'I3', detail: `${ack.id} was said not to be written` });
        continue;
      }
      const isThere =
        ack.kind === 'file'
          ? hash('sha256', (await vault.getFile(ack.sha256)) ?? '') === ack.sha256
          : ack.events.every(({ id, at }) => there.get(id) === at);
      if (!isThere) lost += 1;
    }
    for (const [index, { position, envelope }] of events.entries()) {
      if (position === index + 1 && (became === undefined || became[index]?.envelope === envelope)) continue;
      phantom += 1;
    }
    for (const { position, envelope } of events) {
      const commitment = COMMITMENT.exec(envelope)?.[1];
      if (commitment !== undefined && (await vault.get(commitment)) === undefined)
        violations.push({ invariant: 'I1', detail: `the text of ${position} is not in the vault` });
    }
    await vault.close();
    for (const { code, position, detail } of verifyLog(image))
      violations.push({ invariant: 'I4', detail: `${code} at ${position}: ${detail}` });
    if (random !== undefined) violations.push(...(await goOn(image, events, random)));
  } catch (error) {
    violations.push({ invariant: 'I1', detail: `it cannot be opened: ${String(error)}` });
  }
  if (lost > 0)
    violations.push({ invariant: 'I1', detail: `${lost} of ${acks.length} acknowledged are lost` });
  if (phantom > 0) violations.push({ invariant: 'I2', detail: `${phantom} events are not those written` });
  return { lost, phantom, violations };
};

/** The ledger on the image, snapshots and all, records one more gift right behind what is there. */
const goOn = async (
  image: string,
  events: readonly RecordedEvent[],
  random: Random,
): Promise<readonly Violation[]> => {
  const body = receipt(random.fork('go on'));
  const book = `book-${String(body['fund'])}-2024`;
  if (!events.some(({ stream }) => stream === book)) return [];
  const { ledger, close } = await openLedgerFolder(image, { thread: false });
  try {
    const common = { key: random.uuid(), handler: 'record-receipt', actor: 'ke-toan', dryRun: false };
    const outcome = await ledger.execute({
      ...common,
      body,
    });
    const detail = outcome.ok ? `it stands at ${outcome.value.position}` : outcome.error.code;
    if (outcome.ok && outcome.value.position === events.length + 1) return [];
    return [{ invariant: 'I11', detail: `the ledger does not go on after ${events.length}: ${detail}` }];
  } finally {
    await close();
  }
};

/** The gate: not one image may lose what was acknowledged. */
export const powerCutFault: Fault = {
  name: 'power-cut',
  shape: 'embedded',
  does: 'power cut at any write of log and vault: unsynced sectors kept or lost at random',
  rounds: 20,
  missing: shimMissing,
  run: powerCut,
};

/** The same with syncs that fail on the way: what was said not to be written never comes up either. */
export const failedSyncCut: Fault = {
  name: 'failed-sync-cut',
  shape: 'embedded',
  does: 'syncs of the log fail, some data is gone for good, the power is cut: nothing refused comes back',
  rounds: 10,
  missing: shimMissing,
  run: (options) => powerCut({ ...options, failingSyncs: true }),
};
