// A job's surroundings for tests: real storage, a real catalog and DuckDB over a temporary folder.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CodeGenConfigurationNode, Column as CatalogColumn, TableInput } from '@aws-sdk/client-glue';
import { steppingClock } from '../../src/base/clock.js';
import { countingIds } from '../../src/base/ids.js';
import type { Catalog } from '../../src/catalog/catalog.js';
import { openCatalog } from '../../src/catalog/open-catalog.js';
import { catalogSchema } from '../../src/catalog/schema.js';
import { documentsSchema } from '../../src/state/documents.js';
import { openState } from '../../src/state/state.js';
import { openObjectStorage } from '../../src/storage/local-object-storage.js';
import { storageSchema } from '../../src/storage/storage-schema.js';
import { openDuckdb, type DuckdbRow } from '../../src/tabular/duckdb.js';
import { duckdbText } from '../../src/tabular/duckdb-text.js';
import { openDuckdbEngine } from '../../src/jobs/engines/duckdb/index.js';

export type Graph = Record<string, CodeGenConfigurationNode>;

export const BUCKET = 'lake';

export type JobHarness = Awaited<ReturnType<typeof openJobHarness>>;

export async function openJobHarness() {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-jobs-'));
  const clock = steppingClock(new Date(1_700_000_000_000));
  const ids = countingIds();
  const state = openState(join(folder, 'state.sqlite'), [documentsSchema, storageSchema, catalogSchema]);
  const region = 'eu-west-1';
  const storage = openObjectStorage(state, { root: join(folder, 's3'), clock, ids, region });
  storage.buckets.create(BUCKET, region);
  const catalog = openCatalog(state, { clock, accountId: '123456789012', region });
  catalog.createDatabase({ Name: 'db' });
  const duckdb = openDuckdb({ folders: [storage.root], temporaryDirectory: join(folder, 'spill') });
  const engine = openDuckdbEngine({ catalog, storage, duckdb, clock, accountId: '123456789012', region });
  const lines: string[] = [];

  const keys = (prefix = 'out/') => storage.list(BUCKET, { prefix }).entries.map((entry) => entry.key);
  const text = (key: string) => {
    const bytes = readFileSync(storage.path(BUCKET, key));
    return (key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  };

  return {
    catalog,
    storage,
    duckdb,
    /** Lines of the last run's log. */
    lines,
    put: (key: string, body: string | Buffer) => storage.put(BUCKET, key, Buffer.from(body)),
    keys,
    text,
    /** Writes the rows of a query as a Parquet object. */
    async putParquet(key: string, query: string): Promise<void> {
      const path = storage.temporaryPath();
      await duckdb.run(`COPY (${query}) TO ${duckdbText(path)} (FORMAT parquet)`);
      await storage.adopt(BUCKET, key, path);
    },
    createTable(
      name: string,
      options: {
        columns: CatalogColumn[];
        serde: string;
        parameters?: Record<string, string>;
        serdeParameters?: Record<string, string>;
        partitionKeys?: CatalogColumn[];
        location?: string;
      },
    ): void {
      const input: TableInput = {
        Name: name,
        TableType: 'EXTERNAL_TABLE',
        Parameters: options.parameters ?? {},
        PartitionKeys: options.partitionKeys ?? [],
        StorageDescriptor: {
          Columns: options.columns,
          Location: options.location ?? `s3://${BUCKET}/${name}/`,
          SerdeInfo: { SerializationLibrary: options.serde, Parameters: options.serdeParameters ?? {} },
        },
      };
      catalog.createTable('db', input, { createdBy: 'arn:aws:sts::123456789012:test' });
    },
    async run(
      nodes: Graph,
      options: { signal?: AbortSignal; arguments?: Record<string, string>; catalog?: Catalog } = {},
    ): Promise<void> {
      lines.length = 0;
      const run = options.catalog
        ? openDuckdbEngine({
            catalog: options.catalog,
            storage,
            duckdb,
            clock,
            accountId: '123456789012',
            region,
          })
        : engine;
      await run({
        jobName: 'job',
        runId: 'jr_1',
        nodes,
        arguments: options.arguments ?? {},
        session: { arn: 'arn:aws:sts::123456789012:assumed-role/r/s', require() {} },
        signal: options.signal ?? new AbortController().signal,
        log: (line) => lines.push(line),
      });
    },
    /** Rows of all Parquet objects below a prefix, in the order of their keys. */
    rows(prefix = 'out/'): Promise<DuckdbRow[]> {
      const paths = keys(prefix).map((key) => duckdbText(storage.path(BUCKET, key)));
      if (paths.length === 0) return Promise.resolve([]);
      return duckdb.rows(
        `SELECT * FROM read_parquet([${paths.join(', ')}], union_by_name = true, hive_partitioning = false)`,
      );
    },
    /** Removes all objects and tables. */
    clear(): void {
      for (const key of keys('')) storage.delete(BUCKET, key);
      for (const table of catalog.listTables('db').items) catalog.deleteTable('db', table.Name ?? '');
    },
    async close(): Promise<void> {
      await duckdb.close();
      state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A target that writes Parquet to out/. */
export function parquetTarget(input: string): CodeGenConfigurationNode {
  return { S3GlueParquetTarget: { Name: 'Target', Inputs: [input], Path: `s3://${BUCKET}/out/` } };
}

export function csvSource(path: string): CodeGenConfigurationNode {
  return {
    S3CsvSource: {
      Name: 'Source',
      Paths: [`s3://${BUCKET}/${path}`],
      Separator: 'comma',
      QuoteChar: 'quote',
      WithHeader: true,
    },
  };
}

export function jsonSource(path: string): CodeGenConfigurationNode {
  return { S3JsonSource: { Name: 'Source', Paths: [`s3://${BUCKET}/${path}`] } };
}

export function tableSource(table: string): CodeGenConfigurationNode {
  return { CatalogSource: { Name: 'Source', Database: 'db', Table: table } };
}
