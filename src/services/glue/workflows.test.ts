// Triggers and workflows through the SDK's clients: what they start, when, and what is told of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateTriggerRequest, Glue, WorkflowRun } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded, type EmbeddedClients, type EmbeddedOptions } from '../../embedded.js';
import { attachGluePermissions } from '../../../test/glue-permissions.js';

let aws: Embedded;
let clients: EmbeddedClients;
let glue: Glue;

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

async function open(options: EmbeddedOptions = {}) {
  aws = await openEmbedded(options);
  clients = aws.clients();
  ({ glue } = clients);
}

beforeEach(async () => {
  await open();
  await prepare();
});
afterEach(() => aws.close());

/** Crawlers `good` and `bad` (its bucket is missing), and jobs `copy` (which works) and `broken` (which does not). */
async function prepare() {
  await clients.iam.createRole({ RoleName: 'glue', AssumeRolePolicyDocument: trust });
  await attachGluePermissions(clients.iam, 'glue');
  await clients.s3.createBucket({ Bucket: 'lake' });
  await clients.s3.putObject({ Bucket: 'lake', Key: 'in/a.csv', Body: 'id,name\n1,a\n2,b\n' });
  for (const [Name, bucket] of [
    ['good', 'lake'],
    ['bad', 'nowhere'],
  ]) {
    await glue.createCrawler({
      Name: Name!,
      Role: 'glue',
      DatabaseName: 'db',
      Targets: { S3Targets: [{ Path: `s3://${bucket}/in/` }] },
    });
  }
  for (const [Name, from] of [
    ['copy', 's3://lake/in/'],
    ['broken', 's3://nowhere/in/'],
  ]) {
    await glue.createJob({
      Name: Name!,
      Role: 'glue',
      Command: { Name: 'glueetl', ScriptLocation: 's3://scripts/job.py' },
      GlueVersion: '4.0',
      CodeGenConfigurationNodes: {
        read: {
          S3CsvSource: {
            Name: 'read',
            Paths: [from!],
            QuoteChar: 'quote',
            Separator: 'comma',
            WithHeader: true,
            WriteHeader: true,
          },
        },
        write: {
          S3DirectTarget: { Name: 'write', Inputs: ['read'], Path: 's3://lake/out/', Format: 'json' },
        },
      },
    });
  }
}

const create = (Name: string, rest: Omit<CreateTriggerRequest, 'Name'>) =>
  glue.createTrigger({ Name, ...rest });
const afterCrawl = (CrawlerName: string, CrawlState: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' = 'SUCCEEDED') => ({
  LogicalOperator: 'EQUALS' as const,
  CrawlerName,
  CrawlState,
});
const afterJob = (JobName: string, State: 'SUCCEEDED' | 'FAILED' = 'SUCCEEDED') => ({
  LogicalOperator: 'EQUALS' as const,
  JobName,
  State,
});
const runsOf = async (JobName: string) => (await glue.getJobRuns({ JobName })).JobRuns ?? [];

