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

/**
 * Events a second from the first progress beyond `from` that is seen until `target`: how long processes take to start
 * is not in it. Where all was done before anybody could look, it counts from the moment the service answered.
 */
export async function rateOf(
  what: string,
  position: () => Promise<number>,
  from: number,
  target: number,
): Promise<{ readonly perSecond: number; readonly events: number }> {
  let first: { readonly at: number; readonly position: number } | undefined;
  let last = from;
  let answeredAt: number | undefined;
  await until(what, async () => {
    const seen = await position().catch(() => undefined);
    if (seen === undefined) return false;
    answeredAt ??= performance.now();
    last = seen;
    if (first === undefined && last > from) first = { at: performance.now(), position: last };
    return last >= target;
  });
  const { at, position: begin } =
    first !== undefined && first.position < target ? first : { at: answeredAt ?? Number.NaN, position: from };
  return { perSecond: (last - begin) / ((performance.now() - at) / 1000), events: last - begin };
}
