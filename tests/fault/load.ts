import { setTimeout as sleep } from 'node:timers/promises';
import { type Acknowledged, type Entry, type Journal, type Settled, send } from './journal.ts';
import type { Random } from './random.ts';

export const FUNDS = ['fault-06', 'fault-08'] as const;
export const YEAR = 2024;
const ACCOUNTANT = 'ke-toan';
const APPROVER = 'nguoi-duyet';
/** Milliseconds a client rests after a command that was not answered, so that a dead server is not hammered. */
const REST_MS = 20;
/** Milliseconds one read of a client may take. */
const READ_MS_MAX = 5_000;
/** A client that gives up waiting does so within this many milliseconds. */
const IMPATIENCE_MS_MAX = 6;
/** Acknowledged commands from which retries are drawn. */
const RETRY_FROM = 200;

export interface Target {
  /** Where commands go now; it changes when a server is started again. */
  readonly base: () => string;
  /** Where clients read what they wrote; that of commands when absent. */
  readonly reads?: () => string;
  readonly journal: Journal;
}

/** Opens the books, donors and pledges that the load needs. Throws when they are refused. */
export const furnish = async (target: Target, random: Random): Promise<void> => {
  for (const fund of FUNDS)
    await insist(target, random, '/v1/books', {
      fund,
      year: YEAR,
      name: 'Fault',
      level: 'province',
      accounts: [{ account: 'nh-1', kind: 'bank' }],
      effectiveOn: `${YEAR}-01-01`,
    });
  await insist(target, random, '/v1/programmes', {
    programme: 'den-truong',
    name: 'Đến trường',
    effectiveOn: `${YEAR}-01-01`,
  });
};

const insist = async (target: Target, random: Random, path: string, body: unknown): Promise<void> => {
  const settled = await command(target, random, path, body);
  if (settled?.kind !== 'acknowledged') throw new Error(`${path} answered ${JSON.stringify(settled)}`);
};

/** One new command, sent once. */
export const command = (
  target: Target,
  random: Random,
  path: string,
  body: unknown,
  actor = ACCOUNTANT,
): Promise<Settled | undefined> =>
  send(
    target.base(),
    target.journal,
    target.journal.plan({ key: random.uuid(), path, actor, body: JSON.stringify(body) }),
  );

type Deed = (target: Target, random: Random) => Promise<unknown>;

const common = (random: Random) => ({
  fund: random.pick(FUNDS),
  effectiveOn: `${YEAR}-${String(random.between(1, 12)).padStart(2, '0')}-15`,
});

/** Body of a receipt; some with free text, which goes through the vault first. */
export const receipt = (random: Random): Readonly<Record<string, unknown>> => ({
  ...common(random),
  account: 'nh-1',
  source: 'voluntary',
  commodity: 'VND',
  amount: String(random.between(1_000, 1_000_000)),
  ...(random.chance(0.2) && { narrative: `Ủng hộ lần ${random.between(1, 1_000_000)}` }),
});

const give: Deed = async (target, random) => {
  const settled = await command(target, random, '/v1/receipts', receipt(random));
  if (settled?.kind === 'acknowledged' && random.chance(0.05)) await readOwnWrite(target, settled);
  return settled;
};

/** The whole way of a payment, so that more than one kind of event is in flight. */
const pay: Deed = async (target, random) => {
  const where = common(random);
  const entry = target.journal.plan({
    key: random.uuid(),
    path: '/v1/disbursements',
    actor: ACCOUNTANT,
    body: JSON.stringify({
      ...where,
      commodity: 'VND',
      amount: '1000',
      lines: [{ amount: '1000', children: 1 }],
    }),
  });
  const proposed = await send(target.base(), target.journal, entry);
  if (proposed?.kind !== 'acknowledged') return proposed;
  const [event] = proposed.events;
  const steps = `/v1/disbursements/${entry.key}`;
  const approval = { ...where, proposalHash: event?.hash };
  const approved = await command(target, random, `${steps}/approve`, approval, APPROVER);
  if (approved?.kind !== 'acknowledged') return approved;
  const paid = await command(target, random, `${steps}/pay`, { ...where, account: 'nh-1' });
  if (paid?.kind === 'acknowledged' && random.chance(0.5))
    await command(target, random, `${steps}/deliver`, where);
  return paid;
};

const setAside: Deed = (target, random) =>
  command(
    target,
    random,
    '/v1/allocations',
    {
      ...common(random),
      commodity: 'VND',
      amount: String(random.between(100, 5_000)),
      designation: { programme: 'den-truong' },
      proposedBy: ACCOUNTANT,
    },
    APPROVER,
  );

/** A promise and its first payment: an append over two streams. */
const promise: Deed = async (target, random) => {
  const pledge = `ck-${random.between(0, 2 ** 40)}`;
  const made = await command(target, random, '/v1/pledges', {
    ...common(random),
    pledge,
    commodity: 'VND',
    amount: '500000',
  });
  if (made?.kind !== 'acknowledged') return made;
  return command(target, random, '/v1/receipts', { ...receipt(random), pledge, amount: '1000' });
};

