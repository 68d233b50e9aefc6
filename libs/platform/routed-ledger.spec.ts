import { type Result, ok, refuse } from '#kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ledger, Outcome } from './ledger.ts';
import type { Member } from './members.ts';
import type { Command } from './prepare.ts';
import { type Forward, ownerOf, routedLedger } from './routed-ledger.ts';

const member = (instance: string, epoch = 1n): Member => ({ instance, address: `http://${instance}`, epoch });
const MEMBERS = ['a', 'b', 'c', 'd'].map((name) => member(name));
const KEYS = Array.from({ length: 2_000 }, (_, at) => `fund quy-${at}`);

describe('given keys and members', () => {
  it('each member has about its share', () => {
    const owned = Map.groupBy(KEYS, (key) => ownerOf(key, MEMBERS)?.instance ?? '');
    const shares = MEMBERS.map(({ instance }) => (owned.get(instance)?.length ?? 0) / KEYS.length);
    expect(shares.every((share) => share > 0.2 && share < 0.3)).toBe(true);
  });

  it('only the keys of a member that goes move, and everybody agrees whatever order they know', () =>
    fc.assert(
      fc.property(fc.shuffledSubarray(MEMBERS, { minLength: 2 }), fc.string(), (members, key) => {
        const owner = ownerOf(key, members);
        expect(ownerOf(key, members.toReversed())).toBe(owner);
        for (const gone of members) {
          if (gone === owner) continue;
          const left = members.filter((each) => each !== gone);
          expect(ownerOf(key, left)).toBe(owner);
        }
      }),
    ));

  it('nobody owns anything where nobody is', () => {
    expect(ownerOf('fund quy-1', [])).toBe(undefined);
  });
});

const outcomeOf = (by: string, { key }: Command): Outcome =>
  ok({ commandId: `${by} ${key}`, events: [], position: null, duplicate: false });
const byOf = (outcome: Result<{ readonly commandId: string }, unknown>): string =>
  outcome.ok ? outcome.value.commandId : 'refused';
const command = (fund: string, key: string): Command => ({
  handler: 'put',
  key,
  body: { fund },
  actor: 'ke-toan',
});

/** A ledger named `a` among others; what it decides and forwards is noted. */
function given(
  members: readonly Member[],
  answer: Forward = async (to, of) => of.map((c) => outcomeOf(to.instance, c)),
) {
  const known = { members, refreshes: 0 };
  const sent: { to: string; keys: string[] }[] = [];
  const stats = { inFlight: 0, states: 0, conflicts: 0, stalledSeconds: 0 };
  const local: Ledger = {
    execute: async (one) => outcomeOf('a', one),
    executeMany: async (many) => many.map((one) => outcomeOf('a', one)),
    stats: () => stats,
    close: async () => undefined,
  };
  const ledger = routedLedger(local, {
    members: {
      self: member('a'),
      current: () => known.members,
      refresh: async () => void (known.refreshes += 1),
    },
    routeKeyOf: ({ body }) => (body as { fund?: string }).fund,
    forward: (to, commands) => {
      sent.push({ to: to.instance, keys: commands.map(({ key }) => key) });
      return answer(to, commands);
    },
  });
  return { ledger, known, sent };
}
const fundOf = (instance: string, members: readonly Member[]): string =>
  KEYS.find((key) => ownerOf(key, members)?.instance === instance) ?? '';

describe('given a ledger among several', () => {
  const [a, b, c] = MEMBERS.map(({ instance }) => fundOf(instance, MEMBERS)) as [
    string,
    string,
    string,
    string,
  ];

  it('decides its own share, and hands the rest to its owners', async () => {
    const { ledger, sent } = given(MEMBERS);
    const outcomes = await Promise.all([a, b, c].map((fund) => ledger.execute(command(fund, 'k'))));
    expect(outcomes.map(byOf)).toStrictEqual(['a k', 'b k', 'c k']);
    expect(sent.map(({ to }) => to)).toStrictEqual(['b', 'c']);
    expect(ledger.forwarded()).toBe(2);
  });

  it('decides everything where it is alone, and what has no key', async () => {
    const alone = given([member('a')]);
    expect(byOf(await alone.ledger.execute(command(b, 'k')))).toBe('a k');
    const among = given(MEMBERS);
    expect(byOf(await among.ledger.execute({ ...command(b, 'k'), body: {} }))).toBe('a k');
    expect([...alone.sent, ...among.sent]).toStrictEqual([]);
  });

  it('sends a batch in one request an owner, in its order, and puts the answers in their places', async () => {
    const { ledger, sent } = given(MEMBERS);
    const funds = [b, a, c, b, a, b];
    const outcomes = await ledger.executeMany(funds.map((fund, at) => command(fund, String(at))));
    expect(outcomes.map(byOf)).toStrictEqual(['b 0', 'a 1', 'c 2', 'b 3', 'a 4', 'b 5']);
    expect(sent).toStrictEqual([
      { to: 'b', keys: ['0', '3', '5'] },
      { to: 'c', keys: ['2'] },
    ]);
  });

  it('sends the next batch to an owner only after the answer to the one before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { ledger, sent } = given(MEMBERS, async (to, commands) => {
      await promise;
      return commands.map((one) => outcomeOf(to.instance, one));
    });
    const first = ledger.executeMany([command(b, '1')]);
    const second = ledger.executeMany([command(b, '2')]);
    await new Promise((turn) => setImmediate(turn));
    expect(sent.map(({ keys }) => keys)).toStrictEqual([['1']]);
    resolve();
    await Promise.all([first, second]);
    expect(sent.map(({ keys }) => keys)).toStrictEqual([['1'], ['2']]);
  });

  it('gives the owner’s refusal as it is', async () => {
    const { ledger } = given(MEMBERS, async () => [refuse('FULL')]);
    expect(await ledger.execute(command(b, 'k'))).toStrictEqual(refuse('FULL'));
  });
});

describe('given an owner that does not answer', () => {
  const b = fundOf('b', MEMBERS);
  const silent: Forward = () => Promise.reject(new Error('no answer'));

  it('decides here with the same key, looks who is there, and does not ask it again for a while', async () => {
    const { ledger, known, sent } = given(MEMBERS, silent);
    expect(byOf(await ledger.execute(command(b, 'k1')))).toBe('a k1');
    expect(byOf(await ledger.execute(command(b, 'k2')))).toBe('a k2');
    expect(known.refreshes).toBe(1);
    expect(sent.map(({ keys }) => keys)).toStrictEqual([['k1']]);
  });

  it('asks it again when it has started anew', async () => {
    const { ledger, known, sent } = given(MEMBERS, silent);
    await ledger.execute(command(b, 'k1'));
    known.members = MEMBERS.map((each) => (each.instance === 'b' ? member('b', 2n) : each));
    await ledger.execute(command(b, 'k2'));
    expect(sent.map(({ keys }) => keys)).toStrictEqual([['k1'], ['k2']]);
  });

  it('its share is another’s once it is gone', async () => {
    const { ledger, known } = given(MEMBERS);
    known.members = MEMBERS.filter(({ instance }) => instance !== 'b');
    const heir = ownerOf(b, known.members)?.instance ?? '';
    expect(byOf(await ledger.execute(command(b, 'k')))).toBe(`${heir} k`);
  });
});
