import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { Shared } from './shared.ts';

/**
 * One PostgreSQL and one Kafka broker for a whole test run, each started when the first spec asks for it and never
 * otherwise: specs run in processes of their own, so they ask over HTTP. Ends with the run, however that ends.
 */
type Name = keyof Shared;

const starters: { readonly [N in Name]: () => Promise<Started<N>> } = {
  postgres: async () => {
    const { startPostgres } = await import('./postgres.ts');
    // Nobody kills this one and looks what is left (such a spec starts its own), so it need not wait for the disk.
    const { url, stop } = await startPostgres({ settings: { fsync: 'off' } });
    return { shared: { url }, stop };
  },
  kafka: async () => {
    const { startKafka } = await import('./kafka.ts');
    const { bootstrap, stop } = await startKafka({ brokers: 1 });
    return { shared: { bootstrap }, stop };
  },
};

interface Started<N extends Name> {
  readonly shared: Shared[N];
  readonly stop: () => Promise<void>;
}

export default async function shareParts({ provide }: TestProject): Promise<() => Promise<void>> {
  const started = new Map<Name, Promise<Started<Name>>>();
  const start = (name: Name): Promise<Started<Name>> => {
    const starting = started.get(name) ?? starters[name]();
    started.set(name, starting);
    return starting;
  };
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    if (!(name in starters)) return void response.writeHead(404).end();
    start(name as Name).then(
      ({ shared }) => response.end(JSON.stringify(shared)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  // The first answer of a server may take as long as it takes to start.
  server.requestTimeout = 0;
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provide('parts', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    const all = await Promise.allSettled(started.values());
    await Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
  };
}