/** Three at once with one key: one is recorded, all get the same answer. */
const inParallel: Deed = async (target, random) => {
  const entry = target.journal.plan({
    key: random.uuid(),
    path: '/v1/receipts',
    actor: ACCOUNTANT,
    body: JSON.stringify(receipt(random)),
  });
  const all = [1, 2, 3].map(() => send(target.base(), target.journal, entry));
  return (await Promise.all(all)).find((settled) => settled !== undefined);
};

const leaveEarly: Deed = async (target, random) => {
  const entry = target.journal.plan({
    key: random.uuid(),
    path: '/v1/receipts',
    actor: ACCOUNTANT,
    body: JSON.stringify(receipt(random)),
  });
  await send(target.base(), target.journal, entry, { disconnect: random.between(0, IMPATIENCE_MS_MAX) });
  return { kind: 'left' };
};

/** Any recent command again, its key and body unchanged; it must be told what it was told first. */
const again: Deed = async ({ base, journal }, random) => {
  const recent = [...journal.entries.values()].slice(-RETRY_FROM);
  const entry = recent[random.between(0, recent.length - 1)];
  return entry === undefined ? undefined : send(base(), journal, entry);
};

/** More than any pool holds: refused, and it must leave nothing. */
const ask: Deed = (target, random) =>
  command(target, random, '/v1/disbursements', {
    ...common(random),
    commodity: 'VND',
    amount: '900000000000000',
    lines: [{ amount: '900000000000000', children: 1 }],
  });

const register: Deed = (target, random) =>
  command(target, random, '/v1/donors', {
    donor: `nt-${random.between(0, 2 ** 40)}`,
    kind: 'individual',
    name: `Nguyễn Văn ${random.between(1, 1_000_000)}`,
    effectiveOn: `${YEAR}-02-01`,
  });

/** What clients do and how often, in parts of the whole. */
const MIX: readonly (readonly [weight: number, deed: Deed])[] = [
  [50, give],
  [10, pay],
  [6, setAside],
  [6, promise],
  [6, register],
  [6, inParallel],
  [6, leaveEarly],
  [8, again],
  [2, ask],
];
const TOTAL = MIX.reduce((sum, [weight]) => sum + weight, 0);

const choose = (random: Random): Deed => {
  let left = random() * TOTAL;
  return MIX.find(([weight]) => (left -= weight) < 0)?.[1] ?? give;
};

export interface Load {
  /** Lets every client finish its deed; resolves when all have. */
  stop(): Promise<void>;
}

/** Starts clients that send without end. `name` makes their chance differ from that of other loads. */
export const startLoad = (target: Target, random: Random, name: string, clients = 16): Load => {
  let going = true;
  const all = Array.from({ length: clients }, async (_, index) => {
    const own = random.fork(`${name}/${index}`);
    while (going) if ((await choose(own)(target, own)) === undefined) await sleep(REST_MS);
  });
  return {
    stop: async () => {
      going = false;
      await Promise.all(all);
    },
  };
};

/** A maker reads: the balance includes what was acknowledged (I8), and the log holds it (read back for I1). */
const readOwnWrite = async (target: Target, { events, position }: Acknowledged): Promise<void> => {
  const { journal } = target;
  const base = (target.reads ?? target.base)();
  const last = events.at(-1);
  if (last === undefined) return;
  const signal = AbortSignal.timeout(READ_MS_MAX);
  try {
    const balances = `${base}/v1/balances/fund?atLeast=${encodeURIComponent(position ?? last.at)}`;
    const read = await fetch(balances, { signal });
    const answer = (await read.json()) as { readonly position: number };
    if (!read.ok || position === null) return;
    if (answer.position < position)
      journal.report({ invariant: 'I8', detail: `${last.id} is at ${position}, read at ${answer.position}` });
    const lines = await fetch(`${base}/v1/events?after=${position - 1}&limit=1`, { signal });
    const envelope = (await lines.text()).trimEnd();
    if (lines.ok) journal.readBack.push({ id: last.id, position, envelope });
  } catch {
    // The server went away under the read: nothing was said, so nothing is to be held against it.
  }
};

/** Commands that nobody knows the end of are sent again until they are settled or the time is over. */
export const settle = async (target: Target, withinMs: number): Promise<number> => {
  const end = performance.now() + withinMs;
  const { journal } = target;
  const before = journal.open().length;
  for (let open: readonly Entry[] = journal.open(); open.length > 0; open = journal.open()) {
    for (const entry of open) await send(target.base(), journal, entry);
    if (performance.now() > end) {
      const left = journal.open().length;
      if (left > 0) journal.report({ invariant: 'I11', detail: `${left} commands stay unsettled` });
      break;
    }
    if (journal.open().length > 0) await sleep(REST_MS);
  }
  return before;
};
