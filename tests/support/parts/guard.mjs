// Ends the servers of a test process that ended without doing so itself, however it ended: its end closes our stdin.
// Lines: `watch <pid>`, `forget <pid>`, `folder <path>` (to remove at the end), `keep <path>`.
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const pids = new Set();
const folders = new Set();
const verbs = {
  watch: (value) => pids.add(Number(value)),
  forget: (value) => pids.delete(Number(value)),
  folder: (value) => folders.add(value),
  keep: (value) => folders.delete(value),
};

/** A server that was only just killed may still hold files; a few tries are enough. */
const REMOVE_TRIES_MAX = 20;

for await (const line of createInterface({ input: process.stdin })) {
  const space = line.indexOf(' ');
  verbs[line.slice(0, space)]?.(line.slice(space + 1));
}
for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already, which is all we want.
  }
}
for (const folder of folders) {
  rmSync(folder, { recursive: true, force: true, maxRetries: REMOVE_TRIES_MAX, retryDelay: 100 });
}
