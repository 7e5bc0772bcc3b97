// How long GetTable takes while a job keeps DuckDB busy in the same server.
import { once } from 'node:events';
import { join } from 'node:path';
import { Glue } from '@aws-sdk/client-glue';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import type { Bench } from './bench.js';
import { openGlueHttp } from './glue-http.js';
import { writeLargeFiles } from './large-files.js';
import { load } from './load.js';
import { compare, quantile } from './measure.js';
import { BUCKET, onlyTable, preparePipeline } from './pipeline.js';
import { openRawDuckdb } from './raw-duckdb.js';
import { startGluepot, type ServerProcess } from './server-process.js';

const PROBE = new URL('event-loop-probe.mjs', import.meta.url).href;
const CONNECTIONS = 8;
const WINDOW_MS = 500;
const ALLOWED_MS = 25;

export const longQuery: Bench = {
  name: 'long-query',
  summary: 'GetTable at 8 connections and the event loop’s lag while a job keeps DuckDB busy',
  async run(context) {
    const { folder, sizeMB, note } = context;
    const dataDir = join(folder, 'data');
    const server = await startGluepot(context, { dataDir, nodeOptions: ['--import', PROBE] });
    const config = {
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const clients = {
      glue: new Glue(config),
      s3: new S3({ ...config, forcePathStyle: true }),
      iam: new IAM(config),
    };
    context.defer(() => Object.values(clients).forEach((client) => client.destroy()));
    const pipeline = await preparePipeline(clients, dataDir);
    const [duckdb] = await openRawDuckdb(context);
    if (!duckdb) throw new Error('There is no connection to DuckDB.');
    note(`writing ${sizeMB} MB`);
    const readings = join(pipeline.bucketFolder, 'readings');
    await writeLargeFiles(duckdb, { folder: readings, format: 'csv', sizeMB, fileCount: 4 });
    const { database } = await pipeline.crawl('readings/');
    const { name } = await onlyTable(clients, database);

    const glue = openGlueHttp(server.endpoint, CONNECTIONS);
    context.defer(() => glue.close());
    const getTable = () => glue.call('GetTable', { DatabaseName: database, Name: name });
    const loadFor = (durationMs: number) => load({ connections: CONNECTIONS, durationMs }, getTable);
    await loadFor(WINDOW_MS);
    await eventLoopDelay(server);

    note('running a job and asking meanwhile');
    let isRunning = true;
    const job = pipeline
      .runJob({
        source: { S3CatalogSource: { Name: 'Source', Database: database, Table: name } },
        distinct: { DropDuplicates: { Name: 'Distinct', Inputs: ['source'] } },
        target: {
          S3GlueParquetTarget: {
            Name: 'Target',
            Inputs: ['distinct'],
            Path: `s3://${BUCKET}/out/`,
            Compression: 'snappy',
          },
        },
      })
      .finally(() => (isRunning = false));
    const windows: number[][] = [];
    while (isRunning) windows.push((await loadFor(WINDOW_MS)).latenciesMs);
    const delay = await eventLoopDelay(server);
    const jobMs = await job;
    note(`the job took ${(jobMs / 1000).toFixed(1)} s; ${windows.flat().length} requests meanwhile`);
    const allowed = { name: 'allowed', samples: ALLOWED_MS };
    const target = { atMost: 1 };
    return [
      compare({
        name: 'GetTable p99, 8 connections, while a job runs',
        unit: 'ms',
        measured: [quantile(windows.flat(), 0.99)],
        limit: allowed,
        target,
      }),
      compare({
        name: 'event loop lag p99 while a job runs',
        unit: 'ms',
        measured: [delay.p99Ms],
        limit: allowed,
        target,
      }),
    ];
  },
};

async function eventLoopDelay({ process: server }: ServerProcess): Promise<{ p99Ms: number; maxMs: number }> {
  server.send('delay');
  const [delay] = (await once(server, 'message')) as [{ p99Ms: number; maxMs: number }];
  return delay;
}
