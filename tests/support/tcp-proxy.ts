import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Connections that a proxy carries at once; more are refused, so that a test cannot eat every handle. */
const CONNECTIONS_MAX = 1_000;

/** What happens to a connection that is opened while this is set. Absent members do nothing. */
export interface Trouble {
  /** Milliseconds that every piece waits in each direction. */
  readonly delayMs?: number;
  /** The connection is reset after this many bytes from the client (`up`) or the server (`down`) were passed on. */
  readonly dropAfter?: { readonly way: 'up' | 'down'; readonly bytes: number };
  /** Everything reaches the server, nothing of its answers comes back, and no side learns of it. */
  readonly halfOpen?: boolean;
  /** The server's first answer is taken in whole, and then the client's connection is reset. */
  readonly resetAfterAnswer?: boolean;
  /** One byte at a time. */
  readonly byteByByte?: boolean;
}

export interface TcpProxy {
  readonly port: number;
  /** What becomes of every connection opened from now on; the function is asked for each. */
  trouble(next: () => Trouble): void;
  /** Nothing gets through any more and nobody is told: open connections stall, new ones are not answered. */
  cut(): void;
  /** What stalled goes on, new connections are carried again and without trouble. */
  heal(): void;
  /** Resets every open connection. */
  reset(): void;
  /** Connections that met trouble so far. */
  troubled(): number;
  close(): Promise<void>;
}

/** Passes TCP between clients and a server on this machine, and makes trouble when it is told to. */
export const startProxy = async (target: () => number): Promise<TcpProxy> => {
  const open = new Set<Socket>();
  let next: () => Trouble = () => ({});
  let isCut = false;
  let isClosed = false;
  let opened = Promise.withResolvers<void>();
  let troubled = 0;

  /** Carries one direction piece by piece, in order; the sender is held back while a piece is on its way. */
  const carry = (from: Socket, to: Socket, way: 'up' | 'down', trouble: Trouble): void => {
    let passed = 0;
    const pass = async (piece: Buffer): Promise<void> => {
      if (isCut) await opened.promise;
      if (trouble.delayMs !== undefined) await sleep(trouble.delayMs);
      if (way === 'down' && trouble.halfOpen) return;
      if (way === 'down' && trouble.resetAfterAnswer) return void to.resetAndDestroy();
      const { dropAfter } = trouble;
      const left = dropAfter?.way === way ? Math.max(0, dropAfter.bytes - passed) : piece.length;
      const part = piece.subarray(0, left);
      passed += part.length;
      if (trouble.byteByByte) for (const byte of part) await written(to, Buffer.of(byte));
      else await written(to, part);
      if (part.length === piece.length) return;
      from.resetAndDestroy();
      to.resetAndDestroy();
    };
    let tail: Promise<unknown> = Promise.resolve();
    const afterAll = (work: () => void): void => {
      tail = tail.then(() => (isCut ? opened.promise : undefined)).then(work);
    };
    from.on('data', (piece: Buffer) => {
      from.pause();
      tail = tail.then(() => pass(piece)).then(() => from.resume());
    });
    const isMute = way === 'down' && trouble.halfOpen === true;
    from.on('end', () => afterAll(() => void (isMute || to.end())));
    from.on('error', () => afterAll(() => void (isMute || to.resetAndDestroy())));
    from.on('close', () => {
      open.delete(from);
      afterAll(() => void (isMute || to.destroy()));
    });
  };

  const answer = async (client: Socket, trouble: Trouble): Promise<void> => {
    if (isCut) await opened.promise;
    if (client.destroyed) return;
    if (isClosed) return void client.resetAndDestroy();
    const upstream = connect({ port: target(), host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    open.add(upstream);
    carry(client, upstream, 'up', trouble);
    carry(upstream, client, 'down', trouble);
    client.resume();
  };

  const server: Server = createServer({ allowHalfOpen: true }, (client) => {
    if (isClosed || open.size >= CONNECTIONS_MAX) return void client.resetAndDestroy();
    const trouble = next();
    if (Object.keys(trouble).length > 0) troubled += 1;
    open.add(client);
    client.setNoDelay(true);
    client.pause();
    client.on('error', () => client.destroy());
    void answer(client, trouble);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const reset = (): void => {
    for (const socket of open) socket.resetAndDestroy();
    open.clear();
  };
  const heal = (): void => {
    isCut = false;
    next = () => ({});
    opened.resolve();
    opened = Promise.withResolvers<void>();
  };
  return {
    port: (server.address() as AddressInfo).port,
    trouble: (wanted) => (next = wanted),
    cut: () => (isCut = true),
    heal,
    reset,
    troubled: () => troubled,
    close: async () => {
      isClosed = true;
      heal();
      reset();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

/** Resolves once the piece was taken, or the connection is gone. */
const written = (to: Socket, piece: Buffer): Promise<void> =>
  new Promise((resolve) => {
    if (to.destroyed || !to.writable || piece.length === 0) return resolve();
    to.write(piece, () => resolve());
  });
