import type { Transaction as KyselyTransaction } from 'kysely';
import type { Day, LedgerEvent } from '#kernel';
import type { Projection } from './projection.ts';
import { insertInto } from './schema.ts';

/** A read model that keeps whole events by a key, for things that are few and whose state a query folds. */
export interface FactDefinition<E extends LedgerEvent> {
  readonly name: string;
  readonly version: number;
  readonly types: readonly E['type'][];
  /** What the event is about; null leaves it out. */
  readonly keyOf: (event: E) => string | null;
  /** The fund it concerns, for scopes; empty when it concerns none. */
  readonly fundOf?: (event: E) => string;
}

const COLUMNS = ['key', 'position', 'fund', 'day', 'event'] as const;

const tableOf = ({ name }: { readonly name: string }): string => name.replaceAll('-', '_');

/** The projection that keeps the facts. */
export function factProjection<E extends LedgerEvent>(definition: FactDefinition<E>): Projection {
  const { name, version, types, keyOf, fundOf } = definition;
  const table = tableOf(definition);
  return {
    name,
    version,
    types,
    tables: {
      [table]: {
        columns: { key: 'text', position: 'whole', fund: 'text', day: 'text', event: 'text' },
        key: ['key', 'position'],
      },
    },
    open: (physical) => {
      const insert = insertInto(physical(table), COLUMNS);
      const wanted = new Set<string>(types);
      return async (page, tx) => {
        const facts = page.events.filter(({ type }) => wanted.has(type)) as E[];
        const rows = facts.flatMap((event) => {
          const key = keyOf(event);
          const { position, effectiveOn } = event;
          return key === null
            ? []
            : [[key, position, fundOf?.(event) ?? '', effectiveOn, JSON.stringify(event)]];
        });
        await tx.run(insert, rows);
      };
    },
  };
}

interface FactRow {
  readonly key: string;
  readonly position: bigint;
  readonly fund: string;
  readonly day: Day;
  readonly event: string;
}

/** The tables of fact projections, as {@link readFacts} asks for them. */
export type FactTables = Record<string, FactRow>;

export interface FactsWanted {
  readonly knownAt: number;
  readonly through: Day;
  readonly keys?: readonly string[] | undefined;
  /** Facts of these funds; `all` every one. */
  readonly funds: 'all' | ReadonlySet<string>;
}

/** The facts known and effective by two dates, by key, each key's in the order of the log. */
export async function readFacts<E extends LedgerEvent>(
  trx: KyselyTransaction<FactTables>,
  definition: FactDefinition<E>,
  { knownAt, through, keys, funds }: FactsWanted,
): Promise<Map<string, E[]>> {
  let select = trx
    .selectFrom(tableOf(definition))
    .select(['key', 'event'])
    .where('position', '<=', BigInt(knownAt))
    .where('day', '<=', through)
    .orderBy('key')
    .orderBy('position');
  if (keys) select = select.where('key', 'in', keys.length === 0 ? [''] : [...keys]);
  if (funds !== 'all') select = select.where('fund', 'in', funds.size === 0 ? ['-'] : [...funds]);
  const facts = new Map<string, E[]>();
  for (const { key, event } of await select.execute()) {
    const known = facts.get(key);
    const fact = JSON.parse(event) as E;
    if (known) known.push(fact);
    else facts.set(key, [fact]);
  }
  return facts;
}
