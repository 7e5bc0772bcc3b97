// Job bookmarks through the SDK's clients: runs read what is new, and the bookmark moves when they succeed.
import type { Glue, JobRun } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachGluePermissions } from '../../../test/glue-permissions.js';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const ENABLED = { '--job-bookmark-option': 'job-bookmark-enable' };

let aws: Embedded;
let clients: EmbeddedClients;
let glue: Glue;
beforeAll(async () => {
  aws = await openEmbedded();
  clients = aws.clients();
  ({ glue } = clients);
  await clients.iam.createRole({ RoleName: 'glue', AssumeRolePolicyDocument: JSON.stringify(TRUST) });
  await attachGluePermissions(clients.iam, 'glue');
  await clients.s3.createBucket({ Bucket: 'lake' });
});
afterAll(() => aws.close());

const put = (Key: string, ...ids: string[]) =>
  clients.s3.putObject({ Bucket: 'lake', Key, Body: ids.map((id) => `{"id":"${id}"}\n`).join('') });

async function createJob(Name: string, source: object = {}): Promise<void> {
  await glue.createJob({
    Name,
    Role: 'glue',
    Command: { Name: 'glueetl', ScriptLocation: 's3://lake/unused.py' },
    ExecutionProperty: { MaxConcurrentRuns: 3 },
    CodeGenConfigurationNodes: {
      read: { S3JsonSource: { Name: 'read', Paths: [`s3://lake/${Name}/in/`], Recurse: true, ...source } },
      write: {
        S3DirectTarget: { Name: 'write', Inputs: ['read'], Path: `s3://lake/${Name}/out/`, Format: 'json' },
      },
    },
  });
}

const start = async (JobName: string, Arguments: Record<string, string> = ENABLED) =>
  (await glue.startJobRun({ JobName, Arguments })).JobRunId ?? '';

async function ended(JobName: string, RunId: string): Promise<JobRun> {
  for (;;) {
    const { JobRun } = await glue.getJobRun({ JobName, RunId });
    if (JobRun?.CompletedOn) return JobRun;
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** What a run adds to the output, in order; the run has to succeed. */
async function outputOf(
  job: string,
  args?: Record<string, string>,
): Promise<{ ids: string[]; runId: string }> {
  const before = new Set(await outputKeys(job));
  const runId = await start(job, args);
  const { JobRunState, ErrorMessage } = await ended(job, runId);
  expect(`${JobRunState} ${ErrorMessage ?? ''}`).toBe('SUCCEEDED ');
  const ids: string[] = [];
  for (const Key of (await outputKeys(job)).filter((key) => !before.has(key))) {
    const text =
      (await (await clients.s3.getObject({ Bucket: 'lake', Key })).Body?.transformToString()) ?? '';
    ids.push(
      ...text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { id: string }).id),
    );
  }
  return { ids: ids.sort(), runId };
}
const outputKeys = async (job: string) =>
  ((await clients.s3.listObjectsV2({ Bucket: 'lake', Prefix: `${job}/out/` })).Contents ?? []).map(
    ({ Key = '' }) => Key,
  );

it('a run reads the objects that are new or replaced since the last that succeeded; without the option it reads all', async () => {
  await createJob('plain');
  await put('plain/in/a.json', '1', '2');
  expect((await outputOf('plain')).ids).toEqual(['1', '2']);
  expect((await outputOf('plain')).ids).toEqual([]);
  await put('plain/in/b.json', '3');
  expect((await outputOf('plain')).ids).toEqual(['3']);
  await put('plain/in/a.json', '1 again');
  expect((await outputOf('plain')).ids).toEqual(['1 again']);
  expect((await outputOf('plain', { '--job-bookmark-option': 'job-bookmark-disable' })).ids).toEqual([
    '1 again',
    '3',
  ]);
  expect((await outputOf('plain')).ids).toEqual([]);
});

it('a table of the catalog is read so, too, with partitions that come later', async () => {
  await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  const StorageDescriptor = {
    Location: 's3://lake/parts/',
    Columns: [{ Name: 'id', Type: 'string' }],
    SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  };
  const PartitionKeys = [{ Name: 'day', Type: 'string' }];
  await glue.createTable({
    DatabaseName: 'shop',
    TableInput: { Name: 'parts', StorageDescriptor, PartitionKeys, Parameters: { classification: 'json' } },
  });
  const add = async (day: string, id: string) => {
    await put(`parts/day=${day}/a.json`, id);
    const PartitionInput = {
      Values: [day],
      StorageDescriptor: { ...StorageDescriptor, Location: `s3://lake/parts/day=${day}/` },
    };
    await glue.createPartition({ DatabaseName: 'shop', TableName: 'parts', PartitionInput });
  };
  await glue.createJob({
    Name: 'catalog',
    Role: 'glue',
    Command: { Name: 'glueetl' },
    CodeGenConfigurationNodes: {
      read: { S3CatalogSource: { Name: 'read', Database: 'shop', Table: 'parts' } },
      write: {
        S3DirectTarget: { Name: 'write', Inputs: ['read'], Path: 's3://lake/catalog/out/', Format: 'json' },
      },
    },
  });
  await add('1', 'one');
  expect((await outputOf('catalog')).ids).toEqual(['one']);
  await add('2', 'two');
  expect((await outputOf('catalog')).ids).toEqual(['two']);
});

