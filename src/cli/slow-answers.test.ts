// Which calls are told of while they are waited for, when, and by what name.
import { Glue } from '@aws-sdk/client-glue';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openEmbedded, type Embedded } from '../embedded.js';
import { tellSlowAnswers } from './slow-answers.js';

let aws: Embedded;
beforeAll(async () => {
  aws = await openEmbedded();
  await aws.clients().s3.createBucket({ Bucket: 'kept' });
  await aws.clients().glue.createDatabase({ DatabaseInput: { Name: 'sales' } });
});
afterAll(() => aws.close());
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

function openProgress() {
  const told: string[] = [];
  const progress = {
    report: ({ step, state, detail = '' }: { step: string; state: string; detail?: string }) =>
      void told.push(`${step} ${state}: ${detail}`),
    clear: () => void told.push('cleared'),
  };
  return { told, progress };
}

/** Clients whose calls are answered when a test says so, and what is told of them. */
function open() {
  const { told, progress } = openProgress();
  const { glue, s3, sts } = aws.clients();
  let answer = () => {};
  const isAnswered = new Promise<void>((resolve) => (answer = resolve));
  for (const client of [glue, s3, sts]) {
    (client as typeof s3).middlewareStack.add((next) => async (call) => (await isAnswered, next(call)), {
      step: 'deserialize',
      priority: 'low',
    });
  }
  tellSlowAnswers([glue, s3, sts], progress);
  return { told, glue, s3, sts, answer };
}

it.each<[string, (clients: ReturnType<typeof open>) => Promise<unknown>, string]>([
  ['in a database', ({ glue }) => glue.getTables({ DatabaseName: 'sales' }), 'GetTables of sales'],
  ['of an account', ({ sts }) => sts.getCallerIdentity({}), 'GetCallerIdentity'],
  [
    'of an object',
    ({ s3 }) => s3.putObject({ Bucket: 'kept', Key: 'a/b.json', Body: '{}' }),
    'PutObject of s3://kept/a/b.json',
  ],
  [
    'of a list',
    ({ s3 }) => s3.listObjectsV2({ Bucket: 'kept', Prefix: 'a/' }),
    'ListObjectsV2 of s3://kept/a/',
  ],
  ['of a bucket', ({ s3 }) => s3.listObjectsV2({ Bucket: 'kept' }), 'ListObjectsV2 of s3://kept/'],
])('a call %s that takes two seconds, once', async (_, call, name) => {
  const clients = open();
  const { told, answer } = clients;
  const calling = call(clients);
  await vi.advanceTimersByTimeAsync(1999);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual([`wait for an answer waiting: ${name}`]);
  await vi.advanceTimersByTimeAsync(60_000);
  answer();
  await calling;
  expect(told).toEqual([`wait for an answer waiting: ${name}`, 'cleared']);
});

it('no call that is answered before, and one that fails no longer than that', async () => {
  const { told, glue, answer } = open();
  const calling = glue.getTables({ DatabaseName: 'sales' });
  await vi.advanceTimersByTimeAsync(1999);
  answer();
  await calling;
  await expect(glue.getTables({ DatabaseName: 'not-there' })).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual([]);
});

it('a call whose attempts take two seconds together', async () => {
  const { told, progress } = openProgress();
  const { requestHandler, credentials } = aws.clients().glue.config;
  const glue = new Glue({ requestHandler, credentials, region: 'us-east-1' });
  let attempts = 0;
  const isAnswered = new Promise<void>((resolve) => setTimeout(resolve, 60_000));
  glue.middlewareStack.add(
    (next) => async (call) => {
      if (++attempts > 1) return isAnswered.then(() => next(call));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      throw Object.assign(new Error('No answer came.'), { name: 'TimeoutError' });
    },
    { step: 'deserialize', priority: 'low' },
  );
  tellSlowAnswers([glue], progress);
  const calling = glue.getTables({ DatabaseName: 'sales' });
  await vi.advanceTimersByTimeAsync(2000);
  expect({ attempts, told }).toEqual({
    attempts: 2,
    told: ['wait for an answer waiting: GetTables of sales'],
  });
  await vi.advanceTimersByTimeAsync(60_000);
  await calling;
  expect(told).toHaveLength(2);
});
