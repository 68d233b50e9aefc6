import { spawnSync } from 'node:child_process';

/** Names of namespaces and links hold at most 15 characters, so they are short and numbered by process. */
const NAME = `ll${process.pid % 100_000}`;
/** Of each island a block of four addresses in the range for tests of networks (RFC 2544). */
const BLOCKS_MAX = 64;

let islands = 0;

const ip = (...args: readonly string[]): string | undefined => {
  const done = spawnSync('ip', args, { encoding: 'utf8' });
  return done.status === 0 ? undefined : done.stderr || String(done.error ?? `ip ended with ${done.status}`);
};

/** A network namespace of its own, which one cable connects to this machine. */
export interface Island {
  /** Put before a command line to run it there. */
  readonly prefix: readonly string[];
  /** Where a process there is reached from here, and this machine from there. */
  readonly address: string;
  readonly mainland: string;
  /** Pulls the cable: packets are lost both ways and no side is told. */
  cut(): void;
  heal(): void;
  /** Removes cable and namespace; whoever runs there must have ended. */
  close(): void;
}

/** Why there are no islands here (no Linux, no root, no `ip`); undefined when there are. Then use a TcpProxy. */
export const islandsMissing = (): string | undefined => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  const probe = `${NAME}p`;
  const why = ip('netns', 'add', probe);
  ip('netns', 'del', probe);
  return why;
};

/** Makes an island; throws where {@link islandsMissing} says why. */
export const makeIsland = (): Island => {
  const number = (islands += 1);
  const [space, here, there] = [`${NAME}n${number}`, `${NAME}h${number}`, `${NAME}t${number}`];
  const block = (number % BLOCKS_MAX) * 4;
  const third = process.pid % 256;
  const [mainland, address] = [`198.18.${third}.${block + 1}`, `198.18.${third}.${block + 2}`];
  const must = (...args: readonly string[]): void => {
    const why = ip(...args);
    if (why !== undefined) throw new Error(`ip ${args.join(' ')}: ${why}`);
  };
  const close = (): void => {
    ip('link', 'del', here);
    ip('netns', 'del', space);
  };
  try {
    must('netns', 'add', space);
    must('link', 'add', here, 'type', 'veth', 'peer', 'name', there);
    must('link', 'set', there, 'netns', space);
    must('addr', 'add', `${mainland}/30`, 'dev', here);
    must('link', 'set', here, 'up');
    must('-n', space, 'addr', 'add', `${address}/30`, 'dev', there);
    must('-n', space, 'link', 'set', there, 'up');
    must('-n', space, 'link', 'set', 'lo', 'up');
  } catch (error) {
    close();
    throw error;
  }
  return {
    prefix: ['ip', 'netns', 'exec', space],
    address,
    mainland,
    // The far end: an address stays with its link here, and this side learns nothing but silence.
    cut: () => must('-n', space, 'link', 'set', there, 'down'),
    heal: () => must('-n', space, 'link', 'set', there, 'up'),
    close,
  };
};
