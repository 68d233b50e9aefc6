import { type Refusal, type Result, type Uuid, ok } from '#kernel';
import type { Read } from './cells.ts';
import { stepKey } from './key.ts';

/** Words of a person, in both languages. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

/** One column of an import file: its header in both languages, how its cells are read, and an example. */
export interface Column<T = unknown, Required extends boolean = boolean> {
  readonly vi: string;
  readonly en: string;
  readonly required: Required;
  readonly read: Read<T>;
  readonly example: string;
  readonly note: Words | null;
}

/** Columns by the name under which the steps of a row find their cells. */
export type Columns = Readonly<Record<string, Column>>;

/** What a row holds: the read cells; an empty cell of a column that is not required is null. */
export type Cells<C extends Columns> = {
  readonly [Name in keyof C]: C[Name] extends Column<infer T, infer Required>
    ? Required extends true
      ? T
      : T | null
    : never;
};

const column =
  <const Required extends boolean>(required: Required) =>
  <T>(
    read: Read<T>,
    vi: string,
    en: string,
    example: string,
    noteVi?: string,
    noteEn?: string,
  ): Column<T, Required> => ({
    vi,
    en,
    required,
    read,
    example,
    note: noteVi === undefined || noteEn === undefined ? null : { vi: noteVi, en: noteEn },
  });

/** A column whose cells are filled in every row. */
export const must = column(true);
/** A column that may be absent, and whose cells may be empty. */
export const may = column(false);

/** What a later step may need of an earlier one: the hash that an approval must name. */
export interface StepAnswer {
  readonly hashes: readonly string[];
}

/** One command that a row becomes. A row is one step, or the life of a thing in several, in order. */
export interface Step {
  readonly name: string;
  /** Name of the command: `record-receipt`. */
  readonly command: string;
  /** Who acts; null: the person who imports. */
  readonly actor: string | null;
  readonly body: (earlier: readonly StepAnswer[]) => object;
}

/** A step with the key it is always sent under. */
export interface PlannedStep extends Step {
  readonly key: Uuid;
}

/** A step that always sends the same body. */
export const step = (name: string, command: string, body: object, actor: string | null = null): Step => ({
  name,
  command,
  actor,
  body: () => body,
});

/** Why a row is refused, and at which column when one cell is to blame. */
export interface CellRefusal extends Refusal {
  readonly column: string | null;
}

/** A refusal that points at a column. */
export const refuseCell = (
  column: string,
  { code, details }: Refusal,
): { readonly ok: false; readonly error: CellRefusal } => ({ ok: false, error: { code, details, column } });

/** One kind of import file. */
export interface Kind {
  readonly name: string;
  /** Names of the file without extension, by which it is recognised. */
  readonly files: Words;
  readonly title: Words;
  readonly columns: Columns;
  /** Reads the cells of a row (by column name, trimmed, empty ones left out) and says what it becomes. */
  readonly plan: (cells: ReadonlyMap<string, string>) => Result<readonly PlannedStep[], CellRefusal>;
}

interface Described<C extends Columns> {
  readonly name: string;
  readonly files: Words;
  readonly title: Words;
  readonly columns: C;
  readonly steps: (row: Cells<C>, key: (step: string) => Uuid) => Result<readonly Step[], CellRefusal>;
}

/** Makes a kind of import file out of its table of columns and what a row of it becomes. */
export function describeKind<C extends Columns & { readonly ref: Column<string, true> }>({
  steps,
  ...kind
}: Described<C>): Kind {
  return {
    ...kind,
    plan: (cells) => {
      const row: Record<string, unknown> = {};
      for (const [name, { required, read }] of Object.entries<Column>(kind.columns)) {
        const text = cells.get(name);
        if (text === undefined && required) return refuseCell(name, { code: 'CELL_MISSING', details: {} });
        const value = text === undefined ? ok(null) : read(text);
        if (!value.ok) return refuseCell(name, value.error);
        row[name] = value.value;
      }
      // The loop above has read every column by its own reader, which is what the type says.
      const read = row as Cells<C>;
      const keyOf = (name: string): Uuid => stepKey(kind.name, read.ref as string, name);
      const planned = steps(read, keyOf);
      return planned.ok ? ok(planned.value.map((each) => ({ ...each, key: keyOf(each.name) }))) : planned;
    },
  };
}

/** Several results that must all be good; the first refusal wins. */
export function all<const R extends Readonly<Record<string, Result<unknown, CellRefusal>>>>(
  results: R,
): Result<
  { readonly [Name in keyof R]: R[Name] extends Result<infer T, CellRefusal> ? T : never },
  CellRefusal
> {
  const values: Record<string, unknown> = {};
  for (const [name, result] of Object.entries(results)) {
    if (!result.ok) return result;
    values[name] = result.value;
  }
  // Each value was just taken from the result of that name, which is what the type says.
  return ok(values as never);
}

/** A body without its null members, for commands whose members are left out when there is nothing to say. */
export const withoutNulls = (body: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
