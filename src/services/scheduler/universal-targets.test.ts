// What schedules start by universal targets, in every service that pipelines schedule.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { zipOf } from '../../../test/functions/zip-of.js';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/pipeline`;
const clock = manualClock(new Date('2024-05-01T10:00:00Z'));
let aws: Embedded;

beforeAll(async () => {
  aws = await openEmbedded({ clock });
  const { iam, s3, glue, sqs } = aws.clients();
  const Service = ['scheduler', 'glue', 'lambda'].map((name) => `${name}.amazonaws.com`);
  await iam.createRole({
    RoleName: 'pipeline',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }],
    }),
  });
  await s3.createBucket({ Bucket: 'lake' });
  await glue.createDatabase({ DatabaseInput: { Name: 'db' } });
  for (const QueueName of ['work', 'answers', 'dead']) await sqs.createQueue({ QueueName });
});
afterAll(() => aws.close());

/** Fires once, now. */
async function fire(operation: string, input: object): Promise<void> {
  await aws.clients().scheduler.createSchedule({
    Name: 'now',
    ScheduleExpression: 'at(2024-01-01T00:00:00)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: `arn:aws:scheduler:::aws-sdk:${operation}`,
      RoleArn: ROLE,
      Input: JSON.stringify(input),
      DeadLetterConfig: { Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:dead` },
    },
  });
  await clock.advance(1);
}
const eventually = <T>(read: () => Promise<T>, expected: T) =>
  vi.waitFor(async () => expect(await read()).toEqual(expected), { timeout: 10_000 });

async function bodies(queue: string): Promise<(string | undefined)[]> {
  const QueueUrl = `http://localhost/${ACCOUNT}/${queue}`;
  const { Messages = [] } = await aws.clients().sqs.receiveMessage({ QueueUrl, VisibilityTimeout: 0 });
  return Messages.map(({ Body }) => Body);
}

it('glue:startJobRun starts a run with its arguments', async () => {
  const { glue } = aws.clients();
  await glue.createJob({
    Name: 'load',
    Role: 'pipeline',
    Command: { Name: 'glueetl', ScriptLocation: 's3://lake/x.py' },
  });
  await fire('glue:startJobRun', { JobName: 'load', Arguments: { '--day': '1' } });
  const runs = async () => (await glue.getJobRuns({ JobName: 'load' })).JobRuns?.map((run) => run.Arguments);
  await eventually(runs, [{ '--day': '1' }]);
});

it('glue:startCrawler and glue:startWorkflowRun start those', async () => {
  const { glue } = aws.clients();
  await glue.createCrawler({
    Name: 'nightly',
    Role: 'pipeline',
    DatabaseName: 'db',
    Targets: { S3Targets: [{ Path: 's3://lake/in/' }] },
  });
  await fire('glue:startCrawler', { Name: 'nightly' });
  await eventually(async () => (await glue.listCrawls({ CrawlerName: 'nightly' })).Crawls?.length, 1);
  await glue.createWorkflow({ Name: 'flow' });
  await glue.createTrigger({
    Name: 'begin',
    WorkflowName: 'flow',
    Type: 'ON_DEMAND',
    Actions: [{ CrawlerName: 'nightly' }],
  });
  await fire('glue:startWorkflowRun', { Name: 'flow' });
  await eventually(async () => (await glue.getWorkflowRuns({ Name: 'flow' })).Runs?.length, 1);
});

it('athena:startQueryExecution runs a query', async () => {
  const { athena } = aws.clients();
  await fire('athena:startQueryExecution', {
    QueryString: 'CREATE DATABASE made_by_schedule',
    ResultConfiguration: { OutputLocation: 's3://lake/results/' },
  });
  const databases = async () =>
    (await athena.listDatabases({ CatalogName: 'AwsDataCatalog' })).DatabaseList?.map(({ Name }) => Name);
  await eventually(databases, ['db', 'made_by_schedule']);
});

it('sqs:sendMessage sends, and lambda:invoke hands the payload over', async () => {
  const { lambda } = aws.clients();
  const QueueUrl = `http://localhost/${ACCOUNT}/work`;
  await fire('sqs:sendMessage', { QueueUrl, MessageBody: 'from sqs' });
  await eventually(() => bodies('work'), ['from sqs']);
  await lambda.createFunction({
    FunctionName: 'echo',
    Role: ROLE,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Code: { ZipFile: zipOf({ 'index.mjs': 'export const handler = async (event) => event;' }) },
  });
  await lambda.putFunctionEventInvokeConfig({
    FunctionName: 'echo',
    DestinationConfig: { OnSuccess: { Destination: `arn:aws:sqs:us-east-1:${ACCOUNT}:answers` } },
  });
  await fire('lambda:invoke', { FunctionName: 'echo', InvocationType: 'Event', Payload: '{"day":1}' });
  const payload = async () =>
    (await bodies('answers')).map(
      (body) => (JSON.parse(body ?? '') as { responsePayload: unknown }).responsePayload,
    );
  await eventually(payload, [{ day: 1 }]);
});

it('batch:submitJob takes names with a capital, and as Batch spells them', async () => {
  const { batch } = aws.clients();
  await batch.createComputeEnvironment({ computeEnvironmentName: 'local', type: 'UNMANAGED' });
  await batch.createJobQueue({
    jobQueueName: 'loads',
    priority: 1,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'local' }],
  });
  await batch.registerJobDefinition({
    jobDefinitionName: 'echo',
    type: 'container',
    containerProperties: { image: 'busybox', command: ['echo', 'Ref::day'], vcpus: 1, memory: 64 },
  });
  await fire('batch:submitJob', {
    JobName: 'capital',
    JobQueue: 'loads',
    JobDefinition: 'echo',
    Parameters: { day: '1' },
    ContainerOverrides: { Environment: [{ Name: 'A', Value: 'b' }] },
  });
  await fire('batch:submitJob', { jobName: 'small', jobQueue: 'loads', jobDefinition: 'echo' });
  const commands = async () => {
    const filters = [{ name: 'BEFORE_CREATED_AT', values: [String(clock.now().getTime() + 1000)] }];
    const { jobSummaryList = [] } = await batch.listJobs({ jobQueue: 'loads', filters });
    const jobs = jobSummaryList.map(({ jobId }) => jobId as string);
    const described = jobs.length > 0 ? await batch.describeJobs({ jobs }) : { jobs: [] };
    return described.jobs
      ?.map(({ jobName, container }) => [jobName, container?.command?.[1], container?.environment?.length])
      .sort();
  };
  await eventually(commands, [
    ['capital', '1', 1],
    ['small', 'Ref::day', 0],
  ]);
});

it('what the service refuses goes to the dead-letter queue, with the reason', async () => {
  await fire('glue:startJobRun', { JobName: 'not-there' });
  await eventually(() => bodies('dead'), ['{"JobName":"not-there"}']);
  const { Messages } = await aws.clients().sqs.receiveMessage({
    QueueUrl: `http://localhost/${ACCOUNT}/dead`,
    MessageAttributeNames: ['All'],
  });
  expect(Messages?.[0]?.MessageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: 'EntityNotFoundException' },
    TARGET_ARN: { StringValue: 'arn:aws:scheduler:::aws-sdk:glue:startJobRun' },
  });
});
