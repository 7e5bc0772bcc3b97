// Ingesting 10 million orders: fully against a plain copy, by increments against that, merged, and many small tables.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { openEmbedded, type EmbeddedClients } from '../src/embedded.js';
import { runIngest, type IngestSpec, type TableReport } from '../src/toolkit/ingest/index.js';
import type { Bench, BenchContext } from './bench.js';
import { pythonContenders } from './ingest-python.js';
import { compare, interleave, timeMs, type Result, type Samples, type Contender } from './measure.js';
import { ORDER_COLUMNS, ordersSql, writeOrders } from './orders.js';

const FILES = 4;
const MEMORY_MB = 1024;
const SMALL_TABLES = 200;
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';

interface Lake {
  clients: EmbeddedClients;
  /** Folder of the bucket. */
  bucket: string;
  duckdb: DuckDBConnection;
  define(name: string, folder?: string): Promise<void>;
  ingest(tables: readonly string[], more?: Partial<IngestSpec>): Promise<TableReport[]>;
}

export const ingest: Bench = {
  name: 'ingest',
  summary: '10 million orders to Parquet, full, by increments and merged; 200 small tables',
  async run(context) {
    const rowCount = context.isQuick ? 1_000_000 : 10_000_000;
    const lake = await openLake(context);
    context.note(`writing ${rowCount} rows`);
    await writeOrders(lake.duckdb, join(lake.bucket, 'raw', 'orders'), { rowCount, fileCount: FILES });
    await lake.define('orders');
    return [
      ...(await fullLoads(context, lake, rowCount)),
      ...(await increments(context, lake, rowCount)),
      ...(await merges(context, lake, rowCount)),
      ...(await smallTables(context, lake)),
    ];
  },
};

async function openLake({ folder, defer }: BenchContext): Promise<Lake> {
  const dataDir = join(folder, 'data');
  const aws = await openEmbedded({ dataDir });
  defer(() => aws.close());
  const clients = aws.clients();
  await clients.s3.createBucket({ Bucket: 'lake' });
  await clients.glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${MEMORY_MB}MB`,
    temp_directory: join(folder, 'spill'),
  });
  defer(() => instance.closeSync());
  const duckdb = await instance.connect();
  defer(() => duckdb.closeSync());
  const bucket = join(dataDir, 's3', 'lake');
  return {
    clients,
    bucket,
    duckdb,
    async define(name, prefix = name) {
      await clients.glue.createTable({
        DatabaseName: 'shop',
        TableInput: {
          Name: name,
          StorageDescriptor: {
            Location: `s3://lake/raw/${prefix}/`,
            Columns: ORDER_COLUMNS,
            SerdeInfo: { SerializationLibrary: PARQUET },
          },
        },
      });
    },
    async ingest(include, more = {}) {
      const spec: IngestSpec = {
        database: 'shop',
        outputPath: 's3://lake/parquet',
        trackerPath: 's3://lake/trackers',
        memoryLimitMb: MEMORY_MB,
        key: ['id'],
        // Nothing that is replaced is read any more.
        keepReplaced: '0s',
        include: [...include],
        ...more,
      };
      const { tables } = await runIngest(spec, clients, {
        temporaryFolder: join(dataDir, 'spill'),
        onDisk: ({ key }) => join(bucket, key),
        adoptFile: (path, to) => aws.adoptFile(path, to),
      });
      const failed = tables.find(({ status }) => status === 'failed');
      if (failed || tables.length !== include.length)
        throw new Error(failed?.reason ?? 'A table is missing.');
      return tables;
    },
  };
}

