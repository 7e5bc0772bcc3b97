// Lines of backups as AWS's sample script crawler_undo.py writes them.

/** As the Java SDK names members; times in milliseconds. */
function small(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(small);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      `${name[0]?.toLowerCase()}${name.slice(1)}`,
      // Names in these maps are data, not members.
      name === 'Parameters' || name === 'SkewedColumnValueLocationMaps' ? item : small(item),
    ]),
  );
}

/** What the script writes of all tables of a database (`table` is then "empty"), or of the partitions of one. */
export const backupLine = (
  database: string,
  type: 'table' | 'partition',
  table: string,
  items: readonly object[],
) => `${JSON.stringify({ table, items: items.map(small), database, type })}\n`;
