/**
 * `npm run judges -- --histories 1000 --seed 1`: for random histories, the balances of every account that hledger, ledger
 * and beancount find in our export, against ours, at the end of the year and in the middle of it. Prints a table; exit
 * code 1 when any differs or a program is missing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { type ToolName, profiles } from '#books';
import { exported, projectedHistories } from './histories.ts';
import { type AccountingJudge, accountingJudge } from './judge.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    events: { type: 'string', default: '70' },
  },
});
const [histories, seed, eventsEach] = [Number(values.histories), Number(values.seed), Number(values.events)];
/** Histories of one call of a program: starting it costs more than a history. */
const BATCH = 50;
const TOOLS: readonly ToolName[] = ['hledger', 'ledger', 'beancount'];
const DAYS = [undefined, '2025-06-30'] as const;

interface Tally {
  readonly tool: ToolName;
  readonly profile: string;
  histories: number;
  balances: number;
  differing: number;
  seconds: number;
}

const judges = new Map<ToolName, AccountingJudge>();
for (const tool of TOOLS) {
  const judge = accountingJudge(tool);
  if (judge === undefined) {
    process.stderr.write(`✗ Không có ${tool} / ${tool} is missing\n`);
    process.exit(1);
  }
  judges.set(tool, judge);
}

const tallies: Tally[] = TOOLS.flatMap((tool) =>
  profiles.map(({ name: profile }) => ({
    tool,
    profile,
    histories: 0,
    balances: 0,
    differing: 0,
    seconds: 0,
  })),
);
const folder = mkdtempSync(join(tmpdir(), 'lalanh-judges-'));
let events = 0;
try {
  for (let from = 0; from < histories; from += BATCH) {
    const seeds = Array.from({ length: Math.min(BATCH, histories - from) }, (_, i) => seed + from + i);
    const file = join(folder, `${from}.db`);
    const context = await projectedHistories(seeds, eventsEach, file);
    events += context.events;
    for (const tally of tallies)
      for (const effectiveThrough of DAYS) {
        const options = effectiveThrough === undefined ? {} : { effectiveThrough };
        const { journal, balances } = await exported(context, tally.tool, tally.profile, options);
        const started = performance.now();
        const finding = judges.get(tally.tool)?.(journal);
        tally.seconds += (performance.now() - started) / 1000;
        if (effectiveThrough === undefined) tally.histories += seeds.length;
        tally.balances += Object.keys(balances).length;
        if (isDeepStrictEqual(finding, { ok: true, balances })) continue;
        tally.differing += 1;
        const said = finding?.ok === false ? finding.said : JSON.stringify(finding);
        process.stderr.write(
          `✗ ${tally.tool}, ${tally.profile}, seeds ${seeds[0]} … ${seeds.at(-1)}: ${said?.slice(0, 2_000)}\n`,
        );
      }
    await context.close();
    rmSync(file);
    process.stderr.write(`• ${from + seeds.length} / ${histories}\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

process.stdout.write(`${events} sự kiện / events, seed ${seed}\n`);
process.stdout.write(
  'program    profile     histories   balances   batches that differ   seconds of the program\n',
);
for (const { tool, profile, ...tally } of tallies)
  process.stdout.write(
    `${tool.padEnd(10)} ${profile.padEnd(11)} ${String(tally.histories).padStart(9)} ${String(tally.balances).padStart(10)} ` +
      `${String(tally.differing).padStart(21)} ${tally.seconds.toFixed(1).padStart(24)}\n`,
  );
process.exitCode = tallies.some(({ differing }) => differing > 0) ? 1 : 0;
