// The ingest function through the built command: deployed, invoked, and fired by a schedule, on the demo's database.
import { Athena } from '@aws-sdk/client-athena';
import { S3 } from '@aws-sdk/client-s3';
import { Glue } from '@aws-sdk/client-glue';
import { Lambda } from '@aws-sdk/client-lambda';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { expect, it, vi } from 'vitest';
import { emptyFolder, gluepot, gluepotJson, startUp } from './gluepot-process.js';

const SPEC = `database: demo
outputPath: s3://lake/parquet
trackerPath: s3://lake/trackers
tables: { demo_weather: { key: [rowid] }, demo_incidents: { key: [tamainid], disposition: append, noCursor: replace } }
`;
const SPEC_URI = 'GLUEPOT_INGEST_SPEC=s3://lake/ingest.yaml';

interface InvokeResult {
  functionError: string | null;
  payload: { errorMessage?: string; tables: { table: string; status: string; rows: number }[] };
  log: string;
}
const invoked = ({ document }: Awaited<ReturnType<typeof gluepotJson>>) =>
  document.result as unknown as InvokeResult;

it('a schedule has the demo’s tables ingested by the function, every value as it is', async () => {
  const cwd = emptyFolder();
  const { endpoint } = await startUp(cwd);
  const config = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const [s3, glue, lambda] = [
    new S3({ ...config, forcePathStyle: true }),
    new Glue(config),
    new Lambda(config),
  ];
  const scheduler = new Scheduler(config);
  expect((await gluepot(cwd, 'demo', '--quiet')).code).toBe(0);
  await s3.createBucket({ Bucket: 'lake' });
  await s3.putObject({ Bucket: 'lake', Key: 'ingest.yaml', Body: SPEC });

  const untold = await gluepotJson(cwd, 'lambda', 'deploy', 'ingest');
  expect(untold.code).toBe(3);
  expect(untold.document.errors[0]?.message).toContain('give --env GLUEPOT_INGEST_SPEC=s3://');
  const deployed = await gluepotJson(cwd, 'lambda', 'deploy', 'ingest', '--env', SPEC_URI);
  expect(deployed.code, deployed.stdout).toBe(0);
  const { Configuration } = await lambda.getFunction({ FunctionName: 'ingest' });
  const rowsOf = async (Name: string) =>
    (await glue.getTable({ DatabaseName: 'demo_parquet', Name })).Table?.Parameters?.['recordCount'];
  let scheduleCount = 0;
  const fireSoon = async () => {
    await scheduler.createSchedule({
      Name: `soon-${scheduleCount++}`,
      ScheduleExpression: `at(${new Date(Date.now() + 2000).toISOString().slice(0, 19)})`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: Configuration?.FunctionArn, RoleArn: Configuration?.Role, Input: '{}' },
    });
    const isThere = async () =>
      expect([await rowsOf('demo_weather'), await rowsOf('demo_incidents')]).toEqual(['192', '60']);
    await vi.waitFor(isThere, { timeout: 20_000, interval: 200 });
  };
  // On a machine that stands still for seconds the instant may be past before the schedule is made.
  await vi.waitFor(fireSoon, { timeout: 100_000 });

  const athena = new Athena(config);
  const countOf = async (rows: string): Promise<string | undefined> => {
    const { QueryExecutionId } = await athena.startQueryExecution({
      QueryString: `SELECT count(*) FROM (${rows})`,
      ResultConfiguration: { OutputLocation: 's3://lake/results/' },
    });
    await vi.waitFor(
      async () => {
        const { QueryExecution } = await athena.getQueryExecution({ QueryExecutionId });
        expect(QueryExecution?.Status?.StateChangeReason).toBeUndefined();
        expect(QueryExecution?.Status?.State).toBe('SUCCEEDED');
      },
      { timeout: 60_000, interval: 100 },
    );
    const { ResultSet } = await athena.getQueryResults({ QueryExecutionId });
    return ResultSet?.Rows?.[1]?.Data?.[0]?.VarCharValue;
  };
  for (const table of ['demo_weather', 'demo_incidents']) {
    const [source, output] = [`SELECT * FROM demo.${table}`, `SELECT * FROM demo_parquet.${table}`];
    expect(await countOf(`${source} EXCEPT ${output}`), table).toBe('0');
    expect(await countOf(`${output} EXCEPT ${source}`), table).toBe('0');
  }

  const again = await gluepotJson(cwd, 'lambda', 'invoke', 'ingest');
  expect(again.code, again.stdout + again.stderr).toBe(0);
  expect(invoked(again).payload.tables).toMatchObject([
    { table: 'demo_incidents', rows: 60 },
    { table: 'demo_weather', rows: 192 },
  ]);
  expect(invoked(again).log).toContain('REPORT RequestId');

  await s3.putObject({ Bucket: 'lake', Key: 'ingest.yaml', Body: SPEC.replace('[rowid]', '[nowhere]') });
  const failed = await gluepotJson(cwd, 'lambda', 'invoke', 'ingest');
  expect(failed.code).toBe(1);
  expect(invoked(failed)).toMatchObject({ functionError: 'Unhandled' });
  expect(invoked(failed).payload.errorMessage).toContain('1 of 2 tables of demo failed. demo_weather: ');
}, 240_000);
