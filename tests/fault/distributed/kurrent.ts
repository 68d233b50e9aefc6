import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault as Met } from '../../support/kurrent-double/faults.ts';
import type { DoubleProcess } from '../../support/kurrent-double/process.ts';
import type { Fault } from '../fault.ts';
import type { ClusterScene } from './campaign.ts';
import { onLog } from './ends.ts';

const BEFORE_MS = 500;
const STILL_MS = 8_000;
const STILL_BRIEF_MS = 2_000;
const ORDERS = 12;
const BETWEEN_MS = 150;
/** Copies of each event that the server hands to who subscribes. */
const COPIES = 3;

/** What an append, or a subscription, of the server meets. */
const MET: readonly [Met, ...Met[]] = [
  'answer-lost',
  'not-leader-written',
  'ended',
  'unavailable',
  'overloaded',
];

const of = ({ double }: ClusterScene): DoubleProcess => {
  if (double === undefined) throw new Error('the log is not the double');
  return double;
};

const appends = async (scene: ClusterScene): Promise<void> => {
  const load = scene.load();
  for (let order = 0; order < ORDERS; order += 1) {
    await of(scene).tell({ on: 'append', fault: scene.random.pick(MET) });
    scene.count('orders');
    await sleep(BETWEEN_MS);
  }
  // Done, and never answered: the ledger waits until its own time for a call is over.
  await of(scene).tell({ on: 'append', fault: 'silent-written' });
  await load.stop();
};

const restarted = async (scene: ClusterScene): Promise<void> => {
  const load = scene.load();
  await sleep(BEFORE_MS);
  await of(scene).tell({ restart: true });
  await sleep(BEFORE_MS);
  await of(scene).tell({ repeat: COPIES });
  await of(scene).tell({ drop: true });
  await sleep(BEFORE_MS);
  await of(scene).tell({ on: 'subscribe', fault: 'unavailable', times: 3 });
  await of(scene).tell({ drop: true });
  await load.stop();
  await of(scene).tell({ repeat: 1 });
};

const stopped = async (scene: ClusterScene): Promise<void> => {
  const load = scene.load();
  await sleep(BEFORE_MS);
  of(scene).pause();
  await sleep(scene.brief ? STILL_BRIEF_MS : STILL_MS);
  of(scene).resume();
  await load.stop();
};

/** What the log server does to its clients, as the double is told to. */
export const kurrent: readonly Fault[] = [
  onLog('appends', 'double', 'appends refused, written and not answered, answered by nobody, a leader lost', {
    round: appends,
  }),
  onLog(
    'subscriptions',
    'double',
    'the log server restarted, its subscriptions dropped and each event repeated',
    {
      round: restarted,
    },
  ),
  onLog('stop-log', 'double', 'SIGSTOP of the log server for longer than a call may take', {
    round: stopped,
  }),
];
