// Query executions through the SDK's client: from submission to pages of results.
import type { Athena } from '@aws-sdk/client-athena';
import type { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';

let aws: Embedded;
let athena: Athena;
let s3: S3;
let clients: EmbeddedClients;

beforeAll(async () => {
  aws = await openEmbedded();
  clients = aws.clients();
  ({ athena, s3 } = clients);
  await s3.createBucket({ Bucket: 'results' });
  await s3.createBucket({ Bucket: 'lake' });
  await s3.putObject({ Bucket: 'lake', Key: 'people/a.csv', Body: 'id,name\n1,Ann\n2,Bob\n' });
  await s3.putObject({ Bucket: 'lake', Key: 'people/b.csv', Body: 'id,name\n3,\n' });
  await clients.glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  await clients.glue.createTable({
    DatabaseName: 'shop',
    TableInput: {
      Name: 'people',
      TableType: 'EXTERNAL_TABLE',
      Parameters: { 'skip.header.line.count': '1', classification: 'csv' },
      StorageDescriptor: {
        Location: 's3://lake/people/',
        Columns: [
          { Name: 'id', Type: 'bigint' },
          { Name: 'name', Type: 'string' },
        ],
        InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
          Parameters: { 'field.delim': ',' },
        },
      },
    },
  });
});

afterAll(() => aws.close());

async function run(QueryString: string, more: object = {}) {
  const { QueryExecutionId } = await athena.startQueryExecution({
    QueryString,
    QueryExecutionContext: { Database: 'shop' },
    ResultConfiguration: { OutputLocation: 's3://results/q/' },
    ...more,
  });
  for (;;) {
    const { QueryExecution } = await athena.getQueryExecution({ QueryExecutionId });
    const state = QueryExecution?.Status?.State;
    if (state !== 'QUEUED' && state !== 'RUNNING') return QueryExecution!;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('a SELECT over CSV answers its rows through GetQueryResults, header first, and as a CSV file in S3', async () => {
  const execution = await run('SELECT id, name FROM people WHERE id > 1 ORDER BY id');
  expect(execution.Status).toMatchObject({ State: 'SUCCEEDED' });
  expect(execution).toMatchObject({
    StatementType: 'DML',
    SubstatementType: 'SELECT',
    WorkGroup: 'primary',
    ResultConfiguration: { OutputLocation: `s3://results/q/${execution.QueryExecutionId}.csv` },
  });
  const results = await athena.getQueryResults({ QueryExecutionId: execution.QueryExecutionId });
  expect(results.ResultSet?.Rows).toEqual([
    { Data: [{ VarCharValue: 'id' }, { VarCharValue: 'name' }] },
    { Data: [{ VarCharValue: '2' }, { VarCharValue: 'Bob' }] },
    { Data: [{ VarCharValue: '3' }, { VarCharValue: '' }] },
  ]);
  expect(results.ResultSet?.ResultSetMetadata?.ColumnInfo).toMatchObject([
    {
      Name: 'id',
      Label: 'id',
      Type: 'bigint',
      Precision: 19,
      Scale: 0,
      CatalogName: 'hive',
      Nullable: 'UNKNOWN',
      CaseSensitive: false,
    },
    { Name: 'name', Type: 'varchar', Precision: 2147483647, CaseSensitive: true },
  ]);
  const file = await s3.getObject({ Bucket: 'results', Key: `q/${execution.QueryExecutionId}.csv` });
  expect(await file.Body?.transformToString()).toBe('"id","name"\n"2","Bob"\n"3",""\n');
});

test('a catalog that is not the account’s own cannot be queried', async () => {
  const execution = await run('SELECT 1', { QueryExecutionContext: { Catalog: 'elsewhere' } });
  expect(execution.Status).toMatchObject({
    State: 'FAILED',
    StateChangeReason: "CATALOG_NOT_FOUND: Catalog 'elsewhere' cannot be queried here; AwsDataCatalog can be",
  });
});

test('results are not written for another owner of the bucket, nor told of by a manifest', async () => {
  const OutputLocation = 's3://results/owned/';
  await expect(
    run('SELECT 1', { ResultConfiguration: { OutputLocation, ExpectedBucketOwner: '111111111111' } }),
  ).rejects.toThrow('it is owned by 123456789012, not by 111111111111 as ExpectedBucketOwner says');
  const { QueryExecutionId } = await run('SELECT 1', {
    ResultConfiguration: { OutputLocation, ExpectedBucketOwner: '123456789012' },
  });
  await expect(
    athena.getQueryResults({ QueryExecutionId, QueryResultType: 'DATA_MANIFEST' }),
  ).rejects.toThrow('DATA_MANIFEST is not supported here');
});

test.each([
  ['MonitoringConfiguration', { CloudWatchLoggingConfiguration: { Enabled: true } }],
  ['EngineConfiguration', { MaxConcurrentDpus: 4 }],
  [
    'QueryResultsS3AccessGrantsConfiguration',
    { EnableS3AccessGrants: true, AuthenticationType: 'DIRECTORY_IDENTITY' },
  ],
])('a workgroup with %s is refused', async (name, value) => {
  const Configuration = { ResultConfiguration: { OutputLocation: 's3://results/' }, [name]: value };
  await expect(athena.createWorkGroup({ Name: 'refused', Configuration })).rejects.toThrow(
    `${name} is not supported here; leave it out.`,
  );
});
