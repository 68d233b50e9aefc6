// Run by `npm run conformance`: every adapter against every case, and every broken twin against the case that must
// catch it. `--format json`; `--only NAME` for the adapters whose name contains it.
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import {
  CONFORMANCE_CASES,
  type Control,
  type Row,
  runCase,
  runControls,
} from '../../libs/event-log/conformance/index.ts';
import { DOUBLES, DOUBLE_PROVES, EMBEDDED, serverAdapter } from './adapters.ts';
import { findServer } from './server.ts';

const { values } = parseArgs({ options: { format: { type: 'string' }, only: { type: 'string' } } });
const say = (text: string): boolean => process.stderr.write(`${text}\n`);

const server = await findServer();
const known = [...EMBEDDED, ...DOUBLES, ...('url' in server ? [serverAdapter(server.url)] : [])];
const adapters = known.filter(({ name }) => name.includes(values.only ?? ''));

const rows: Row[] = [];
for (const adapter of adapters) {
  say(`${adapter.name}: ${CONFORMANCE_CASES.length} cases${adapter.proves ? ` (${adapter.proves})` : ''}`);
  for (const one of CONFORMANCE_CASES) rows.push(await runCase(adapter, one));
}
const controls = await runControls();
if ('missing' in server) say(`KurrentDB, server: ${server.missing}`);
else await server.stop();

const SIGNS = { passed: '✓', failed: '✗', skipped: '–' } as const;

const show = (of: readonly Row[], twins: readonly Control[]): string => {
  const table = new Table({
    head: ['', ...adapters.map(({ name }) => name)],
    style: { head: [], border: [] },
    wordWrap: true,
    colWidths: [60, ...adapters.map(() => 13)],
  });
  for (const { group, title } of CONFORMANCE_CASES)
    table.push([
      `${group}: ${title}`,
      ...adapters.map(({ name }) => {
        const row = of.find((one) => one.adapter === name && one.case === title);
        return SIGNS[row?.result ?? 'failed'];
      }),
    ]);
  const reasons = new Set(
    of.flatMap(({ adapter, result, why }) => (result === 'skipped' ? [`– ${adapter}: ${why}`] : [])),
  );
  const failures = of.flatMap((one) =>
    one.result === 'failed' ? [`✗ ${one.adapter}, ${one.group}: ${one.case}\n${one.why}`] : [],
  );
  const caught = twins.map(
    ({ fault, caughtBy, result }) =>
      `${result === 'caught' ? '✓' : '✗'} a store that ${fault}: ${result} by “${caughtBy}”`,
  );
  return [
    table.toString(),
    ...reasons,
    ...failures,
    '',
    'Negative controls, which have to fail their case:',
    ...caught,
    '',
    `Of the double: ${DOUBLE_PROVES}.`,
    'missing' in server ? `KurrentDB, server: ${server.missing}` : `KurrentDB, server: ${server.url}`,
    '',
  ].join('\n');
};

const text =
  values.format === 'json'
    ? `${JSON.stringify({
        rows,
        controls,
        notes: { double: DOUBLE_PROVES, ...('missing' in server && { server: server.missing }) },
      })}\n`
    : show(rows, controls);
const bad =
  rows.some(({ result }) => result === 'failed') || controls.some(({ result }) => result !== 'caught');
// The client's native part and its channels would keep the process for a while.
process.stdout.write(text, () => process.exit(bad ? 1 : 0));