async function fullLoads(context: BenchContext, lake: Lake, rowCount: number): Promise<Result[]> {
  const { folder, isQuick, note } = context;
  const raw = join(folder, 'copy');
  const source = `read_parquet('${lake.bucket}/raw/orders/*.parquet')`;
  const out = join(folder, 'python.parquet');
  const python = await pythonContenders(lake.duckdb, `${lake.bucket}/raw/orders`, out, rowCount);
  note(`full loads, ${MEMORY_MB} MB`);
  const { samples, processor } = await timed(
    {
      ingest: async () => {
        const [table] = await lake.ingest(['orders'], { load: 'full' });
        if (table?.rows !== Math.floor(rowCount * 0.8)) throw new Error(`${table?.rows} rows were loaded.`);
      },
      copy: async () => {
        rmSync(raw, { recursive: true, force: true });
        await lake.duckdb.run(
          `COPY (FROM ${source}) TO '${raw}' (FORMAT parquet, COMPRESSION snappy, FILE_SIZE_BYTES 268435456)`,
        );
      },
      polars: python.polars,
      pandas: python.pandas,
    },
    isQuick ? 2 : 3,
  );
  rmSync(raw, { recursive: true, force: true });
  const name = `ingest, ${rowCount} orders, a fifth of them duplicates`;
  const results: Result[] = [
    compare({
      name,
      unit: 's',
      measured: samples.ingest,
      limit: { name: 'plain copy', samples: samples.copy },
      target: { atMost: 1.2 },
    }),
    compare({
      name: `${name}, processor time`,
      unit: 's',
      measured: processor.ingest,
      limit: { name: 'plain copy', samples: processor.copy },
      target: { atMost: 1.2 },
    }),
  ];
  for (const peer of ['polars', 'pandas'] as const) {
    const target = { atMost: 1 };
    const theirs = samples[peer];
    if (!theirs) {
      results.push({
        name,
        unit: 's',
        measured: samples.ingest[0] ?? 0,
        missing: `${peer} is not installed`,
        target,
      });
    } else {
      results.push(
        compare({
          name,
          unit: 's',
          measured: samples.ingest,
          limit: { name: peer, samples: theirs },
          target,
        }),
      );
    }
  }
  return results;
}

async function increments(context: BenchContext, lake: Lake, rowCount: number): Promise<Result[]> {
  const { isQuick, note } = context;
  note('increments');
  const append = { disposition: 'append', key: undefined } as const;
  const folder = join(lake.bucket, 'raw', 'events');
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < FILES; index++) {
    copyFileSync(
      join(lake.bucket, 'raw/orders', `part-${index}.parquet`),
      join(folder, `part-${index}.parquet`),
    );
  }
  await lake.define('events');
  const full: number[] = [];
  const increment: number[] = [];
  const more = Math.floor(rowCount / 100);
  for (let round = 0; round < (isQuick ? 2 : 3); round++) {
    full.push(await timeMs(() => lake.ingest(['events'], { ...append, load: 'full' })));
    const first = rowCount + round * more;
    const query = ordersSql(
      `SELECT range AS i FROM range(${first}, ${first + more})`,
      'i',
      `TIMESTAMP '2024-06-0${round + 1}' + to_microseconds(CAST(hash(i * 41) % 80000000000 AS BIGINT))`,
    );
    await lake.duckdb.run(`COPY (${query}) TO '${folder}/more-${round}.parquet' (FORMAT parquet)`);
    increment.push(
      await timeMs(async () => {
        const [table] = await lake.ingest(['events'], append);
        if (table?.counts?.added !== more) throw new Error(`${table?.counts?.added} rows were added.`);
      }),
    );
  }
  return [
    compare({
      name: 'an increment of 1 %, appended',
      unit: 'ms',
      measured: increment,
      limit: { name: 'full load', samples: full },
      target: { atMost: 0.1 },
    }),
  ];
}

/** The output has 16 files or so; changes of neighbouring rows touch one of them, others all. */
async function merges(context: BenchContext, lake: Lake, rowCount: number): Promise<Result[]> {
  const { isQuick, note } = context;
  note('merges');
  const folder = join(lake.bucket, 'raw', 'changes');
  mkdirSync(folder, { recursive: true });
  await lake.duckdb.run(
    `COPY (FROM read_parquet('${lake.bucket}/raw/orders/*.parquet')) TO '${folder}/all.parquet' (FORMAT parquet)`,
  );
  await lake.define('changes');
  const size = { fileSizeMb: Math.ceil((rowCount * 64) / 16 / 1024 / 1024) };
  await lake.ingest(['changes'], { load: 'full', ...size });
  const keys = Math.floor(rowCount * 0.8);
  const count = Math.floor(rowCount / 1000);
  let day = 0;
  const change = async (id: string) => {
    const query = ordersSql(
      `SELECT range AS i FROM range(${count})`,
      id,
      `TIMESTAMP '2024-07-01' + to_days(${++day}) + to_seconds(i % 80000)`,
    );
    await lake.duckdb.run(`COPY (${query}) TO '${folder}/changed.parquet' (FORMAT parquet)`);
    return timeMs(async () => {
      const [table] = await lake.ingest(['changes'], size);
      if (table?.counts?.updated !== count) throw new Error(`${table?.counts?.updated} rows were changed.`);
    });
  };
  const samples = await interleave(
    // Rows that changed stand in one file from then on: others each time, or the second round would touch that one alone.
    { one: () => change('i'), all: () => change(`(i * ${Math.floor(keys / count)} + ${day + 1})`) },
    { rounds: isQuick ? 2 : 3 },
  );
  return [
    compare({
      name: `a merge of ${count} rows that touches one file of about 16`,
      unit: 'ms',
      measured: samples.one,
      limit: { name: 'one that touches all', samples: samples.all },
      target: { atMost: 0.5 },
    }),
  ];
}

