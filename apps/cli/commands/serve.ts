import type { Command } from 'commander';
import { dataFolder } from '../data-folder.ts';
import { EXIT } from '../failure.ts';
import { both, portOption, withData } from './options.ts';

interface Options {
  readonly data?: string;
  readonly port?: number;
  readonly host?: string;
}

/** `lalanh serve`: the standalone service on a data folder, until it is told to stop. */
export const addServe = (program: Command): void => {
  const command = program
    .command('serve')
    .description(both('chạy dịch vụ trên một thư mục dữ liệu', 'serve a data folder'))
    .option(
      '--port <port>',
      both('cổng; mặc định LALANH_PORT, PORT hoặc 4606', 'port; default LALANH_PORT, PORT or 4606'),
      portOption,
    )
    .option('--host <host>', both('địa chỉ; mặc định chỉ máy này', 'address; default this machine only'));
  withData(command).action(async ({ data, port, host }: Options) => {
    // The other commands start faster without the HTTP server in memory.
    const { serveUntilSignal } = await import('../../standalone/serve.ts');
    const given = process.env['LALANH_PORT'] ?? process.env['PORT'];
    const chosen = port ?? (given === undefined ? undefined : portOption(given));
    const code = await serveUntilSignal(dataFolder(data), {
      ...(chosen === undefined ? {} : { port: chosen }),
      ...(host === undefined ? {} : { host }),
    });
    // A connection that never ends must not keep the process alive after its deadline.
    process.exit(code === 0 ? EXIT.ok : EXIT.failed);
  });
};
