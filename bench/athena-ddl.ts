// Small DDL statements through Athena over HTTP, from submission to SUCCEEDED, against the same work asked of Glue.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { S3 } from '@aws-sdk/client-s3';
import type { Bench } from './bench.js';
import { openGlueHttp, type GlueHttp } from './glue-http.js';
import { load } from './load.js';
import { compare, interleave } from './measure.js';
import { startGluepot } from './server-process.js';

const CONNECTIONS = 8;
const DATABASE = 'bench';
/** Statements a second that are asked for. */
const STATEMENTS_PER_SECOND = 100;

export const athenaDdl: Bench = {
  name: 'athena-ddl',
  summary:
    'CREATE, ALTER, DESCRIBE and DROP TABLE through Athena at 8 connections; against the same calls of Glue',
  async run(context) {
    const { isQuick } = context;
    const { endpoint } = await startGluepot(context, { dataDir: join(context.folder, 'data') });
    const glue = openGlueHttp(endpoint, CONNECTIONS);
    const athena = openGlueHttp(endpoint, CONNECTIONS, 'AmazonAthena');
    context.defer(() => [glue, athena].forEach((client) => client.close()));
    await prepare(endpoint, glue);
    const durationMs = isQuick ? 500 : 3000;
    // A turn is four statements, or the calls that do their work.
    const rate = (turn: (index: number) => Promise<void>) => async () =>
      4 * (await load({ connections: CONNECTIONS, durationMs }, turn)).perSecond;
    let count = 0;
    const samples = await interleave(
      {
        athena: rate(() => statements(athena, `t${count++}`)),
        glue: rate(() => calls(glue, `t${count++}`)),
      },
      { rounds: isQuick ? 1 : 3, warmUpRounds: 1 },
    );
    const name = 'small DDL statements, 8 connections';
    const measured = samples.athena;
    return [
      compare({
        name,
        unit: '1/s',
        measured,
        limit: { name: 'asked for', samples: STATEMENTS_PER_SECOND },
        target: { atLeast: 1 },
      }),
      compare({
        name,
        unit: '1/s',
        measured,
        limit: { name: 'calls of Glue', samples: samples.glue },
        target: { atLeast: 0.1 },
      }),
    ];
  },
};

async function prepare(endpoint: string, glue: GlueHttp): Promise<void> {
  const s3 = new S3({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await s3.createBucket({ Bucket: 'lake' });
  s3.destroy();
  await glue.call('CreateDatabase', { DatabaseInput: { Name: DATABASE } });
}

async function statements(athena: GlueHttp, table: string): Promise<void> {
  for (const statement of [
    `CREATE EXTERNAL TABLE ${table} (id bigint, name string) PARTITIONED BY (dt string) LOCATION 's3://lake/${table}/'`,
    `ALTER TABLE ${table} ADD PARTITION (dt='2020-01-01')`,
    `DESCRIBE ${table}`,
    `DROP TABLE ${table}`,
  ]) {
    await run(athena, statement);
  }
}

interface Execution {
  QueryExecution: { Status: { State: string; StateChangeReason?: string } };
}

async function run(athena: GlueHttp, QueryString: string): Promise<void> {
  const started = await athena.call('StartQueryExecution', {
    QueryString,
    QueryExecutionContext: { Database: DATABASE },
    ResultConfiguration: { OutputLocation: 's3://lake/results/' },
  });
  const { QueryExecutionId } = JSON.parse(started) as { QueryExecutionId: string };
  for (;;) {
    const answer = await athena.call('GetQueryExecution', { QueryExecutionId });
    const { State, StateChangeReason } = (JSON.parse(answer) as Execution).QueryExecution.Status;
    if (State === 'SUCCEEDED') return;
    if (State === 'FAILED') throw new Error(`${QueryString}: ${StateChangeReason}`);
    await delay(2);
  }
}

async function calls(glue: GlueHttp, Name: string): Promise<void> {
  const StorageDescriptor = {
    Columns: [
      { Name: 'id', Type: 'bigint' },
      { Name: 'name', Type: 'string' },
    ],
    Location: `s3://lake/${Name}/`,
  };
  const TableInput = { Name, StorageDescriptor, PartitionKeys: [{ Name: 'dt', Type: 'string' }] };
  await glue.call('CreateTable', { DatabaseName: DATABASE, TableInput });
  await glue.call('CreatePartition', {
    DatabaseName: DATABASE,
    TableName: Name,
    PartitionInput: { Values: ['2020-01-01'], StorageDescriptor },
  });
  await glue.call('GetTable', { DatabaseName: DATABASE, Name });
  await glue.call('DeleteTable', { DatabaseName: DATABASE, Name });
}
