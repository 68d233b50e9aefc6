// Run by `npm run faults`: the long campaign. `--rounds N`, `--seed N`, `--format json`.
import { parseArgs } from 'node:util';
import { killNine } from './kill-nine.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string' },
    format: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
process.stderr.write(`seed ${seed}\n`);
const row = await killNine({
  rounds: Number(values.rounds),
  seed,
  progress: (message) => process.stderr.write(`${message}\n`),
});
if (values.format === 'json') process.stdout.write(`${JSON.stringify({ seed, rows: [row] })}\n`);
else console.table([row]);
process.exitCode = row.lost + row.duplicated + row.phantom === 0 ? 0 : 1;