async function ended(Name: string, RunId: string): Promise<WorkflowRun> {
  for (;;) {
    const { Run } = await glue.getWorkflowRun({ Name, RunId, IncludeGraph: true });
    if (Run?.Status !== 'RUNNING' && Run?.Status !== 'STOPPING') return Run!;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('triggers', () => {
  it('are created, listed, replaced and deleted as AWS does', async () => {
    await create('t1', {
      Type: 'SCHEDULED',
      Schedule: 'cron(0 8 * * ? *)',
      Actions: [{ JobName: 'copy' }],
      Tags: { team: 'a' },
    });
    await create('t2', { Type: 'ON_DEMAND', Actions: [{ CrawlerName: 'good' }] });
    expect((await glue.getTrigger({ Name: 't1' })).Trigger).toEqual({
      Name: 't1',
      Type: 'SCHEDULED',
      State: 'CREATED',
      Schedule: 'cron(0 8 * * ? *)',
      Actions: [{ JobName: 'copy' }],
    });
    await expect(create('t1', { Type: 'ON_DEMAND', Actions: [{ JobName: 'copy' }] })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    expect((await glue.getTriggers({ DependentJobName: 'copy' })).Triggers?.map(({ Name }) => Name)).toEqual([
      't1',
    ]);
    const page = await glue.listTriggers({ MaxResults: 1 });
    expect(page.TriggerNames).toEqual(['t1']);
    expect((await glue.listTriggers({ NextToken: page.NextToken! })).TriggerNames).toEqual(['t2']);
    expect((await glue.listTriggers({ Tags: { team: 'a' } })).TriggerNames).toEqual(['t1']);
    expect(await glue.batchGetTriggers({ TriggerNames: ['t2', 'none'] })).toMatchObject({
      Triggers: [{ Name: 't2' }],
      TriggersNotFound: ['none'],
    });
    await glue.startTrigger({ Name: 't1' });
    const { Trigger } = await glue.updateTrigger({
      Name: 't1',
      TriggerUpdate: { Schedule: 'cron(0 9 * * ? *)', Actions: [{ CrawlerName: 'good' }] },
    });
    expect(Trigger).toEqual({
      Name: 't1',
      Type: 'SCHEDULED',
      State: 'ACTIVATED',
      Schedule: 'cron(0 9 * * ? *)',
      Actions: [{ CrawlerName: 'good' }],
    });
    await glue.stopTrigger({ Name: 't1' });
    expect((await glue.getTrigger({ Name: 't1' })).Trigger?.State).toBe('DEACTIVATED');
    await glue.deleteTrigger({ Name: 't1' });
    expect(await glue.deleteTrigger({ Name: 't1' })).toMatchObject({ Name: 't1' });
    await expect(glue.getTrigger({ Name: 't1' })).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it.each<[string, Omit<CreateTriggerRequest, 'Name'>, string, string]>([
    ['no action', { Type: 'ON_DEMAND', Actions: [] }, 'InvalidInputException', 'no action'],
    [
      'an unknown job',
      { Type: 'ON_DEMAND', Actions: [{ JobName: 'none' }] },
      'EntityNotFoundException',
      'none',
    ],
    [
      'an action without a name',
      { Type: 'ON_DEMAND', Actions: [{ Timeout: 1 }] },
      'InvalidInputException',
      'JobName or a CrawlerName',
    ],
    [
      'three crawlers',
      {
        Type: 'ON_DEMAND',
        Actions: [{ CrawlerName: 'good' }, { CrawlerName: 'bad' }, { CrawlerName: 'good' }],
      },
      'InvalidInputException',
      'more than 2 crawlers',
    ],
    [
      'no schedule',
      { Type: 'SCHEDULED', Actions: [{ JobName: 'copy' }] },
      'InvalidInputException',
      'no Schedule',
    ],
    [
      'a wrong schedule',
      { Type: 'SCHEDULED', Schedule: 'rate(1 day)', Actions: [{ JobName: 'copy' }] },
      'InvalidInputException',
      'rate(1 day)',
    ],
    [
      'a condition on a state that no job ends in',
      {
        Type: 'CONDITIONAL',
        Actions: [{ JobName: 'copy' }],
        Predicate: { Conditions: [{ JobName: 'broken', State: 'RUNNING' }] },
      },
      'InvalidInputException',
      'SUCCEEDED, STOPPED, FAILED, TIMEOUT',
    ],
    [
      'two conditions without a word between',
      {
        Type: 'CONDITIONAL',
        Actions: [{ JobName: 'copy' }],
        Predicate: { Conditions: [afterJob('broken'), afterCrawl('good')] },
      },
      'InvalidInputException',
      'AND or ANY',
    ],
    [
      'an event without a workflow',
      { Type: 'EVENT', Actions: [{ JobName: 'copy' }] },
      'InvalidInputException',
      'workflow',
    ],
    [
      'a start with creation on demand',
      { Type: 'ON_DEMAND', StartOnCreation: true, Actions: [{ JobName: 'copy' }] },
      'InvalidInputException',
      'StartOnCreation',
    ],
  ])('refuse %s', async (_, input, name, words) => {
    await expect(create('t', input)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(words) as string,
    });
  });

  it('run a chain crawler, job, crawler, and pass the arguments of actions on', async () => {
    await create('start', { Type: 'ON_DEMAND', Actions: [{ CrawlerName: 'good' }] });
    await create('then', {
      Type: 'CONDITIONAL',
      StartOnCreation: true,
      Predicate: { Conditions: [afterCrawl('good')] },
      Actions: [{ JobName: 'copy', Arguments: { '--x': '1' } }],
    });
    await create('asleep', {
      Type: 'CONDITIONAL',
      Predicate: { Conditions: [afterCrawl('good')] },
      Actions: [{ JobName: 'broken' }],
    });
    await glue.startTrigger({ Name: 'start' });
    await expect
      .poll(async () => (await runsOf('copy'))[0]?.JobRunState, { timeout: 10_000 })
      .toBe('SUCCEEDED');
    expect((await runsOf('copy'))[0]).toMatchObject({ TriggerName: 'then', Arguments: { '--x': '1' } });
    expect(await runsOf('broken')).toEqual([]);
  });

  it('do not follow from what was started by hand', async () => {
    await create('then', {
      Type: 'CONDITIONAL',
      StartOnCreation: true,
      Predicate: { Conditions: [afterCrawl('good')] },
      Actions: [{ JobName: 'copy' }],
    });
    await glue.startCrawler({ Name: 'good' });
    await expect.poll(async () => (await glue.getCrawler({ Name: 'good' })).Crawler?.State).toBe('READY');
    expect(await runsOf('copy')).toEqual([]);
  });
});

describe('workflows', () => {
  const branches = async () => {
    await glue.createWorkflow({ Name: 'w', DefaultRunProperties: { day: 'monday', who: 'me' } });
    await create('start', {
      WorkflowName: 'w',
      Type: 'ON_DEMAND',
      Actions: [{ CrawlerName: 'good' }, { CrawlerName: 'bad' }],
    });
    await create('both', {
      WorkflowName: 'w',
      Type: 'CONDITIONAL',
      StartOnCreation: true,
      Predicate: { Logical: 'AND', Conditions: [afterCrawl('good'), afterCrawl('bad', 'FAILED')] },
      Actions: [{ JobName: 'copy' }],
    });
    await create('never', {
      WorkflowName: 'w',
      Type: 'CONDITIONAL',
      StartOnCreation: true,
      Predicate: { Logical: 'ANY', Conditions: [afterCrawl('good', 'FAILED'), afterCrawl('bad')] },
      Actions: [{ JobName: 'broken' }],
    });
  };

  it('run their branches, and tell of every node in a graph', async () => {
    await branches();
    const { RunId } = await glue.startWorkflowRun({ Name: 'w', RunProperties: { day: 'tuesday' } });
    const run = await ended('w', RunId!);
    expect(run).toMatchObject({
      Status: 'COMPLETED',
      WorkflowRunProperties: { day: 'tuesday', who: 'me' },
      Statistics: {
        TotalActions: 3,
        SucceededActions: 2,
        FailedActions: 1,
        RunningActions: 0,
        ErroredActions: 0,
      },
    });
    const nodes = new Map(run.Graph!.Nodes!.map((node) => [`${node.Type} ${node.Name}`, node]));
    expect([...nodes.keys()].sort()).toEqual([
      'CRAWLER bad',
      'CRAWLER good',
      'JOB broken',
      'JOB copy',
      'TRIGGER both',
      'TRIGGER never',
      'TRIGGER start',
    ]);
    expect(nodes.get('CRAWLER good')?.CrawlerDetails?.Crawls).toMatchObject([{ State: 'SUCCEEDED' }]);
    expect(nodes.get('CRAWLER bad')?.CrawlerDetails?.Crawls).toMatchObject([{ State: 'FAILED' }]);
    expect(nodes.get('JOB broken')?.JobDetails?.JobRuns).toEqual([]);
    expect(nodes.get('JOB copy')?.JobDetails?.JobRuns).toMatchObject([
      {
        JobRunState: 'SUCCEEDED',
        TriggerName: 'both',
        Arguments: { '--WORKFLOW_NAME': 'w', '--WORKFLOW_RUN_ID': RunId },
      },
    ]);
    const named = new Map(run.Graph!.Nodes!.map((node) => [node.UniqueId, node.Name]));
    expect(
      run.Graph!.Edges!.map((edge) => `${named.get(edge.SourceId)} > ${named.get(edge.DestinationId)}`),
    ).toContain('both > copy');
    const { Workflow } = await glue.getWorkflow({ Name: 'w', IncludeGraph: true });
    expect(Workflow).toMatchObject({
      LastRun: { WorkflowRunId: RunId },
      DefaultRunProperties: { day: 'monday' },
    });
    expect(Workflow?.Graph?.Nodes).toHaveLength(7);
  });

  it('list their runs newest first, in pages, and forget them with the workflow', async () => {
    await branches();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      const { RunId } = await glue.startWorkflowRun({ Name: 'w' });
      ids.unshift(RunId!);
      await ended('w', RunId!);
    }
    const first = await glue.getWorkflowRuns({ Name: 'w', MaxResults: 2 });
    const second = await glue.getWorkflowRuns({ Name: 'w', MaxResults: 2, NextToken: first.NextToken! });
    expect([...first.Runs!, ...second.Runs!].map((run) => run.WorkflowRunId)).toEqual(ids);
    expect(second.NextToken).toBeUndefined();
    expect((await glue.listWorkflows({})).Workflows).toEqual(['w']);
    expect(await glue.batchGetWorkflows({ Names: ['w', 'none'] })).toMatchObject({
      Workflows: [{ Name: 'w' }],
      MissingWorkflows: ['none'],
    });
    await glue.deleteWorkflow({ Name: 'w' });
    await expect(glue.getWorkflowRun({ Name: 'w', RunId: ids[0]! })).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
    expect((await glue.listTriggers({})).TriggerNames).toEqual([]);
  });

  it('keep properties that a run puts, until it has ended', async () => {
    await glue.createWorkflow({ Name: 'w', MaxConcurrentRuns: 1 });
    await create('start', { WorkflowName: 'w', Type: 'ON_DEMAND', Actions: [{ JobName: 'copy' }] });
    const { RunId } = await glue.startWorkflowRun({ Name: 'w' });
    const run = { Name: 'w', RunId: RunId! };
    await glue.putWorkflowRunProperties({ ...run, RunProperties: { rows: '2' } });
    await expect(glue.startWorkflowRun({ Name: 'w' })).rejects.toMatchObject({
      name: 'ConcurrentRunsExceededException',
      message: 'Concurrent runs exceeded for workflow: w.',
    });
    await ended('w', RunId!);
    expect((await glue.getWorkflowRunProperties(run)).RunProperties).toEqual({ rows: '2' });
    await expect(glue.putWorkflowRunProperties({ ...run, RunProperties: {} })).rejects.toMatchObject({
      name: 'IllegalWorkflowStateException',
    });
  });

  it('say what could not be started, and go on with the rest', async () => {
    await glue.createWorkflow({ Name: 'w' });
    await create('start', {
      WorkflowName: 'w',
      Type: 'ON_DEMAND',
      Actions: [{ JobName: 'broken' }, { JobName: 'copy' }],
    });
    await glue.deleteJob({ JobName: 'broken' });
    const { RunId } = await glue.startWorkflowRun({ Name: 'w' });
    expect((await ended('w', RunId!)).Statistics).toMatchObject({ SucceededActions: 1, ErroredActions: 1 });
  });

  it('stop what runs, and fire no further trigger', async () => {
    await glue.createWorkflow({ Name: 'w' });
    await create('start', { WorkflowName: 'w', Type: 'ON_DEMAND', Actions: [{ JobName: 'copy' }] });
    await create('then', {
      WorkflowName: 'w',
      Type: 'CONDITIONAL',
      StartOnCreation: true,
      Predicate: { Conditions: [{ LogicalOperator: 'EQUALS', JobName: 'copy', State: 'STOPPED' }] },
      Actions: [{ CrawlerName: 'good' }],
    });
    const { RunId } = await glue.startWorkflowRun({ Name: 'w' });
    await glue.stopWorkflowRun({ Name: 'w', RunId: RunId! });
    const run = await ended('w', RunId!);
    expect(run.Status).toBe('STOPPED');
    expect(run.Statistics).toMatchObject({ TotalActions: 1, StoppedActions: 1 });
    expect((await glue.listCrawls({ CrawlerName: 'good' })).Crawls).toEqual([]);
    await expect(glue.stopWorkflowRun({ Name: 'w', RunId: RunId! })).rejects.toMatchObject({
      name: 'IllegalWorkflowStateException',
    });
  });

  it('resume at the nodes that are named, with what follows from them', async () => {
    await glue.createWorkflow({ Name: 'w' });
    await create('start', {
      WorkflowName: 'w',
      Type: 'ON_DEMAND',
      Actions: [{ CrawlerName: 'good' }, { JobName: 'broken' }],
    });
    await create('then', {
      WorkflowName: 'w',
      Type: 'CONDITIONAL',
      StartOnCreation: true,
      Predicate: { Logical: 'AND', Conditions: [afterCrawl('good'), afterJob('broken')] },
      Actions: [{ JobName: 'copy' }],
    });
    const { RunId } = await glue.startWorkflowRun({ Name: 'w' });
    const first = await ended('w', RunId!);
    expect(first.Statistics).toMatchObject({ TotalActions: 2, FailedActions: 1 });
    await clients.s3.createBucket({ Bucket: 'nowhere' });
    await clients.s3.putObject({ Bucket: 'nowhere', Key: 'in/a.csv', Body: 'id,name\n1,a\n2,b\n' });
    const broken = first.Graph!.Nodes!.find(({ Name }) => Name === 'broken')!.UniqueId!;
    const resumed = await glue.resumeWorkflowRun({ Name: 'w', RunId: RunId!, NodeIds: [broken] });
    const second = await ended('w', resumed.RunId!);
    expect(second).toMatchObject({ Status: 'COMPLETED', PreviousRunId: RunId });
    expect(second.Statistics).toMatchObject({ TotalActions: 3, SucceededActions: 3 });
    expect((await glue.listCrawls({ CrawlerName: 'good' })).Crawls).toHaveLength(1);
    await expect(
      glue.resumeWorkflowRun({ Name: 'w', RunId: RunId!, NodeIds: ['wnode_x'] }),
    ).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it('have one trigger that starts them', async () => {
    await branches();
    await expect(
      create('second', { WorkflowName: 'w', Type: 'ON_DEMAND', Actions: [{ JobName: 'copy' }] }),
    ).rejects.toMatchObject({ message: expect.stringContaining('started by trigger start') as string });
  });
});

describe('time and events', () => {
  let clock: ManualClock;
  const reopen = async (options: EmbeddedOptions = {}) => {
    await aws.close();
    clock = manualClock(new Date('2026-01-01T00:00:00Z'));
    await open({ clock, ...options });
  };

  it('start a schedule when it is due, until it is stopped', async () => {
    await reopen();
    await prepare();
    await create('daily', {
      Type: 'SCHEDULED',
      Schedule: 'cron(0 8 * * ? *)',
      StartOnCreation: true,
      Actions: [{ CrawlerName: 'good' }],
    });
    const crawls = async () => (await glue.listCrawls({ CrawlerName: 'good' })).Crawls?.length;
    await clock.advance(7 * 3600_000);
    expect(await crawls()).toBe(0);
    await clock.advance(3600_000);
    await expect.poll(crawls).toBe(1);
    await expect.poll(async () => (await glue.getCrawler({ Name: 'good' })).Crawler?.State).toBe('READY');
    await glue.stopTrigger({ Name: 'daily' });
    await clock.advance(48 * 3600_000);
    expect(await crawls()).toBe(1);
    await glue.startTrigger({ Name: 'daily' });
    await clock.advance(24 * 3600_000);
    await expect.poll(crawls).toBe(2);
  });

  it('start a workflow when enough events came, or the window is over', async () => {
    await reopen();
    await prepare();
    await glue.createWorkflow({ Name: 'w' });
    await create('on-event', {
      WorkflowName: 'w',
      Type: 'EVENT',
      EventBatchingCondition: { BatchSize: 2, BatchWindow: 300 },
      Actions: [{ CrawlerName: 'good' }],
    });
    const arn = `arn:aws:glue:us-east-1:${aws.accountId}:workflow/w`;
    await clients.events.putRule({ Name: 'r', EventPattern: JSON.stringify({ source: ['shop'] }) });
    await clients.events.putTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: arn }] });
    const put = async () =>
      (await clients.events.putEvents({ Entries: [{ Source: 'shop', DetailType: 'x', Detail: '{}' }] }))
        .Entries![0]!.EventId!;
    const runs = async () => (await glue.getWorkflowRuns({ Name: 'w' })).Runs ?? [];
    const ids = [await put(), await put()];
    await expect.poll(async () => (await runs()).length).toBe(1);
    const [first] = await runs();
    expect(first?.StartingEventBatchCondition).toEqual({ BatchSize: 2 });
    expect((JSON.parse(first!.WorkflowRunProperties!['aws:eventIds']!) as string[]).sort()).toEqual(
      ids.sort(),
    );
    await put();
    // The event is on its way for a few turns.
    for (let turn = 0; turn < 20; turn++) await clock.advance(1);
    await clock.advance(299_000);
    expect(await runs()).toHaveLength(1);
    await clock.advance(1000);
    await expect.poll(async () => (await runs()).length).toBe(2);
    expect((await runs())[0]?.StartingEventBatchCondition).toEqual({ BatchWindow: 300 });
  });

  it('go on after a restart: what was left running has failed, and triggers follow from that', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'workflow-restart-'));
    try {
      await reopen({ dataDir });
      await prepare();
      await glue.createWorkflow({ Name: 'w' });
      await create('start', { WorkflowName: 'w', Type: 'ON_DEMAND', Actions: [{ JobName: 'copy' }] });
      await create('rescue', {
        WorkflowName: 'w',
        Type: 'CONDITIONAL',
        StartOnCreation: true,
        Predicate: { Conditions: [afterJob('copy', 'FAILED')] },
        Actions: [{ CrawlerName: 'good' }],
      });
      const { RunId } = await glue.startWorkflowRun({ Name: 'w' });
      await reopen({ dataDir });
      const run = await ended('w', RunId!);
      expect(run.Statistics).toMatchObject({ FailedActions: 1, SucceededActions: 1 });
    } finally {
      await aws.close();
      rmSync(dataDir, { recursive: true });
      await open();
    }
  });
});