async function smallTables(context: BenchContext, lake: Lake): Promise<Result[]> {
  const { folder, isQuick, note } = context;
  note(`${SMALL_TABLES} small tables`);
  const names = Array.from({ length: SMALL_TABLES }, (_, index) => `small_${String(index).padStart(3, '0')}`);
  const small = join(folder, 'small.parquet');
  await lake.duckdb.run(
    `COPY (${ordersSql('SELECT range AS i FROM range(100)', 'i', `TIMESTAMP '2024-01-01'`)}) TO '${small}' (FORMAT parquet)`,
  );
  for (const name of names) {
    mkdirSync(join(lake.bucket, 'raw', name), { recursive: true });
    copyFileSync(small, join(lake.bucket, 'raw', name, 'data.parquet'));
    await lake.define(name);
  }
  let round = 0;
  const samples = await interleave(
    {
      ingest: () =>
        timeMs(() =>
          lake.ingest(names, {
            outputDatabase: `small_${++round}`,
            outputPath: `s3://lake/small/${round}`,
            trackerPath: `s3://lake/small-trackers/${round}`,
          }),
        ),
      calls: () => timeMs(() => callsAlone(lake, names, `calls_${++round}`)),
    },
    { rounds: isQuick ? 1 : 3 },
  );
  return [
    compare({
      name: `${SMALL_TABLES} tables of 100 rows, first load`,
      unit: 'ms',
      measured: samples.ingest,
      limit: { name: 'its writes and nothing else', samples: samples.calls },
      target: { atMost: 4 },
    }),
  ];
}

/** The object, manifest, tracker and catalog table of each, four tables at a time as an ingest has them. */
async function callsAlone(
  { clients: { s3, glue } }: Lake,
  names: readonly string[],
  database: string,
): Promise<void> {
  await glue.createDatabase({ DatabaseInput: { Name: database } });
  const Body = Buffer.alloc(20_000);
  let next = 0;
  const work = async () => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) {
      for (const part of ['data.parquet', 'manifest.json', 'tracker.json']) {
        await s3.putObject({ Bucket: 'lake', Key: `${database}/${name}/${part}`, Body });
      }
      await glue.createTable({
        DatabaseName: database,
        TableInput: { Name: name, StorageDescriptor: { Columns: ORDER_COLUMNS } },
      });
    }
  };
  await Promise.all([work(), work(), work(), work()]);
}

type Timings<Contenders> = { samples: Samples<Contenders>; processor: Samples<Contenders> };

/** Seconds of each contender, and those that processors spent on it in this process. */
async function timed<Contenders extends Record<string, (() => Promise<void>) | undefined>>(
  contenders: Contenders,
  rounds: number,
): Promise<Timings<Contenders>> {
  const processor: Record<string, number[]> = {};
  const runs: Record<string, Contender> = {};
  for (const [name, act] of Object.entries(contenders)) {
    if (!act) continue;
    const spent: number[] = (processor[name] = []);
    runs[name] = async () => {
      const before = process.cpuUsage();
      const durationMs = await timeMs(act);
      const { user, system } = process.cpuUsage(before);
      spent.push((user + system) / 1e6);
      return durationMs / 1000;
    };
  }
  return {
    samples: (await interleave(runs, { rounds })) as Samples<Contenders>,
    processor: processor as Samples<Contenders>,
  };
}
