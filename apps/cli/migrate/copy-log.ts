import {
  type EventLog,
  type EventLogReader,
  type Feed,
  type Sequencer,
  type SqliteLogReader,
  createSequencer,
  sequenceTree,
  verifySequence,
} from '#event-log';
import { parseEnvelope } from '#platform';
import type { Database, Role } from '#postgres';
import { Frontier, hashHex, leafHash } from '#transparency';
import { CliFailure, EXIT } from '../failure.ts';
import { type LoggedCommand, commandsOf } from './commands-of.ts';
import { explainTarget } from './explain.ts';

export interface CopyLog {
  /** The log that is copied; nobody writes it meanwhile. */
  readonly source: SqliteLogReader;
  /** Where its commands are appended again. */
  readonly target: Pick<EventLog, 'append' | 'findCommand'>;
  /** What the target then holds, in its order. */
  readonly feed: Feed;
  /** Where the sequence of the target is kept, and a reader of it. */
  readonly database: Database;
  readonly sequence: EventLogReader;
  /** The part of the sequencer, which nobody else may play meanwhile. */
  readonly role: Role;
  readonly onProgress?: (stage: 'compare' | 'copy' | 'verify', done: number, all: number) => void;
}

export interface Copied {
  readonly events: number;
  /** RFC 6962 root (hex) over all bytes, the same in source and target. */
  readonly root: string;
  /** Position after which this run went on. */
  readonly resumedAfter: number;
}

/** Events appended before they are sequenced and compared. */
const STRETCH = 2_000;
/** Events compared at once while looking for the first that differs. */
const PAGE = 1_000;

const differs = (position: number, detail: string): CliFailure =>
  new CliFailure(
    `Đích đã chứa thứ khác với nhật ký này, từ vị trí ${position}: ${detail}. Dùng KurrentDB và PostgreSQL trống, ` +
      'hoặc đúng cặp mà lần chạy trước đã ghi.',
    `The target holds something else than this log, from position ${position}: ${detail}. Use an empty KurrentDB and ` +
      'PostgreSQL, or the very pair that the run before wrote.',
    EXIT.findings,
  );

/**
 * Copies a log into a store with a sequencer: order, ids and bytes unchanged, one command after another, each with
 * its marker. It goes on where an earlier run ended, wherever that was, and ends with a check of everything. Throws
 * `CliFailure` when the target holds something else, or a log can not be copied.
 */
export async function copyLog(given: CopyLog): Promise<Copied> {
  const { source, onProgress = () => undefined } = given;
  const all = await source.head();
  const copy: Copy = {
    ...given,
    onProgress,
    all,
    sequencer: createSequencer(given),
    copied: { tree: new Frontier() },
  };
  try {
    const resumedAfter = await resume(copy);
    await append(copy, resumedAfter);
    return { ...(await verify(copy)), resumedAfter };
  } catch (cause) {
    throw explainTarget(cause);
  }
}

interface Copy extends CopyLog {
  readonly onProgress: NonNullable<CopyLog['onProgress']>;
  readonly all: number;
  readonly sequencer: Sequencer;
  /** The tree over the source as far as it stands in the target. */
  readonly copied: { tree: Frontier };
}

/** Brings the sequence to the head of the target and compares it with the source; gives how far they agree. */
async function resume(copy: Copy): Promise<number> {
  await toHead(copy);
  const { size } = await sequenceTree(copy.database);
  if (size > copy.all) throw differs(copy.all + 1, `${size} events instead of ${copy.all}`);
  for (const events of pages(copy.source, size)) {
    for (const { envelope } of events) copy.copied.tree.push(leafHash(envelope));
    copy.onProgress('compare', copy.copied.tree.size, size);
  }
  await compare(copy);
  await requireMarker(copy, size);
  return size;
}

async function append(copy: Copy, after: number): Promise<void> {
  let waiting = 0;
  for (const command of commandsOf(copy.source, after)) {
    await appendOne(copy, command);
    for (const { envelope } of command.events) copy.copied.tree.push(leafHash(envelope));
    waiting += command.events.length;
    if (waiting < STRETCH && command.position < copy.all) continue;
    waiting = 0;
    await copy.role.renew();
    await toHead(copy);
    await compare(copy);
    copy.onProgress('copy', command.position, copy.all);
  }
}

async function appendOne(
  { target }: Copy,
  { append: asked, events, position }: LoggedCommand,
): Promise<void> {
  const [first] = events;
  const answer = await target.append(asked);
  if (answer.kind === 'conflict')
    throw differs(first?.position ?? position, `${answer.stream} stands at ${answer.actual}`);
}

async function verify({ database, all, copied, onProgress }: Copy): Promise<Omit<Copied, 'resumedAfter'>> {
  const check = verifySequence(database, ({ position }) => {
    if (position % PAGE === 0 || position === all) onProgress('verify', position, all);
  });
  const first = await check.next();
  if (!first.done) throw differs(first.value.position, `${first.value.code}: ${first.value.detail}`);
  const { events, root } = first.value;
  const expected = hashHex(copied.tree.root());
  if (events !== all || root !== expected)
    throw differs(all, `${events} events with root ${root} instead of ${all} with ${expected}`);
  return { events, root };
}

/** Places all that the target holds. */
async function toHead({ sequencer }: Copy): Promise<void> {
  // Bounded by the target: nobody else writes it, and every page moves on.
  for (let more = true; more;) more = !(await sequencer.step()).atHead;
}

/** The sequence must be the part of the source that was copied, byte for byte. */
async function compare(copy: Copy): Promise<void> {
  const { size, root } = await sequenceTree(copy.database);
  const { tree } = copy.copied;
  if (size === tree.size && root === hashHex(tree.root())) return;
  throw await firstDifference(copy, Math.max(size, tree.size));
}

async function firstDifference({ source, sequence }: Copy, through: number): Promise<CliFailure> {
  for (let after = 0; after < through; after += PAGE) {
    const there = (await sequence.readAll({ after, limit: PAGE })).events;
    for (const [at, event] of source.readPage(after, PAGE).entries()) {
      const other = there[at];
      if (other?.envelope !== event.envelope)
        return differs(
          event.position,
          other === undefined
            ? 'nothing'
            : `${other.stream}@${other.revision} instead of ${event.stream}@${event.revision}`,
        );
    }
    if (there.length < PAGE) break;
  }
  return differs(through, 'an event too many');
}

/**
 * What stands there must have come command by command, each with its marker, else a retry of a command would be
 * carried out again. Appends are atomic, so the last one tells.
 */
async function requireMarker({ source, target }: Copy, size: number): Promise<void> {
  if (size === 0) return;
  const [last, next] = source.readPage(size - 1, 2).map((event) => parseEnvelope(event).commandId);
  if (last === undefined || last === next) throw differs(size, 'a part of a command');
  if ((await target.findCommand(last)).length === 0) throw differs(size, 'events without their command');
}

function* pages(source: SqliteLogReader, through: number) {
  for (let after = 0; after < through; after += PAGE)
    yield source.readPage(after, Math.min(PAGE, through - after));
}
