import { hash } from 'node:crypto';
import { refuse } from '#kernel';
import type { Ledger, Outcome } from './ledger.ts';
import type { Member, Members } from './members.ts';
import type { Command } from './prepare.ts';

/** Hands commands to another ledger, which decides them itself. Rejects where it does not answer in time. */
export type Forward = (to: Member, commands: readonly Command[]) => Promise<readonly Outcome[]>;

export interface Routing {
  readonly members: Pick<Members, 'self' | 'current' | 'refresh'>;
  readonly routeKeyOf: (command: Command) => string | undefined;
  readonly forward: Forward;
}

export interface RoutedLedger extends Ledger {
  /** Commands handed to another ledger since the start. */
  forwarded(): number;
}

/** Keys whose owner is remembered until the members change. */
const OWNERS_MAX = 50_000;
/** A ledger that did not answer is not asked again for so long, or until it starts anew. */
const SUSPECT_MS = 3_000;
/** Of a ledger that left an answer out, which is a fault of its program. */
const UNANSWERED: Outcome = refuse('LEDGER_UNAVAILABLE', { reason: 'UNANSWERED' });
/** Commands of one forwarded batch. */
export const FORWARD_COMMANDS_MAX = 1_000;

/** The member whose share a key is: rendezvous hashing, so that a change moves only the keys it must. */
export function ownerOf(key: string, members: readonly Member[]): Member | undefined {
  let owner: Member | undefined;
  let highest = '';
  for (const member of members) {
    const score = hash('sha256', `${member.instance}\n${key}`, 'hex');
    if (owner !== undefined && score <= highest) continue;
    owner = member;
    highest = score;
  }
  return owner;
}

const nameOf = ({ instance, epoch }: Member): string => `${instance} ${epoch}`;

/**
 * A ledger that decides what is its share and hands the rest to the ledgers whose share it is, so that the
 * state of a book is warm in one memory. Where an owner does not answer, the command is decided here: the
 * revisions that an append expects, and the log taking a command only once, keep that correct.
 *
 * Commands of one owner in one batch keep their order, as do the batches of one caller; commands of different
 * owners are decided side by side.
 */
export function routedLedger(local: Ledger, { members, routeKeyOf, forward }: Routing): RoutedLedger {
  let known: readonly Member[] = [];
  let owners = new Map<string, Member | undefined>();
  const suspects = new Map<string, number>();
  /** The last batch on its way to each ledger. */
  const lanes = new Map<string, Promise<unknown>>();
  let forwarded = 0;

  /** Undefined: this one. */
  const elsewhere = (command: Command): Member | undefined => {
    const current = members.current();
    if (current !== known || owners.size > OWNERS_MAX) {
      owners = new Map();
      known = current;
    }
    if (current.length < 2) return undefined;
    const key = routeKeyOf(command);
    if (key === undefined) return undefined;
    let owner = owners.get(key);
    if (owner === undefined) owners.set(key, (owner = ownerOf(key, current)));
    if (owner === undefined || owner.instance === members.self.instance) return undefined;
    const until = suspects.get(nameOf(owner));
    if (until === undefined) return owner;
    if (performance.now() < until) return undefined;
    suspects.delete(nameOf(owner));
    return owner;
  };

  const send = async (to: Member, commands: readonly Command[]): Promise<readonly Outcome[]> => {
    try {
      forwarded += commands.length;
      return await forward(to, commands);
    } catch {
      suspects.set(nameOf(to), performance.now() + SUSPECT_MS);
      // It may have left: then these are somebody else's now. Where nobody can tell, they are decided here.
      await members.refresh().catch(() => undefined);
      return local.executeMany(commands);
    }
  };
  const sendInOrder = async (to: Member, commands: readonly Command[]): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (let at = 0; at < commands.length; at += FORWARD_COMMANDS_MAX)
      outcomes.push(...(await send(to, commands.slice(at, at + FORWARD_COMMANDS_MAX))));
    return outcomes;
  };
  /** Batches to one ledger one after another: two requests may overtake each other. */
  const sendBatch = (to: Member, commands: readonly Command[]): Promise<readonly Outcome[]> => {
    const before = lanes.get(to.instance) ?? Promise.resolve();
    const sent = before.then(() => sendInOrder(to, commands));
    const lane = sent
      .catch(() => undefined)
      .finally(() => {
        if (lanes.get(to.instance) === lane) lanes.delete(to.instance);
      });
    lanes.set(to.instance, lane);
    return sent;
  };

  return {
    execute: async (command) => {
      const owner = elsewhere(command);
      if (owner === undefined) return local.execute(command);
      const [outcome] = await send(owner, [command]);
      return outcome ?? local.execute(command);
    },
    executeMany: async (commands) => {
      const shares = new Map<Member | undefined, number[]>();
      for (const [at, command] of commands.entries()) {
        const owner = elsewhere(command);
        const share = shares.get(owner);
        if (share) share.push(at);
        else shares.set(owner, [at]);
      }
      const outcomes = new Map<number, Outcome>();
      await Promise.all(
        [...shares].map(async ([owner, places]) => {
          const share = places.flatMap((at) => commands[at] ?? []);
          const answered = owner ? await sendBatch(owner, share) : await local.executeMany(share);
          for (const [index, at] of places.entries()) {
            const outcome = answered[index];
            if (outcome) outcomes.set(at, outcome);
          }
        }),
      );
      return commands.map((_command, at) => outcomes.get(at) ?? UNANSWERED);
    },
    stats: local.stats,
    forwarded: () => forwarded,
    close: local.close,
  };
}
