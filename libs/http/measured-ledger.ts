import type { Ledger, Outcome } from '#platform';
import { Counter, Gauge, type Histogram, type Registry } from 'prom-client';

/** What became of a command, as the metric names it. */
const OUTCOMES = ['accepted', 'duplicate', 'refused', 'unavailable', 'failed'] as const;
type OutcomeName = (typeof OUTCOMES)[number];

/** Not refused for good: the same command may be sent again. */
const UNAVAILABLE: ReadonlySet<string> = new Set(['LEDGER_BUSY', 'LEDGER_UNAVAILABLE']);

/** Upper ends of the classes of `lalanh_command_seconds`. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface MeasuredLedger {
  readonly ledger: Ledger;
  /** Adds the metrics of decision 0009 to a registry. `forwarded`: commands handed to other ledgers so far. */
  register(registry: Registry, forwarded?: () => number): void;
}

const nameOf = (outcome: Outcome): OutcomeName => {
  if (outcome.ok) return outcome.value.duplicate ? 'duplicate' : 'accepted';
  return UNAVAILABLE.has(outcome.error.code) ? 'unavailable' : 'refused';
};

/** Counts what a ledger answers and how long it takes: plain additions, read only when somebody asks. */
export function measureLedger(inner: Ledger): MeasuredLedger {
  const outcomes: Record<OutcomeName, number> = {
    accepted: 0,
    duplicate: 0,
    refused: 0,
    unavailable: 0,
    failed: 0,
  };
  const classes = new Float64Array(SECONDS.length + 1);
  let sum = 0;
  const count = (name: OutcomeName, seconds: number): void => {
    outcomes[name] += 1;
    sum += seconds;
    let at = 0;
    while (seconds > (SECONDS[at] ?? Number.POSITIVE_INFINITY)) at += 1;
    classes[at] = (classes[at] ?? 0) + 1;
  };
  const since = (start: number): number => (performance.now() - start) / 1_000;

  return {
    ledger: {
      ...inner,
      execute: async (command) => {
        const start = performance.now();
        try {
          const outcome = await inner.execute(command);
          count(nameOf(outcome), since(start));
          return outcome;
        } catch (error) {
          count('failed', since(start));
          throw error;
        }
      },
      executeMany: async (commands) => {
        const start = performance.now();
        const answered = await inner.executeMany(commands);
        const seconds = since(start);
        for (const outcome of answered) count(nameOf(outcome), seconds);
        return answered;
      },
    },
    register: (registry, forwarded = () => 0) => {
      const registers = [registry];
      const counter = (name: string, help: string, read: () => number): void => {
        const made: Counter = new Counter({
          name,
          help,
          registers,
          collect: () => {
            made.reset();
            made.inc(read());
          },
        });
      };
      const byOutcome: Counter = new Counter({
        name: 'lalanh_commands_total',
        help: 'Commands answered, by outcome',
        labelNames: ['outcome'],
        registers,
        collect: () => {
          byOutcome.reset();
          for (const outcome of OUTCOMES) byOutcome.inc({ outcome }, outcomes[outcome]);
        },
      });
      counter(
        'lalanh_append_conflicts_total',
        'Appends that met another writer',
        () => inner.stats().conflicts,
      );
      counter(
        'lalanh_commands_forwarded_total',
        'Commands handed to the ledger whose share they are',
        forwarded,
      );
      const inFlight: Gauge = new Gauge({
        name: 'lalanh_commands_in_flight',
        help: 'Commands under way',
        registers,
        collect: () => inFlight.set(inner.stats().inFlight),
      });
      registry.registerMetric(durations(classes, () => sum));
    },
  };
}

/** The classes in the form that prom-client writes; its own histogram costs more than deciding a command may. */
function durations(classes: Float64Array, sum: () => number): Histogram {
  const name = 'lalanh_command_seconds';
  const get = async (): Promise<unknown> => {
    let below = 0;
    const values: { metricName: string; labels: Record<string, string | number>; value: number }[] = [];
    for (const [at, counted] of classes.entries()) {
      below += counted;
      values.push({ metricName: `${name}_bucket`, labels: { le: SECONDS[at] ?? '+Inf' }, value: below });
    }
    values.push({ metricName: `${name}_sum`, labels: {}, value: sum() });
    values.push({ metricName: `${name}_count`, labels: {}, value: below });
    return { name, help: 'Time until a command is answered', type: 'histogram', values, aggregator: 'sum' };
  };
  return { name, get, reset: () => classes.fill(0) } as unknown as Histogram;
}
