import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Adapter, Subject } from '../../libs/event-log/conformance/index.ts';
import { openKurrentFeed, openKurrentLog, openMemoryLog, openSqliteLog } from '../../libs/event-log/index.ts';
import { openKurrentDouble } from '../support/kurrent-double/index.ts';
import { type MemorySequence, openMemorySequence } from '../support/memory-sequence.ts';
import { inSpace, newSpace } from './space.ts';

const memory = async (): Promise<Subject> => {
  const log = openMemoryLog();
  return { log, settled: async () => undefined, dispose: log.close };
};

const sqlite = (thread: boolean) => async (): Promise<Subject> => {
  const folder = await mkdtemp(join(tmpdir(), 'lalanh-log-'));
  let current = await openSqliteLog(folder, { thread });
  return {
    log: current,
    settled: async () => undefined,
    reopen: async () => {
      await current.close();
      current = await openSqliteLog(folder, { thread });
      return current;
    },
    dispose: async () => {
      await current.close();
      await rm(folder, { recursive: true });
    },
  };
};

export const EMBEDDED: readonly Adapter[] = [
  { name: 'memory', open: memory },
  { name: 'SQLite in the calling thread', open: sqlite(false) },
  { name: 'SQLite in a worker', open: sqlite(true) },
];

/** Longer than the reading part of the client takes to connect; what is silent costs this much. */
const CALL_MS = 1_500;
const FOR_EVER = 1_000_000;

/** What is shown wherever a result of the double is. */
export const DOUBLE_PROVES = 'the protocol double: proves the adapter’s code, not KurrentDB';

/** A log on a server, in a space of its own, with a sequencer in memory. */
const onServer = async (
  url: string,
  more: { readonly restart?: () => Promise<void>; readonly end?: () => Promise<void> } & Pick<
    Subject,
    'faults'
  >,
): Promise<Subject> => {
  const space = newSpace();
  const connection = { connectionString: url, callMs: CALL_MS };
  let sequence: MemorySequence | undefined;
  try {
    sequence = openMemorySequence(await openKurrentFeed(connection), space.holds);
    const { reader, settled, close } = sequence;
    const open = () => openKurrentLog({ ...connection, sequence: reader });
    let current = await open();
    return {
      log: inSpace(current, space),
      settled,
      ...(more.faults !== undefined && { faults: more.faults }),
      reopen: async () => {
        await current.close();
        await more.restart?.();
        current = await open();
        return inSpace(current, space);
      },
      dispose: async () => {
        await current.close();
        await close();
        await more.end?.();
      },
    };
  } catch (error) {
    await sequence?.close();
    await more.end?.();
    throw error;
  }
};

const onDouble = (version: string) => async (): Promise<Subject> => {
  const double = await openKurrentDouble({ version });
  return onServer(double.url, {
    restart: double.restart,
    end: double.close,
    faults: {
      lose: (when) =>
        double.order({ on: 'append', fault: when === 'written' ? 'answer-lost' : 'unavailable' }),
      silence: () => {
        double.order({ on: 'append', fault: 'silent-written', times: FOR_EVER });
        double.order({ on: 'read', fault: 'silent', times: FOR_EVER });
        return double.forgetFaults;
      },
    },
  });
};

export const DOUBLES: readonly Adapter[] = ['25.1.0', '26.1.0'].map((version) => ({
  name: `KurrentDB ${version}, double`,
  proves: DOUBLE_PROVES,
  open: onDouble(version),
}));

/** A real server, used by all cases one after another, each in a space of its own. */
export const serverAdapter = (url: string): Adapter => ({
  name: 'KurrentDB, server',
  open: () => onServer(url, {}),
});
