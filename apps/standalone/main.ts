import { serveUntilSignal } from './serve.ts';

const port = process.env['LALANH_PORT'] ?? process.env['PORT'];
process.exit(
  await serveUntilSignal(
    process.env['LALANH_DATA'] ?? 'data',
    port === undefined ? {} : { port: Number(port) },
  ),
);
