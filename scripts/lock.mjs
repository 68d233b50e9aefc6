// Two commands started together must not install, build or fetch at the same time; a folder in .cache is the lock.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, say, stop } from './say.mjs';

const patience = 20 * 60_000;

/** Waits until nobody else does work of this name, then does it. */
export async function oneAtATime(name, work) {
  const folder = join(root, '.cache', `${name}.lock`);
  const giveUpAt = Date.now() + patience;
  mkdirSync(dirname(folder), { recursive: true });
  for (let told = false; !tryLock(folder); told = true) {
    if (!told) say('Chờ một lệnh khác đang chuẩn bị', 'Waiting for another command that is preparing');
    if (Date.now() > giveUpAt) {
      stop(
        `Chờ quá lâu. Nếu không còn lệnh nào chạy, hãy xóa ${folder}`,
        `Waited too long. If nothing else runs, delete ${folder}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const unlock = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', unlock); // also when stop() ends the program
  try {
    return await work();
  } finally {
    process.off('exit', unlock);
    unlock();
  }
}

function tryLock(folder) {
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (ownerIsGone(folder)) rmSync(folder, { recursive: true, force: true });
    return false;
  }
}

function ownerIsGone(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH'; // no pid yet means that the owner has only just begun
  }
}
