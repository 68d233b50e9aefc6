import { type Socket, connect } from 'node:net';

/** What one connection asks for, as raw HTTP/1.1 bytes; undefined ends it. */
export type NextRequest = () => string | undefined;

export interface LoadResult {
  /** Requests answered 2xx, the only ones counted. */
  readonly count: number;
  readonly refused: number;
  readonly latenciesMs: number[];
  readonly seconds: number;
}

const HEADERS_END = '\r\n\r\n';

/**
 * Keeps `connections` busy, one request at a time on each, for `durationMs`. Talks HTTP/1.1 over bare
 * sockets: a full client costs more than the server and would measure itself.
 */
export async function load(
  port: number,
  connections: number,
  durationMs: number,
  next: NextRequest,
): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  let refused = 0;
  const started = performance.now();
  const until = started + durationMs;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
      let buffered = '';
      let sentAt = 0;
      const send = (): void => {
        const request = performance.now() < until ? next() : undefined;
        if (request === undefined) {
          socket.end();
          resolve();
          return;
        }
        sentAt = performance.now();
        socket.write(request);
      };
      socket.setEncoding('latin1');
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('data', (chunk: string) => {
        buffered += chunk;
        const bodyAt = buffered.indexOf(HEADERS_END);
        if (bodyAt < 0) return;
        const length = /content-length: (\d+)/i.exec(buffered)?.[1];
        if (length === undefined) {
          reject(new Error(`an answer without content-length: ${buffered.slice(0, 200)}`));
          return;
        }
        if (buffered.length < bodyAt + HEADERS_END.length + Number(length)) return;
        latenciesMs.push(performance.now() - sentAt);
        if (buffered.charCodeAt('HTTP/1.1 '.length) !== '2'.charCodeAt(0)) refused += 1;
        buffered = '';
        send();
      });
    });
  await Promise.all(Array.from({ length: connections }, one));
  return {
    count: latenciesMs.length - refused,
    refused,
    latenciesMs,
    seconds: (performance.now() - started) / 1000,
  };
}
