import { setTimeout as sleep } from 'node:timers/promises';

/** Long enough for a catch-up of the largest bench on a slow machine. */
const WAIT_MS_MAX = 600_000;
const LOOK_MS = 10;

/** The value of one metric of a service, summed over its labels; undefined where it has none. */
export async function metric(url: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
  return lines.length === 0 ? undefined : lines.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Where the log and the lowest projection stand, as the reports say. */
export const standing = async (
  reports: string,
): Promise<{ readonly head: number; readonly lowest: number }> =>
  (await (await fetch(`${reports}/v1/status`)).json()) as { head: number; lowest: number };

/** Looks until `reached` says so; throws with `what` when it takes too long. */
export async function until(what: string, reached: () => Promise<boolean>, lookMs = LOOK_MS): Promise<void> {
  const end = performance.now() + WAIT_MS_MAX;
  while (!(await reached())) {
    if (performance.now() > end) throw new Error(`${what}: not in ${WAIT_MS_MAX} ms`);
    await sleep(lookMs);
  }
}

/** Events a second between the first progress that is seen and the end: how long processes take to start is not in it. */
export async function rateOf(
  what: string,
  position: () => Promise<number>,
  target: number,
): Promise<{ readonly perSecond: number; readonly events: number }> {
  const before = await position();
  let first: { at: number; position: number } | undefined;
  let last = before;
  await until(what, async () => {
    last = await position();
    if (first === undefined && last > before) first = { at: performance.now(), position: last };
    return last >= target;
  });
  if (first === undefined || first.position >= target) throw new Error(`${what}: too few events to measure`);
  const events = last - first.position;
  return { perSecond: events / ((performance.now() - first.at) / 1000), events };
}
