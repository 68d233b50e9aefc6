import { everything } from '#access';
import { bankKind, holdLines, matchAccount, readBankSide, readReconciliation } from '#banking';
import { PAGE_MAX } from '#event-log';
import { type BookEvent, postingsOf } from '#funds';
import { parseEnvelope } from '#platform';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACCOUNT, type BankWorld, type MadeLine, bankWorld, statementText } from '../support/bank.ts';

const SCOPE = everything('ke-toan');
const ASK = { scope: SCOPE, account: ACCOUNT, actor: 'ke-toan' };
const DAYS = ['2026-03-01', '2026-03-02', '2026-03-05', '2026-03-31'] as const;
const RULES = ['reference', 'reference-sum', 'name', 'amount-day'] as const;

async function withWorld<T>(work: (world: BankWorld) => Promise<T>): Promise<T> {
  const world = await bankWorld();
  try {
    return await work(world);
  } finally {
    await world.close();
  }
}

const day = fc.constantFrom(...DAYS);
const amount = fc.integer({ min: 1, max: 4 });
const lineMade = fc.record({
  day,
  amount: fc.integer({ min: -3, max: 4 }).filter((one) => one !== 0),
  text: fc.constantFrom('ung ho', 'PT-000001', 'PT 000002 khac', 'phi'),
});
/** What people and rules do to an account, one after another; `at` chooses among what is there. */
const action = fc.record({
  what: fc.constantFrom('gift', 'rules', 'hold', 'pair', 'undo', 'split', 'interest'),
  at: fc.nat(9),
  day,
  amount,
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const byDay = (lines: readonly MadeLine[]): MadeLine[] =>
  lines.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));

const gift = (world: BankWorld, value: number, effectiveOn: string): Promise<unknown> =>
  world.run('record-receipt', {
    fund: 'qbt-06',
    account: 'nh-1',
    source: 'voluntary',
    commodity: 'VND',
    amount: String(value),
    effectiveOn,
  });

const portsOf = async (world: BankWorld) => ({
  log: world.log,
  ledger: world.ledger,
  vault: world.vault,
  context: await world.reads(),
});

/** One action on what stands there now; what is not possible is left, and refusals are the ledger's business. */
async function act(world: BankWorld, { what, at, day: on, amount: value }: Action): Promise<void> {
  if (what === 'gift') return void (await gift(world, value, on));
  if (what === 'rules') return void (await matchAccount(await portsOf(world), { ...ASK, rules: RULES }));
  if (what === 'hold') return void (await holdLines(await portsOf(world), ASK));
  const { side } = await readBankSide(await world.reads(), ASK);
  const open = (side?.units ?? []).filter(({ match }) => match === null);
  const unit = open[at % Math.max(1, open.length)];
  const on1 = { account: ACCOUNT, year: 2026 };
  if (what === 'undo') {
    const matches = [...(side?.matches.keys() ?? [])];
    const match = matches[at % Math.max(1, matches.length)];
    if (match !== undefined) await world.run('unmatch-bank-line', { ...on1, match, reason: 'nham' });
    return;
  }
  if (!unit) return;
  if (what === 'split') {
    const size = unit.amount < 0n ? -unit.amount : unit.amount;
    if (size > 1n && unit.unit === unit.line)
      await world.tell('split-bank-line', { ...on1, line: unit.line, parts: ['1', String(size - 1n)] });
    return;
  }
  if (what === 'interest') {
    const body = { ...on1, line: unit.unit, fund: 'qbt-06', effectiveOn: unit.day };
    await world.tell('book-bank-interest', body);
    return;
  }
  const entry = (side?.entries ?? []).find(
    (one) => one.match === null && one.amount === unit.amount && one.direction === 'in',
  );
  if (!entry) return;
  const { match: _, ...said } = entry;
  const matched = { entry: said.entry, fund: said.fund, direction: said.direction, day: said.day };
  const matches = [
    { lines: [unit.unit], entries: [{ ...matched, amount: String(said.amount) }], rule: null },
  ];
  await world.tell('match-bank-lines', { ...on1, matches });
}

