import type { Day } from '#kernel';
import {
  type AsOf,
  type FactDefinition,
  type FactTables,
  type ReadContext,
  type Standing,
  factProjection,
  readAsOf,
  readFacts,
} from '#read-models';
import { type NeedEvent, type NeedOpened, needStream } from '../../domain/events.ts';
import { type NeedStatus, needKind } from '../../domain/states.ts';

const definition: FactDefinition<NeedEvent> = {
  name: 'needs',
  version: 1,
  types: ['need.opened.v1', 'need.verified.v1', 'need.met.v1', 'need.closed.v1'],
  keyOf: ({ data }) => data.need,
};

/** Every need with its steps. */
export const needs = factProjection(definition);

/** A need as it was opened, and how far it is. */
export interface NeedRow extends NeedOpened {
  readonly openedOn: Day;
  readonly status: NeedStatus;
  /** Day of the last step. */
  readonly since: Day;
}

export interface NeedsQuery extends AsOf {
  readonly status?: NeedStatus | undefined;
  readonly place?: string | undefined;
}

/** The needs known and effective by two dates, in the order of their ids. Needs belong to no fund: everybody sees them. */
export function readNeeds(
  context: ReadContext,
  { status, place, ...asOf }: NeedsQuery = {},
): Promise<Standing & { readonly rows: readonly NeedRow[] }> {
  return readAsOf<FactTables, { rows: readonly NeedRow[] }>(
    context,
    [definition.name],
    asOf,
    async (trx, { knownAt, through }) => {
      const facts = await readFacts(trx, definition, { knownAt, through, funds: 'all' });
      const rows = [...facts].flatMap(([need, events]) => {
        const opened = events.find(({ type }) => type === 'need.opened.v1');
        if (opened?.type !== 'need.opened.v1') return [];
        const state = events.reduce(needKind.evolve, needKind.initial(needStream(need)));
        return [
          {
            ...opened.data,
            openedOn: opened.effectiveOn,
            status: state.status,
            since: state.since ?? opened.effectiveOn,
          },
        ];
      });
      return {
        rows: rows.filter(
          (row) =>
            (status === undefined || row.status === status) && (place === undefined || row.place === place),
        ),
      };
    },
  );
}
