// An embedded AWS with a database of source tables, and what an ingest makes of it, for tests.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Column, TableInput } from '@aws-sdk/client-glue';
import { DuckDBInstance } from '@duckdb/node-api';
import { manualClock, type ManualClock } from '../../src/base/clock.js';
import { openEmbedded } from '../../src/embedded.js';
import { openDocumentStore } from '../../src/change/index.js';
import {
  runIngest,
  type IngestReport,
  type IngestSpec,
  type RunOptions,
} from '../../src/toolkit/ingest/index.js';

export type Row = Record<string, string | number | boolean | null>;

export const START = new Date('2024-06-01T00:00:00Z');

/** Orders with a key, a value and a cursor. */
export const ORDERS: Column[] = [
  { Name: 'id', Type: 'int' },
  { Name: 'name', Type: 'string' },
  { Name: 'updated_at', Type: 'timestamp' },
];

export async function openIngestFixture() {
  const dataDir = mkdtempSync(join(tmpdir(), 'gluepot-ingest-test-'));
  const aws = await openEmbedded({ dataDir: join(dataDir, 'aws') });
  const clients = aws.clients();
  await clients.s3.createBucket({ Bucket: 'lake' });
  await clients.glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  const trackers = join(dataDir, 'trackers');
  const clock: ManualClock = manualClock(START);
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  await connection.run(`SET TimeZone = 'UTC'`);

  const spec = (more: Partial<IngestSpec> = {}): IngestSpec => ({
    database: 'shop',
    outputPath: 's3://lake/parquet',
    trackerPath: trackers,
    memoryLimitMb: 256,
    ...more,
  });
  const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];

  const fixture = {
    aws,
    clients,
    clock,
    trackers,
    store: openDocumentStore(trackers, clients),
    spec,
    query,
    put: (Key: string, Body: string | Uint8Array) => clients.s3.putObject({ Bucket: 'lake', Key, Body }),
    get: async (Key: string) =>
      (await clients.s3.getObject({ Bucket: 'lake', Key })).Body?.transformToString(),
    /** An object with the rows of a query, as Parquet. */
    async putParquet(key: string, sql: string) {
      const path = join(dataDir, 'object.parquet');
      await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet)`);
      await fixture.put(key, readFileSync(path));
    },
    /** Keys below a prefix, in order. */
    async keys(Prefix: string): Promise<string[]> {
      const { Contents = [] } = await clients.s3.listObjectsV2({ Bucket: 'lake', Prefix });
      return Contents.map(({ Key = '' }) => Key);
    },
    /** A table of JSON lines below raw/<name>/. */
    async defineTable(name: string, columns: Column[] = ORDERS, input: Partial<TableInput> = {}) {
      await clients.glue.createTable({
        DatabaseName: 'shop',
        TableInput: {
          Name: name,
          TableType: 'EXTERNAL_TABLE',
          StorageDescriptor: {
            Location: `s3://lake/raw/${name}/`,
            Columns: columns,
            SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
          },
          ...input,
        },
      });
    },
    /** All rows of a table of JSON lines, instead of what was there. */
    async setRows(name: string, rows: readonly Row[]) {
      await fixture.put(
        `raw/${name}/rows.json`,
        rows.map((row) => `${JSON.stringify(row)}\n`).join('') || '\n',
      );
    },
    async run(more: Partial<IngestSpec> = {}, options: RunOptions = {}): Promise<IngestReport> {
      await clock.advance(60_000);
      return runIngest(spec(more), clients, { clock, ...options });
    },
    /** What a reader that goes by the catalog sees. */
    async read(name: string, database = 'shop_parquet'): Promise<Row[]> {
      const { Table } = await clients.glue.getTable({ DatabaseName: database, Name: name });
      const location = Table?.StorageDescriptor?.Location ?? '';
      const { Contents = [] } = await clients.s3.listObjectsV2({
        Bucket: 'lake',
        Prefix: location.replace('s3://lake/', ''),
      });
      if (Contents.length === 0) return [];
      const paths = Contents.map(({ Key = '' }) => `'${join(aws.dataDir, 's3', 'lake', Key)}'`);
      return query(`SELECT * FROM read_parquet([${paths.join(', ')}], union_by_name = true) ORDER BY ALL`);
    },
    async close() {
      connection.closeSync();
      duckdb.closeSync();
      await aws.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return fixture;
}

export type IngestFixture = Awaited<ReturnType<typeof openIngestFixture>>;
