// Glue jobs whose script is gluepot's launcher, through the SDK's clients: the program that they name runs for real.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Glue, JobRun } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';

const TRUST = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'glue.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:glue:us-east-1:123456789012:job/*' } },
    },
  ],
};
const INGEST = {
  '--gluepot_program': 's3://lake/programs/ingest.cjs',
  '--ingest_spec': 's3://lake/ingest.yaml',
};
const SPEC = 'database: shop\noutputPath: s3://lake/parquet\ntrackerPath: s3://lake/trackers\nkey: [id]\n';

let aws: Embedded;
let clients: EmbeddedClients;
let glue: Glue;

beforeAll(async () => {
  aws = await openEmbedded();
  clients = aws.clients();
  ({ glue } = clients);
  await clients.s3.createBucket({ Bucket: 'lake' });
  await put('programs/launcher.py', readFileSync('bin/run-job-program.py', 'utf8'));
  await put('programs/ingest.cjs', readFileSync('dist/job-programs/ingest.cjs', 'utf8'));
  await put('ingest.yaml', SPEC);
  await clients.iam.createRole({ RoleName: 'ingest', AssumeRolePolicyDocument: JSON.stringify(TRUST) });
  await allow('s3:GetObject');
  await createSource('shop', 'orders', 'lines');
}, 60_000);
afterAll(() => aws.close());

