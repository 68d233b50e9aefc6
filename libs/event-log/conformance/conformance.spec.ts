import { AssertionError } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMemoryLog, openSqliteLog } from '../index.ts';
import { BROKEN_TWINS, CONFORMANCE_CASES, type Subject } from './index.ts';

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

const ADAPTERS = {
  memory,
  'SQLite in the calling thread': sqlite(false),
  'SQLite in a worker': sqlite(true),
};

describe.each(Object.entries(ADAPTERS))('%s', (_, open) => {
  it.each(CONFORMANCE_CASES.map((one) => [`${one.group}: ${one.title}`, one] as const))(
    '%s',
    async (_title, one) => {
      const subject = await open();
      try {
        // Both embedded adapters promise everything: a skip here would hide a case.
        expect(one.skip?.(subject.log.capabilities)).toBe(undefined);
        await one.run(subject);
      } finally {
        await subject.dispose();
      }
    },
  );
});

describe('negative controls: a store that', () => {
  it.each(BROKEN_TWINS.map((one) => [`${one.fault} is caught by “${one.caughtBy}”`, one] as const))(
    '%s',
    async (_title, { caughtBy, shows, open }) => {
      const found = CONFORMANCE_CASES.find(({ title }) => title === caughtBy);
      const subject = await open();
      const error: unknown = await found?.run(subject).then(
        () => 'the case passed',
        (reason: unknown) => reason,
      );
      await subject.dispose();
      expect(error).toBeInstanceOf(AssertionError);
      const { actual } = error as AssertionError;
      if (typeof shows === 'object' || typeof shows === 'number')
        expect(summary(actual)).toStrictEqual(shows);
      else expect(SHOWN[String(shows)]?.(actual, (error as AssertionError).expected)).toBe(true);
    },
  );

  it('is there for every group', () => {
    const groups = new Set(CONFORMANCE_CASES.map(({ group }) => group));
    const caught = new Set(
      BROKEN_TWINS.map(({ caughtBy }) => CONFORMANCE_CASES.find(({ title }) => title === caughtBy)?.group),
    );
    expect([...caught].sort()).toStrictEqual([...groups].sort());
  });
});

/** Whole events shown as `stream@revision`. */
const summary = (actual: unknown): unknown =>
  Array.isArray(actual) && typeof actual[0] === 'object'
    ? (actual as { stream: string; revision: number }[]).map(
        ({ stream, revision }) => `${stream}@${revision}`,
      )
    : actual;

/** Findings that differ from run to run or are too long to spell out. */
const SHOWN: Readonly<Record<string, (actual: unknown, expected: unknown) => boolean>> = {
  'a gap': (actual, expected) => (actual as number[]).length < (expected as number[]).length,
  'other bytes': (actual, expected) => {
    const differing = (actual as { envelope: string }[]).filter(
      ({ envelope }, at) => envelope !== (expected as { envelope: string }[])[at]?.envelope,
    );
    return differing.length > 0 && differing.length < (expected as unknown[]).length;
  },
  'no refusal': (actual) => String((actual as { code: unknown }).code).startsWith('no refusal'),
};