it('a run that fails moves nothing', async () => {
  await createJob('failing');
  await put('failing/in/a.json', '1');
  await clients.s3.putObject({ Bucket: 'lake', Key: 'failing/in/b.json', Body: '{"id": ' });
  const failed = await ended('failing', await start('failing'));
  expect(failed.JobRunState).toBe('FAILED');
  await expect(glue.getJobBookmark({ JobName: 'failing' })).rejects.toMatchObject({
    name: 'EntityNotFoundException',
  });
  await put('failing/in/b.json', '2');
  expect((await outputOf('failing')).ids).toEqual(['1', '2']);
});

describe('a bookmark', () => {
  let first: string;
  let second: string;
  beforeAll(async () => {
    await createJob('marked');
    await put('marked/in/a.json', '1');
    first = (await outputOf('marked')).runId;
    await put('marked/in/b.json', '2');
    second = (await outputOf('marked')).runId;
    await put('marked/in/c.json', '3');
  });

  it('says which runs moved it', async () => {
    const { JobBookmarkEntry } = await glue.getJobBookmark({ JobName: 'marked' });
    expect(JobBookmarkEntry).toMatchObject({
      JobName: 'marked',
      Version: 2,
      Run: 2,
      Attempt: 0,
      RunId: second,
      PreviousRunId: first,
    });
    expect(JSON.parse(JobBookmarkEntry?.JobBookmark ?? '')).toHaveProperty('read');
    const { JobBookmarkEntry: old } = await glue.getJobBookmark({ JobName: 'marked', RunId: first });
    expect(old).toMatchObject({ Version: 1, RunId: first });
  });

  it('does not move for a run that pauses it, which reads what is new, or what a range of runs read', async () => {
    const paused = { '--job-bookmark-option': 'job-bookmark-pause' };
    expect((await outputOf('marked', paused)).ids).toEqual(['3']);
    expect((await outputOf('marked', paused)).ids).toEqual(['3']);
    const range = { ...paused, '--job-bookmark-from': first, '--job-bookmark-to': second };
    expect((await outputOf('marked', range)).ids).toEqual(['2']);
    expect((await glue.getJobBookmark({ JobName: 'marked' })).JobBookmarkEntry?.Version).toBe(2);
  });

  it('goes back to what it was after a run, or to the beginning', async () => {
    await glue.resetJobBookmark({ JobName: 'marked', RunId: first });
    expect((await outputOf('marked')).ids).toEqual(['2', '3']);
    const { JobBookmarkEntry } = await glue.resetJobBookmark({ JobName: 'marked' });
    expect(JobBookmarkEntry).toMatchObject({ Version: 5, JobBookmark: '{}' });
    expect((await outputOf('marked')).ids).toEqual(['1', '2', '3']);
  });

  it('is not found where there is none', async () => {
    await createJob('unmarked');
    for (const input of [
      { JobName: 'unmarked' },
      { JobName: 'nowhere' },
      { JobName: 'marked', RunId: 'jr_x' },
    ]) {
      await expect(glue.getJobBookmark(input)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
      await expect(glue.resetJobBookmark(input)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
    }
  });

  it('goes with its job', async () => {
    await createJob('again');
    await put('again/in/a.json', '1');
    await outputOf('again');
    await glue.deleteJob({ JobName: 'again' });
    await createJob('again');
    await expect(glue.getJobBookmark({ JobName: 'again' })).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
    expect((await outputOf('again')).ids).toEqual(['1']);
  });
});

it('of runs that overlap one moves the bookmark, and the others fail by their version', async () => {
  await createJob('raced');
  await put('raced/in/a.json', '1');
  const runs = await Promise.all([start('raced'), start('raced'), start('raced')]);
  const ends = await Promise.all(runs.map((runId) => ended('raced', runId)));
  const failed = ends.filter(({ JobRunState }) => JobRunState === 'FAILED');
  for (const { ErrorMessage } of failed)
    expect(ErrorMessage).toContain('Continuation update failed due to version mismatch');
  const { JobBookmarkEntry } = await glue.getJobBookmark({ JobName: 'raced' });
  expect(JobBookmarkEntry?.Version).toBe(ends.length - failed.length);
});

it.each([
  [{ '--job-bookmark-option': 'enable' }, '--job-bookmark-option is "enable"; it can be job-bookmark-enable'],
  [{ '--job-bookmark-option': 'job-bookmark-pause', '--job-bookmark-from': 'jr_1' }, 'give both or neither'],
  [
    {
      '--job-bookmark-option': 'job-bookmark-pause',
      '--job-bookmark-from': 'jr_1',
      '--job-bookmark-to': 'jr_2',
    },
    'The run jr_1 of options has moved no bookmark',
  ],
])('%j fails the run with what is wrong', async (args, message) => {
  if (!(await glue.listJobs({})).JobNames?.includes('options')) await createJob('options');
  const { JobRunState, ErrorMessage } = await ended('options', await start('options', args));
  expect(JobRunState).toBe('FAILED');
  expect(ErrorMessage).toContain(message);
});
