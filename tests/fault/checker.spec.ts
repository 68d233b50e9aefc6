import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#event-log';
import { eventId } from '#event-log';
import { writeEnvelope } from '#platform';
import { Frontier, hashHex, leafHash } from '#transparency';
import { type Checked, checkLog } from './checker.ts';
import { type Journal, createJournal } from './journal.ts';
import { seeded } from './random.ts';

const COMMANDS = 12;

/** A log of one event a command on one stream, and the list of clients that were told exactly that. */
const given = (): { log: RecordedEvent[]; journal: Journal } => {
  const random = seeded(20231231);
  const journal = createJournal();
  const tree = new Frontier();
  const log = Array.from({ length: COMMANDS }, (_, index): RecordedEvent => {
    const commandId = random.uuid();
    const [id, stream, type] = [eventId(commandId, 0), 'donor-nt-1', 'donor.changed.v1'];
    const envelope = writeEnvelope({
      id,
      type,
      stream,
      revision: index,
      effectiveOn: '2024-01-01',
      recordedAt: '2024-01-01T00:00:00.000Z',
      actor: 'ke-toan',
      commandId,
      correlationId: commandId,
      causationId: commandId,
      bodyHash: 'x'.repeat(43),
      data: { index },
    });
    const entry = journal.plan({ key: commandId, path: '/v1/donors', actor: 'ke-toan', body: '{}' });
    const hash = hashHex(leafHash(envelope));
    journal.told(entry, {
      kind: 'acknowledged',
      position: index + 1,
      events: [{ id, at: `${stream}@${index}`, hash }],
    });
    tree.push(leafHash(envelope));
    return { id, type, stream, revision: index, position: index + 1, envelope };
  });
  journal.roots.push({ size: COMMANDS, root: hashHex(tree.root()) });
  return { log, journal };
};

const [, , third] = given().log;
if (third === undefined) throw new Error('the log is too short');
const renumbered = (log: readonly RecordedEvent[]): RecordedEvent[] =>
  log.map((event, index) => ({ ...event, position: index + 1 }));
const invariantsOf = ({ violations }: Checked): string[] => [
  ...new Set(violations.map(({ invariant }) => invariant)),
];

describe('given a log that holds what clients were told', () => {
  it('nothing is found', async () => {
    const { log, journal } = given();
    expect(await checkLog(log, journal)).toStrictEqual({
      events: COMMANDS,
      acknowledged: COMMANDS,
      refused: 0,
      unanswered: 0,
      lost: 0,
      duplicated: 0,
      phantom: 0,
      violations: [],
    });
  });
});

describe('given a log that was tampered with, the checker says so', () => {
  it('an event is missing and the rest moved up', async () => {
    const { log, journal } = given();
    const found = await checkLog(renumbered(log.filter(({ id }) => id !== third.id)), journal);
    expect(found).toMatchObject({ lost: 1, duplicated: 0, phantom: 0 });
    expect(invariantsOf(found)).toStrictEqual(['I4', 'I7', 'I1']);
  });

  it('the tail is cut', async () => {
    const { log, journal } = given();
    const found = await checkLog(log.slice(0, -1), journal);
    expect(found).toMatchObject({ lost: 1 });
    expect(invariantsOf(found)).toStrictEqual(['I7', 'I1']);
  });

  it('an event stands there twice', async () => {
    const { log, journal } = given();
    const again = { ...third, revision: COMMANDS, position: COMMANDS + 1 };
    const found = await checkLog([...log, again], journal);
    expect(found).toMatchObject({ duplicated: 1, phantom: 0 });
    expect(invariantsOf(found)).toContain('I1');
  });

  it('a command that nobody sent is recorded', async () => {
    const { log, journal } = given();
    const entries = new Map([...journal.entries].filter(([key]) => !third.envelope.includes(key)));
    const found = await checkLog(log, { ...journal, entries });
    expect(found).toMatchObject({ phantom: 1, lost: 0 });
    expect(invariantsOf(found)).toStrictEqual(['I2']);
  });

  it('a refused command is recorded', async () => {
    const { log, journal } = given();
    const entry = [...journal.entries.values()].find(({ key }) => third.envelope.includes(key));
    if (entry) entry.settled = { kind: 'refused', code: 'AMOUNT_ZERO' };
    expect(invariantsOf(await checkLog(log, journal))).toStrictEqual(['I3']);
  });

  it('bytes changed', async () => {
    const { log, journal } = given();
    const changed = log.map((event) =>
      event.id === third.id ? { ...event, envelope: event.envelope.replace('2024', '2025') } : event,
    );
    const found = await checkLog(changed, journal);
    expect(found).toMatchObject({ lost: 1 });
    expect(invariantsOf(found)).toStrictEqual(['I7', 'I1']);
  });

  it('what a client read back has changed its place', async () => {
    const { log, journal } = given();
    journal.readBack.push({ id: third.id, position: 4, envelope: third.envelope });
    expect(invariantsOf(await checkLog(log, journal))).toStrictEqual(['I1']);
  });

  it('two events changed places', async () => {
    const { log, journal } = given();
    const [first, second, ...rest] = log;
    if (first === undefined || second === undefined) throw new Error('the log is too short');
    const found = await checkLog(renumbered([second, first, ...rest]), journal);
    expect(invariantsOf(found)).toStrictEqual(['I4', 'I7']);
  });

  it('the client was told two things', () => {
    const { journal } = given();
    const [entry] = journal.entries.values();
    if (entry === undefined) throw new Error('nothing was sent');
    journal.told(entry, { kind: 'refused', code: 'BOOK_CLOSED' });
    expect(journal.violations.map(({ invariant }) => invariant)).toStrictEqual(['I3']);
  });
});
