// Run by `npm run bench:distributed`: the distributed shape beside the embedded one and bare clients. `--quick`, `--format json`.
import { parseArgs } from 'node:util';
import { commit, machine, reaches } from '../../../apps/cli/bench/figures.ts';
import { QUICK, WHOLE, benchDistributed } from './index.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, format: { type: 'string', default: 'table' } },
});
const rows = await benchDistributed({
  ...(values.quick ? QUICK : WHOLE),
  progress: (message) => process.stderr.write(`• ${message}\n`),
});
const report = { machine: machine(), commit: commit(), rows };
if (values.format === 'json') process.stdout.write(`${JSON.stringify(report)}\n`);
else
  console.table(
    rows.map((row) => ({ ...row, reached: { true: '✓', false: '✗', null: '' }[`${reaches(row)}`] })),
  );
process.exit(0);
