// What every script needs: where the project is, how to speak (Vietnamese first, to stderr), when to give up.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** One progress line. It goes to stderr because stdout belongs to results. */
export function say(vietnamese, english) {
  process.stderr.write(`• ${vietnamese} / ${english}\n`);
}

/** Ends the program with what is wrong and what to do next. */
export function stop(vietnamese, english, code = 1) {
  process.stderr.write(`\n✗ ${vietnamese}\n  ${english}\n`);
  process.exit(code);
}

/** The time since `began` (ms since the epoch), for people. */
export function seconds(began) {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(
    `Node ${process.versions.node} quá cũ: cần Node 20.19 trở lên.`,
    `Node ${process.versions.node} is too old: Node 20.19 or newer is needed.`,
  );
}
