import { AssertionError } from 'node:assert';
import { BROKEN_TWINS, type BrokenTwin } from './broken-twins.ts';
import type { ConformanceCase, Group } from './case.ts';
import { CONFORMANCE_CASES } from './cases.ts';
import type { Subject } from './fixture.ts';

/** A store the suite is held against. */
export interface Adapter {
  readonly name: string;
  /** What a passed case says, where it is less than it seems. */
  readonly proves?: string;
  readonly open: () => Promise<Subject>;
}

export interface Row {
  readonly adapter: string;
  readonly group: Group;
  readonly case: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or what was found instead of the promise. */
  readonly why?: string;
}

const firstLines = (error: unknown): string => String(error).split('\n').slice(0, 12).join('\n');

/** Holds a store against one case. It never rejects: what goes wrong is the result. */
export const runCase = async (adapter: Adapter, one: ConformanceCase): Promise<Row> => {
  const row = { adapter: adapter.name, group: one.group, case: one.title };
  let subject: Subject | undefined;
  try {
    subject = await adapter.open();
    const why = one.skip?.(subject.log.capabilities, subject);
    if (why !== undefined) return { ...row, result: 'skipped', why };
    await one.run(subject);
    return { ...row, result: 'passed' };
  } catch (error) {
    return { ...row, result: 'failed', why: firstLines(error) };
  } finally {
    await subject?.dispose().catch(() => undefined);
  }
};

export interface Control {
  readonly fault: string;
  readonly caughtBy: string;
  /** `caught`: the case failed as it must, by what it found. */
  readonly result: 'caught' | 'missed';
  readonly found: string;
}

/** Holds a store with a known fault against the case that must catch it, for the reason the twin names. */
export const runControl = async (twin: BrokenTwin): Promise<Control> => {
  const { fault, caughtBy } = twin;
  const found = CONFORMANCE_CASES.find(({ title }) => title === caughtBy);
  const subject = await twin.open();
  const outcome: unknown = await found?.run(subject).then(
    () => 'the case passed',
    (reason: unknown) => reason,
  );
  await subject.dispose();
  const caught = outcome instanceof AssertionError && showsAs(twin.shows, outcome.actual, outcome.expected);
  return { fault, caughtBy, result: caught ? 'caught' : 'missed', found: firstLines(outcome) };
};

export const runControls = async (): Promise<readonly Control[]> => {
  const controls: Control[] = [];
  for (const twin of BROKEN_TWINS) controls.push(await runControl(twin));
  return controls;
};

const showsAs = (shows: unknown, actual: unknown, expected: unknown): boolean =>
  typeof shows === 'string'
    ? SHOWN[shows]?.(actual, expected) === true
    : JSON.stringify(summary(actual)) === JSON.stringify(shows);

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
