import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Order } from './faults.ts';

/** What the process does when it is told to, beside meeting calls with faults. */
export interface Told {
  readonly drop?: boolean;
  readonly repeat?: number;
  readonly elect?: number;
  readonly restart?: boolean;
}

/** The double in a process of its own: what is killed or stopped beside it does not touch it. */
export interface DoubleProcess {
  /** `kurrentdb://…` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Has it do something, as `main.ts` understands it; resolves when it is done. */
  tell(told: Told | Order): Promise<void>;
  /** SIGSTOP: it neither answers nor hangs up. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Starts it on a free port; it ends with this process at the latest, because its input ends then. */
export async function startDoubleProcess({ host }: { readonly host?: string } = {}): Promise<DoubleProcess> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      main,
      ...(host === undefined ? [] : ['--host', host]),
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    ended.then(() => {
      throw new Error('the double of KurrentDB did not start');
    }),
  ])) as [string];
  const { url, ports } = JSON.parse(line) as { readonly url: string; readonly ports: readonly number[] };
  let before: Promise<unknown> = Promise.resolve();
  const ask = async (told: Told | Order): Promise<void> => {
    await before;
    const answered = once(lines, 'line');
    child.stdin.write(`${JSON.stringify(told)}\n`);
    const [answer] = (await answered) as [string];
    if (!answer.includes('"done"')) throw new Error(`the double of KurrentDB: ${answer}`);
  };
  const tell = (told: Told | Order): Promise<void> => {
    const done = ask(told);
    before = done.catch(() => undefined);
    return done;
  };
  return {
    url,
    port: ports[0] ?? 0,
    pid: child.pid ?? 0,
    tell,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