/** Bank, book and their difference out of the log alone: no read model, no code of the statement. */
async function fromLog(world: BankWorld, on: string): Promise<{ bank: bigint; book: bigint; open: bigint }> {
  const { events } = await world.log.readAll({ limit: PAGE_MAX });
  const parsed = events.map(parseEnvelope);
  let [bank, book] = [0n, 0n];
  const state = parsed
    .filter(({ stream }) => stream === `bank-${ACCOUNT}-2026`)
    .reduce(bankKind.evolve, bankKind.initial(`bank-${ACCOUNT}-2026`));
  // By entry: what the asset account of the books says of it, and its day.
  const entries = new Map<string, { readonly day: string; readonly amount: bigint }>();
  for (const event of parsed) {
    if (!event.stream.startsWith('book-')) continue;
    const moved = postingsOf(event as unknown as BookEvent)
      .filter(({ account }) => account === 'asset/qbt-06/nh-1')
      .reduce((sum, posting) => sum + posting.amount, 0n);
    if (moved !== 0n) entries.set(event.id, { day: event.effectiveOn, amount: moved });
  }
  for (const one of entries.values()) if (one.day <= on) book += one.amount;
  let open = 0n;
  const settled = new Map<string, bigint>();
  for (const [unit, { amount: size, direction, day: of }] of state.units) {
    if (of > on) continue;
    const signed = direction === 'in' ? size : -size;
    bank += signed;
    const match = state.matchOfUnit.get(unit);
    if (match === undefined) open += signed;
    else settled.set(match, (settled.get(match) ?? 0n) + signed);
  }
  for (const [id, { day: of, amount: moved }] of entries) {
    if (of > on) continue;
    const match = state.matchOfEntry.get(id);
    if (match === undefined) open -= moved;
    else settled.set(match, (settled.get(match) ?? 0n) - moved);
  }
  // A match that is not whole by the day is open on the side that has happened.
  for (const rest of settled.values()) open += rest;
  return { bank, book, open };
}

test('bank = book ± items over random histories: by the statement, by the log, and by what was made', async () => {
  const history = fc.record({
    lines: fc.array(lineMade, { maxLength: 9 }),
    actions: fc.array(action, { maxLength: 10 }),
    on: day,
  });
  await fc.assert(
    fc.asyncProperty(history, async ({ lines, actions, on }) => {
      await withWorld(async (world) => {
        const sorted = byDay(lines);
        if (sorted.length > 0) await world.importText(statementText(sorted));
        for (const one of actions) await act(world, one);
        const found = await readReconciliation(await world.reads(), { scope: SCOPE, account: ACCOUNT, on });
        if (!found) throw new Error('there is a reconciliation');
        const { bank, book, items, listed, difference } = found.statement;
        const told = await fromLog(world, on);
        const made = sorted.filter((one) => one.day <= on).reduce((sum, one) => sum + one.amount, 0);
        expect([bank, told.bank]).toStrictEqual([BigInt(made), BigInt(made)]);
        expect(told.book).toBe(book);
        expect(told.open).toBe(bank - book);
        expect(listed).toBe(bank - book);
        expect(items.reduce((sum, item) => sum + item.amount, 0n)).toBe(listed);
        expect(difference).toBe(0n);
        // Each line and entry stands in the list once at most.
        expect(new Set(items.map(({ kind, id }) => `${kind} ${id}`)).size).toBe(items.length);
      });
    }),
    { numRuns: 30 },
  );
});

test('import order and repetition do not matter to what everything comes to in the end', async () => {
  const history = fc.record({
    lines: fc.array(lineMade, { minLength: 1, maxLength: 8 }),
    gifts: fc.array(fc.record({ day, amount }), { maxLength: 4 }),
    spans: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 3 }),
    order: fc.array(fc.nat(9), { maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(history, async ({ lines, gifts, spans, order }) => {
      const sorted = byDay(lines);
      const fileOf = (from: string, to: string): string[] => {
        const covered = sorted.filter((one) => one.day >= from && one.day <= to);
        const opening = sorted.filter((one) => one.day < from).reduce((sum, one) => sum + one.amount, 0);
        return covered.length === 0 ? [] : [statementText(covered, { opening })];
      };
      const whole = fileOf(DAYS[0], DAYS[3]);
      const parts = spans.flatMap(([a, b]) => fileOf(DAYS[Math.min(a, b)] ?? '', DAYS[Math.max(a, b)] ?? ''));
      const comesTo = (files: readonly string[]): Promise<unknown> =>
        withWorld(async (world) => {
          for (const one of gifts) await gift(world, one.amount, one.day);
          for (const file of files) expect((await world.importText(file)).refusal).toBeNull();
          await matchAccount(await portsOf(world), { ...ASK, rules: RULES });
          await holdLines(await portsOf(world), ASK);
          const { side } = await readBankSide(await world.reads(), ASK);
          const units: string[] = [];
          for (const unit of side?.units ?? []) {
            const rule = unit.match === null ? 'open' : side?.matches.get(unit.match)?.rule;
            const text = await world.vault.get(unit.narrative ?? '');
            units.push(`${unit.day} ${unit.amount} ${text} ${rule}`);
          }
          const figures = [];
          for (const on of DAYS) {
            const { bank, book, open } = await fromLog(world, on);
            figures.push([on, bank, book, open]);
          }
          return { units: units.toSorted(), figures };
        });
      const all = [...parts, ...whole];
      const shuffled = [...order.map((at) => all[at % all.length] ?? ''), ...all.toReversed()];
      expect(await comesTo(shuffled)).toStrictEqual(await comesTo(whole));
    }),
    { numRuns: 25 },
  );
});
