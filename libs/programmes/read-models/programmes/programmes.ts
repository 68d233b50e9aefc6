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
import type { ProgrammeEvent } from '../../domain/events.ts';

const definition: FactDefinition<ProgrammeEvent> = {
  name: 'programmes',
  version: 1,
  types: ['programme.opened.v1'],
  keyOf: ({ data }) => data.programme,
};

/** Every programme by its name. */
export const programmes = factProjection(definition);

export interface ProgrammeRow {
  readonly programme: string;
  readonly name: string;
  readonly openedOn: Day;
}

/** The programmes known and effective by two dates, in the order of their ids. */
export const readProgrammes = (
  context: ReadContext,
  asOf: AsOf = {},
): Promise<Standing & { readonly rows: readonly ProgrammeRow[] }> =>
  readAsOf<FactTables, { rows: readonly ProgrammeRow[] }>(
    context,
    [definition.name],
    asOf,
    async (trx, { knownAt, through }) => {
      const facts = await readFacts(trx, definition, { knownAt, through, funds: 'all' });
      const rows = [...facts.values()]
        .flat()
        .map(({ data, effectiveOn }) => ({ ...data, openedOn: effectiveOn }));
      return { rows };
    },
  );
