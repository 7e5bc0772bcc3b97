// How many rows are in Parquet files that were just written, as their footers say.
import { duckdbText } from '../../tabular/duckdb-text.js';
import type { StatementRun } from '../execution/statement-run.js';
import { placeOf } from '../results/result-files.js';

/** By location. */
export async function rowCountsOf(
  files: readonly { location: string }[],
  { duckdb, storage, signal }: Pick<StatementRun, 'duckdb' | 'storage' | 'signal'>,
): Promise<Map<string, number>> {
  if (files.length === 0) return new Map();
  const locations = new Map(
    files.map(({ location }) => {
      const { bucket, key } = placeOf(location);
      return [storage.path(bucket, key), location];
    }),
  );
  const rows = await duckdb.rows(
    `SELECT file_name, num_rows FROM parquet_file_metadata([${[...locations.keys()].map(duckdbText).join(', ')}])`,
    signal,
  );
  return new Map(rows.map((row) => [locations.get(row.file_name as string) as string, Number(row.num_rows)]));
}
