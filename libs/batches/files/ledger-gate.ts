import type { Ledger, Outcome } from '#platform';
import type { ImportAnswer, ImportGate } from './run.ts';

const answerOf = (outcome: Outcome): ImportAnswer =>
  outcome.ok
    ? {
        ok: true,
        duplicate: outcome.value.duplicate,
        hashes: outcome.value.events.flatMap(({ hash }) => (hash === undefined ? [] : [hash])),
        at: outcome.value.events.map(({ at }) => at),
      }
    : { ok: false, refusal: outcome.error };

/** The ledger of this process as a gate; `dryRun` only asks what it would say. */
export const ledgerGate = (ledger: Pick<Ledger, 'executeMany'>, dryRun = false): ImportGate => ({
  send: async (commands) => {
    const outcomes = await ledger.executeMany(
      commands.map(({ name, key, actor, body }) => ({ handler: name, key, actor, body, dryRun })),
    );
    return outcomes.map(answerOf);
  },
});
