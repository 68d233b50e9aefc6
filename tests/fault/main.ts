// Run by `npm run faults`: the long campaign. `--list`, `--only NAME,…`, `--rounds N`, `--seed N`, `--format json`.
import { parseArgs } from 'node:util';
import { type FaultRow, isBorne } from './fault.ts';
import { faults } from './table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string' },
    format: { type: 'string', default: 'table' },
    list: { type: 'boolean', default: false },
  },
});
const say = (message: string): void => void process.stderr.write(`${message}\n`);

/** Ends with what is wrong with the options and what would be right. */
const refuse = (vietnamese: string, english: string): never => {
  say(`✗ ${vietnamese}\n  ${english}`);
  process.exit(2);
};
const wholeNumber = (name: string, text: string, least: number): number =>
  /^\d{1,9}$/.test(text) && Number(text) >= least
    ? Number(text)
    : refuse(`--${name} phải là số nguyên từ ${least}.`, `--${name} must be a whole number from ${least}.`);

const names = values.only.flatMap((list) => list.split(',')).filter((name) => name !== '');
const unknown = names.find((name) => !faults.some((fault) => fault.name === name));
if (unknown !== undefined)
  refuse(
    `Không có lỗi “${unknown}”; xem --list.`,
    `There is no fault ${unknown}; see --list. There are: ${faults.map(({ name }) => name).join(', ')}.`,
  );
const chosen = faults.filter(({ name }) => names.length === 0 || names.includes(name));
const asked = values.rounds === undefined ? undefined : wholeNumber('rounds', values.rounds, 1);
const isJson = values.format === 'json';

if (values.list) {
  const list = chosen.map(({ name, shape, rounds, does, missing }) => ({
    name,
    shape,
    rounds,
    does,
    missing: missing?.() ?? null,
  }));
  if (isJson) process.stdout.write(`${JSON.stringify({ faults: list })}\n`);
  else console.table(list);
  process.exit(0);
}

const seed = values.seed === undefined ? Date.now() % 2 ** 30 : wholeNumber('seed', values.seed, 0);
say(`seed ${seed}`);
const rows: FaultRow[] = [];
for (const fault of chosen) {
  const missing = fault.missing?.();
  if (missing !== undefined) {
    say(`${fault.name}: không làm được ở đây / cannot be done here: ${missing}`);
    // Asked for by name, so its absence must not pass for success.
    if (names.length > 0) process.exitCode = 1;
    continue;
  }
  const row = await fault.run({ rounds: asked ?? fault.rounds, seed, progress: say });
  rows.push(row);
  for (const { invariant, detail } of row.violations) say(`✗ ${fault.name}: ${invariant}: ${detail}`);
}
if (isJson) process.stdout.write(`${JSON.stringify({ seed, rows })}\n`);
else
  console.table(
    rows.map(({ violations, figures, ...row }) => ({
      ...row,
      violations: violations.length,
      figures: Object.entries(figures)
        .map(([name, figure]) => `${name} ${figure}`)
        .join(', '),
    })),
  );
if (!rows.every(isBorne)) process.exitCode = 1;
