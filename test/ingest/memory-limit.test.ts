// The memory of a process that ingests: within what the spec allows, though the load would take more if it might.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded.js';

const BIN = resolve(import.meta.dirname, '../../bin/gluepot.cjs');
const ROWS = 5_200_000;
const KEYS = 4_400_000;
const LIMIT_MB = 64;
/** Beside DuckDB's: Node.js, the embedded AWS, libraries. Measured: 200 to 320. */
const BESIDE_MB = 450;
/** What the same load takes more when it may. Measured: 430 to 450. */
const SPARED_MB = 150;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-memory-test-'));
  const aws = await openEmbedded({ dataDir: join(folder, 'data') });
  const { glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'lake' });
  await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  const Columns = Object.entries({ id: 'bigint', note: 'string', updated_at: 'timestamp' });
  await glue.createTable({
    DatabaseName: 'shop',
    TableInput: {
      Name: 'large',
      StorageDescriptor: {
        Location: 's3://lake/raw/large/',
        Columns: Columns.map(([Name, Type]) => ({ Name, Type })),
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    },
  });
  await aws.close();
  const raw = join(folder, 'data/s3/lake/raw/large');
  mkdirSync(raw, { recursive: true });
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  await connection.run(
    `COPY (SELECT i % ${KEYS} AS id, 'note ' || hash(i) AS note, TIMESTAMP '2024-01-01' + to_seconds(i) AS updated_at
     FROM range(${ROWS}) t(i)) TO '${raw}/a.parquet' (FORMAT parquet)`,
  );
  connection.closeSync();
  duckdb.closeSync();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A full load by the built command. Answers its rows and the most memory that its process ever had, in MB. */
function load(memoryLimitMb: number): { rows: unknown; residentMb: number } {
  const spec = { database: 'shop', outputPath: 's3://lake/parquet', trackerPath: join(folder, 'trackers') };
  const file = join(folder, 'ingest.json');
  writeFileSync(file, JSON.stringify({ ...spec, key: ['id'], memoryLimitMb }));
  const script = `
    process.on('exit', () => process.stderr.write('resident ' + process.resourceUsage().maxRSS + '\\n'));
    await import(${JSON.stringify(`file://${BIN}`)});`;
  const words = ['ingest', 'run', file, '--load', 'full', '--json', '--data-dir', join(folder, 'data')];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script, BIN, ...words],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    },
  );
  if (stdout === '') throw new Error(stderr);
  const { result } = JSON.parse(stdout) as { result: { tables: { rows?: number; reason: string }[] } };
  const [table] = result.tables;
  return {
    rows: table?.rows ?? table?.reason,
    residentMb: Number(/resident (\d+)/.exec(stderr)?.[1]) / 1024,
  };
}

it('a load keeps to memoryLimitMb that would take more memory if it might', { timeout: 300_000 }, () => {
  const bounded = load(LIMIT_MB);
  expect(bounded.rows).toBe(KEYS);
  expect(bounded.residentMb).toBeLessThan(LIMIT_MB + BESIDE_MB);
  const free = load(4096);
  expect(free.rows).toBe(KEYS);
  expect(free.residentMb).toBeGreaterThan(bounded.residentMb + SPARED_MB);
});
