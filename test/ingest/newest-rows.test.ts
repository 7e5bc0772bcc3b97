// The newest row of each key over files of many blocks of rows: held against a window over the same rows.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
/** Of each file; none is a multiple of what DuckDB computes with at a time. */
const ROWS = [5000, 1, 2049];

/** Columns have names that statements might use themselves; of `marks` each row has its own. */
const COLUMNS = [
  { Name: 'block', Type: 'bigint' },
  { Name: 'keys', Type: 'string' },
  { Name: 'marks', Type: 'bigint' },
  { Name: 'seen_at', Type: 'timestamp' },
  { Name: 'on_day', Type: 'date' },
  { Name: 'version', Type: 'int' },
  { Name: 'text_at', Type: 'string' },
];

const rowsOf = (file: number) => {
  const first = ROWS.slice(0, file).reduce((sum, rows) => sum + rows, 0);
  return `SELECT CAST(hash(i) % 3000 AS BIGINT) AS block, 'key ' || hash(i * 3) % 40 AS keys, i AS marks,
    CASE WHEN i % 7 > 0 THEN TIMESTAMP '2024-01-01' + to_microseconds(CAST(hash(i * 5) % 1000000 AS BIGINT)) END AS seen_at,
    DATE '2024-01-01' + CAST(hash(i * 11) % 300 AS INTEGER) AS on_day, CAST(hash(i * 13) % 50 AS INTEGER) - 25 AS version,
    CAST(TIMESTAMP '2024-01-01' + to_seconds(CAST(hash(i * 17) % 100 AS BIGINT)) AS VARCHAR) AS text_at
    FROM range(${first}, ${first + (ROWS[file] as number)}) AS r(i)`;
};

const all = ROWS.map((_, file) => rowsOf(file)).join(' UNION ALL ');

/** Rows without a cursor are the oldest; of equally new ones the last wins, which is the one with the greatest mark. */
async function model(key: readonly string[], cursor: string) {
  const by = key.join(', ');
  const rows = await lake.query(
    `SELECT * FROM (${all}) QUALIFY row_number() OVER (PARTITION BY ${by} ORDER BY ${cursor} DESC NULLS LAST, marks DESC) = 1 ORDER BY ALL`,
  );
  const [ties] = await lake.query(
    `SELECT count(*) AS n FROM (SELECT ${by}, count(*) AS n FROM (FROM (${all}) QUALIFY rank() OVER ` +
      `(PARTITION BY ${by} ORDER BY ${cursor} DESC NULLS LAST) = 1) GROUP BY ${by} HAVING count(*) > 1)`,
  );
  return { rows, ties: Number(ties?.n) };
}

it.each([
  { key: ['block'], cursor: 'seen_at' },
  { key: ['keys'], cursor: 'version' },
  { key: ['block', 'keys'], cursor: 'on_day' },
  { key: ['keys', 'version'], cursor: 'text_at' },
  { key: ['marks'], cursor: 'seen_at' },
])('takes the newest row of each $key by $cursor, and counts ties', async ({ key, cursor }) => {
  const name = `${key.join('_')}_by_${cursor}`;
  for (const file of ROWS.keys()) await lake.putParquet(`raw/${name}/part-${file}.parquet`, rowsOf(file));
  await lake.defineTable(name, COLUMNS, {
    StorageDescriptor: {
      Location: `s3://lake/raw/${name}/`,
      Columns: COLUMNS,
      SerdeInfo: { SerializationLibrary: PARQUET },
    },
  });
  const wanted = await model(key, cursor);
  const { tables } = await lake.run({ key, cursor, nullCursor: 'include', include: [name] });
  const count = wanted.rows.length;
  expect(tables).toMatchObject([
    { status: 'loaded', rows: count, counts: { read: 7050, added: count, ties: wanted.ties } },
  ]);
  expect(await lake.read(name)).toEqual(wanted.rows);
});
