import type { Projection, Store } from '../../libs/read-models/index.ts';

/** The rows of every table, those of totals summed over the partitions they are kept in. */
export async function rowsOf(
  store: Pick<Store, 'all'>,
  projections: readonly Projection[],
): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const { tables } of projections)
    for (const [table, { key, columns }] of Object.entries(tables)) {
      const names = Object.keys(columns);
      const sums = Object.entries(columns)
        .filter(([column, type]) => type === 'whole' && column !== 'part')
        .map(([column]) => `sum(${column}) as ${column}`);
      const sql = key.includes('part')
        ? `select key, commodity, max(last_day) as last_day, ${sums.join(', ')} from ${table} ` +
          'group by key, commodity order by key, commodity'
        : `select ${names.join(', ')} from ${table} order by ${key.join(', ')}`;
      found[table] = (await store.all<object>(sql, [])).map((row) => ({ ...row }));
    }
  return found;
}
