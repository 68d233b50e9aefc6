// The double as a process of its own: `--host ADDRESS --port N --version 26.1.0 --nodes 1`. It prints its URL as one line of JSON
// and takes orders on its standard input, one JSON document a line: `{"on":"append","fault":"silent","times":2}`,
// `{"drop":true}`, `{"repeat":2}`, `{"elect":1}`, `{"restart":true}`. It ends with its input or on SIGTERM.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Order, openKurrentDouble } from './index.ts';
import type { Told } from './process.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    version: { type: 'string' },
    nodes: { type: 'string', default: '1' },
    detached: { type: 'boolean', default: false },
  },
});
const double = await openKurrentDouble({
  nodes: Number(values.nodes),
  ...(values.port !== undefined && { port: Number(values.port) }),
  ...(values.host !== undefined && { host: values.host }),
  ...(values.version !== undefined && { version: values.version }),
});
process.stdout.write(`${JSON.stringify({ url: double.url, ports: double.ports })}\n`);

const obey = async (told: Told | Order): Promise<void> => {
  if ('on' in told) return double.order(told);
  if (told.drop === true) double.dropSubscriptions();
  if (told.repeat !== undefined) double.repeat(told.repeat);
  if (told.elect !== undefined) double.elect(told.elect);
  if (told.restart === true) await double.restart();
};

const end = async (): Promise<void> => {
  await double.close();
  process.exit(0);
};
process.on('SIGTERM', () => void end());
if (!values.detached) {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    obey(JSON.parse(line) as Told | Order).then(
      () => process.stdout.write('{"done":true}\n'),
      (error: unknown) => process.stdout.write(`${JSON.stringify({ failed: String(error) })}\n`),
    );
  });
  lines.on('close', () => void end());
}
