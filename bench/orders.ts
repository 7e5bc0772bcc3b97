// Orders for benches of ingests: 14 columns, as many keys as said, the same in every run.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Column } from '@aws-sdk/client-glue';
import type { DuckDBConnection } from '@duckdb/node-api';

export const ORDER_COLUMNS: Column[] = Object.entries({
  id: 'bigint',
  customer: 'string',
  city: 'string',
  status: 'string',
  note: 'string',
  price: 'double',
  quantity: 'int',
  total: 'decimal(12,2)',
  paid: 'boolean',
  reference: 'bigint',
  score: 'double',
  day: 'date',
  created_at: 'timestamp',
  updated_at: 'timestamp',
}).map(([Name, Type]) => ({ Name, Type }));

/** SQL of rows with these `i`; `id` is SQL of the key, `updated` that of the cursor. */
export function ordersSql(rows: string, id: string, updated: string): string {
  return `SELECT CAST(${id} AS BIGINT) AS id, 'customer ' || hash(i) % 100000 AS customer, 'city ' || hash(i * 3) % 1000 AS city,
    ['new', 'paid', 'sent', 'done'][1 + CAST(hash(i * 5) % 4 AS INTEGER)] AS status, md5(CAST(i AS VARCHAR)) AS note,
    (hash(i * 7) % 10000) / 100.0 AS price, CAST(hash(i * 11) % 100 AS INTEGER) AS quantity,
    CAST((hash(i * 13) % 10000000) / 100.0 AS DECIMAL(12, 2)) AS total, hash(i * 17) % 2 = 0 AS paid,
    CAST(hash(i * 19) % 1000000 AS BIGINT) AS reference, (hash(i * 23) % 1000000) / 7.0 AS score,
    DATE '2023-01-01' + CAST(hash(i * 29) % 365 AS INTEGER) AS day,
    TIMESTAMP '2023-01-01' + to_seconds(CAST(hash(i * 31) % 31536000 AS BIGINT)) AS created_at, ${updated} AS updated_at
    FROM (${rows})`;
}

/** `rowCount` rows in `fileCount` Parquet files; a fifth of them are older or newer versions of another row. */
export async function writeOrders(
  duckdb: DuckDBConnection,
  folder: string,
  { rowCount, fileCount }: { rowCount: number; fileCount: number },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const keys = Math.floor(rowCount * 0.8);
  const perFile = Math.ceil(rowCount / fileCount);
  for (let index = 0; index < fileCount; index++) {
    const [first, end] = [index * perFile, Math.min((index + 1) * perFile, rowCount)];
    const query = ordersSql(
      `SELECT range AS i FROM range(${first}, ${end})`,
      `CASE WHEN i < ${keys} THEN i ELSE hash(i * 37) % ${keys} END`,
      `TIMESTAMP '2024-01-01' + to_microseconds(CAST(hash(i * 41) % 10000000000000 AS BIGINT))`,
    );
    await duckdb.run(`COPY (${query}) TO '${join(folder, `part-${index}.parquet`)}' (FORMAT parquet)`);
  }
}
