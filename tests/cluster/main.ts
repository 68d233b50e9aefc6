// Run by `npm run cluster`: the distributed shape on this machine, from real parts. Ctrl+C ends it in order.
//   --brokers 1|3  --ledgers N  --relays N  --projectors N  --reports N  --port N  --data <folder>
//   --show         puts load on it, kills a projector and replaces it, compares balances with a replay, and ends
//   KURRENTDB_URL  the log; without it the log is one SQLite file, which has exactly one ledger
//   --double       the log is the protocol double of KurrentDB, in memory: it shows our services, not KurrentDB
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ClusterLog, startCluster } from '../support/cluster/cluster.ts';
import { startDoubleProcess } from '../support/kurrent-double/process.ts';
import { show } from './show.ts';

const PORT_DEFAULT = 4606;

const { values } = parseArgs({
  options: {
    brokers: { type: 'string', default: '1' },
    ledgers: { type: 'string', default: '1' },
    relays: { type: 'string', default: '1' },
    projectors: { type: 'string', default: '2' },
    reports: { type: 'string', default: '1' },
    port: { type: 'string' },
    data: { type: 'string' },
    show: { type: 'boolean', default: false },
    double: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '12' },
  },
});
const say = (message: string): void => void process.stderr.write(`• ${message}\n`);
const double = values.double ? await startDoubleProcess() : undefined;
const url = double?.url ?? process.env['KURRENTDB_URL'];
const log: ClusterLog = url === undefined ? { kind: 'sqlite' } : { kind: 'kurrentdb', url };
// A show leaves nothing behind; a cluster to work with keeps its data.
// Neither does the double, which forgets.
const folder = values.data ?? (values.show || values.double ? undefined : 'data-cluster');
const port = values.port ?? (values.show ? undefined : PORT_DEFAULT);
const cluster = await startCluster({
  log,
  brokers: values.brokers === '3' ? 3 : 1,
  count: {
    ledger: Number(values.ledgers),
    relay: Number(values.relays),
    projector: Number(values.projectors),
    reports: Number(values.reports),
  },
  ...(folder !== undefined && { folder: resolve(folder) }),
  ...(port !== undefined && { port: Number(port) }),
  say,
});
const asked = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => asked.resolve());
try {
  if (values.show) {
    const shown = await Promise.race([
      show(cluster, { seconds: Number(values.seconds), say }),
      asked.promise,
    ]);
    process.exitCode = shown === true ? 0 : 1;
  } else {
    const store = double ? 'bản giả lập giao thức KurrentDB · protocol double of KurrentDB' : log.kind;
    say(`Lá Lành (${store}, Kafka, PostgreSQL): ${cluster.door}`);
    say(`Dữ liệu · data: ${cluster.folder}. Ctrl+C để dừng · to stop.`);
    await asked.promise;
  }
} finally {
  say('Đang dừng · stopping');
  await cluster.stop();
  await double?.stop();
}
process.exit();