async function createSource(DatabaseName: string, ...names: string[]): Promise<void> {
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  for (const Name of names) {
    await glue.createTable({
      DatabaseName,
      TableInput: {
        Name,
        StorageDescriptor: {
          Location: `s3://lake/raw/${Name}/`,
          Columns: [
            { Name: 'id', Type: 'int' },
            { Name: 'updated_at', Type: 'timestamp' },
          ],
          SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
    await put(`raw/${Name}/a.json`, '{"id":1,"updated_at":"2024-01-01 00:00:00"}\n');
  }
}

const put = (Key: string, Body: string) => clients.s3.putObject({ Bucket: 'lake', Key, Body });
const allow = (Action: string) =>
  clients.iam.putRolePolicy({
    RoleName: 'ingest',
    PolicyName: 'read',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
    }),
  });

const createJob = (Name: string, DefaultArguments: Record<string, string>, script = 'programs/launcher.py') =>
  glue.createJob({
    Name,
    Role: 'ingest',
    Command: { Name: 'glueetl', ScriptLocation: `s3://lake/${script}`, PythonVersion: '3' },
    GlueVersion: '5.0',
    DefaultArguments,
  });

async function ended(JobName: string, Arguments: Record<string, string> = {}): Promise<JobRun> {
  const { JobRunId: RunId } = await glue.startJobRun({ JobName, Arguments });
  for (;;) {
    const { JobRun } = await glue.getJobRun({ JobName, RunId });
    if (JobRun?.CompletedOn) return JobRun;
    await new Promise((done) => setTimeout(done, 20));
  }
}
const logOf = async ({ Id }: JobRun, stream: 'output' | 'error' = 'output') => {
  const { events = [] } = await clients.logs.getLogEvents({
    logGroupName: `/aws-glue/jobs/${stream}`,
    logStreamName: Id ?? '',
    startFromHead: true,
  });
  return events.map(({ message }) => message ?? '').join('\n');
};
const sequenceOf = async (Name: string) =>
  (await glue.getTable({ DatabaseName: 'shop_parquet', Name })).Table?.Parameters?.[
    'gluepot.ingest.sequence'
  ];

it('an ingest runs as a job: tables are loaded, its log tells of each, and it takes what a run may override', async () => {
  await createJob('ingest', {
    ...INGEST,
    '--job-bookmark-option': 'job-bookmark-enable',
    '--TempDir': 's3://lake/tmp/',
  });
  const first = await ended('ingest');
  expect([first.JobRunState, first.ErrorMessage]).toEqual(['SUCCEEDED', undefined]);
  const log = await logOf(first);
  expect(log).toContain('orders: loaded, full +1 ~0 -0, 1 rows: ');
  expect(log).toContain('2 loaded, 0 unchanged, 0 skipped; in shop_parquet.');
  expect(log).toContain('--job-bookmark-option has no effect');
  const { Table } = await glue.getTable({ DatabaseName: 'shop_parquet', Name: 'orders' });
  expect(Table?.CreatedBy).toBe('arn:aws:sts::123456789012:assumed-role/ingest/GlueJobRunnerSession');
  await expect(glue.getJobBookmark({ JobName: 'ingest' })).rejects.toMatchObject({
    name: 'EntityNotFoundException',
  });

  await put('raw/orders/b.json', '{"id":2,"updated_at":"2024-01-02 00:00:00"}\n');
  const second = await ended('ingest', { '--tables': 'orders' });
  expect(await logOf(second)).toContain('orders: loaded, incremental +1 ~0 -0, 2 rows: ');
  expect(await Promise.all(['orders', 'lines'].map(sequenceOf))).toEqual(['2', '1']);
  const full = await ended('ingest', { '--load_type': 'full', '--tables': 'lines' });
  expect(await logOf(full)).toContain('lines: loaded, full');
}, 60_000);

it('the parameters of the original job do instead of a spec', async () => {
  await put('keys/keys.csv', 'table_name,primary_key_column\norders,id\n');
  await createSource('old_shop', 'orders');
  await createJob('original', {
    '--gluepot_program': 's3://lake/programs/ingest.cjs',
    '--athena_database_name': 'old_shop',
    '--output_path': 's3://lake/other',
    '--cdc_path': 's3://lake/other-trackers',
    '--primary_key_s3_prefix': 's3://lake/keys/',
    '--load_type': 'full',
  });
  const run = await ended('original');
  expect(run.JobRunState, run.ErrorMessage).toBe('SUCCEEDED');
  const { Table } = await glue.getTable({ DatabaseName: 'old_shop_parquet', Name: 'orders' });
  expect(Table?.StorageDescriptor?.Location).toContain('s3://lake/other/orders/');
}, 60_000);

it('a run fails when a table does, with the reason, and the other tables are loaded', async () => {
  await put('ingest.yaml', `${SPEC}tables: { lines: { key: [nowhere] } }\n`);
  await put('raw/orders/c.json', '{"id":3,"updated_at":"2024-01-03 00:00:00"}\n');
  const before = await sequenceOf('orders');
  const run = await ended('ingest');
  await put('ingest.yaml', SPEC);
  expect(run.JobRunState).toBe('FAILED');
  expect(run.ErrorMessage).toMatch(
    /^The program ended with exit code 4: 1 of 2 tables of shop failed\. lines: .*no key column nowhere/,
  );
  expect(await logOf(run, 'error')).toContain('no key column nowhere');
  expect(Number(await sequenceOf('orders'))).toBe(Number(before) + 1);
}, 60_000);

it.each([
  [{ '--ingest_spec': 's3://lake/nothing.yaml' }, /exit code 1: NoSuchKey/],
  [{ '--load_type': 'some' }, /exit code 3: --load_type is "some"/],
  [{ '--ingest_spce': 'x' }, /exit code 3: --ingest_spce is not known\. The job takes --ingest_spec, /],
  [{ '--output_path': 's3://lake/x' }, /Give --ingest_spec or --output_path, not both/],
  [
    { '--gluepot_program': 's3://lake/programs/nothing.cjs' },
    /^s3:\/\/lake\/programs\/nothing\.cjs cannot be read/,
  ],
])(
  'what is wrong in %j is said in the error of the run',
  async (args, message) => {
    const run = await ended('ingest', args);
    expect([run.JobRunState, run.ErrorMessage]).toEqual(['FAILED', expect.stringMatching(message)]);
  },
  60_000,
);

it('a script of any other kind is refused by its name', async () => {
  await put('programs/spark.py', 'from pyspark.context import SparkContext\n');
  await createJob('spark', INGEST, 'programs/spark.py');
  expect((await ended('spark')).ErrorMessage).toContain(
    'Job spark has a glueetl script (s3://lake/programs/spark.py)',
  );
  await createJob('unnamed', { '--ingest_spec': 's3://lake/ingest.yaml' });
  expect((await ended('unnamed')).ErrorMessage).toContain('has no --gluepot_program');
});

it('the role must be allowed to read the script and the program', async () => {
  await allow('s3:ListBucket');
  const run = await ended('ingest');
  await allow('s3:GetObject');
  expect(run.JobRunState).toBe('FAILED');
  expect(run.ErrorMessage).toMatch(/launcher\.py cannot be read: .*not authorized to perform: s3:GetObject/);
});

it('a program is stopped with its run, and nothing of it stays', async () => {
  await put('programs/wait.cjs', 'console.log("begun", process.pid); setInterval(() => {}, 1000);');
  await createJob('waiting', { '--gluepot_program': 's3://lake/programs/wait.cjs' });
  const { JobRunId = '' } = await glue.startJobRun({ JobName: 'waiting' });
  let pid = 0;
  await expect
    .poll(
      async () => {
        const { JobRun } = await glue.getJobRun({ JobName: 'waiting', RunId: JobRunId });
        const log = JobRun?.JobRunState === 'RUNNING' ? await logOf(JobRun).catch(() => '') : '';
        return (pid = Number(/begun (\d+)/.exec(log)?.[1] ?? 0));
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0);
  await glue.batchStopJobRun({ JobName: 'waiting', JobRunIds: [JobRunId] });
  await expect
    .poll(async () => (await glue.getJobRun({ JobName: 'waiting', RunId: JobRunId })).JobRun?.JobRunState, {
      timeout: 30_000,
    })
    .toBe('STOPPED');
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  const folder = join(aws.dataDir, 'job-programs');
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
}, 60_000);
