// Who is told of a launch: a bus and a queue, with the same content; and a bus that is gone loses no run.
import { afterEach, expect, it } from 'vitest';
import { settle } from '../../src/toolkit/job-launch/index.js';
import { batchEvent, JOB, openLaunchFixture, type LaunchFixture } from './launch-fixture.js';

let fixture: LaunchFixture;
afterEach(() => fixture.close());

const URL = (name: string) => `http://sqs.us-east-1.localhost/123456789012/${name}`;

async function open(notify: string) {
  fixture = await openLaunchFixture((spec) => `${spec}\nnotify: ${notify}\n`);
  const { sqs, events } = fixture.aws.clients();
  for (const QueueName of ['direct', 'by-rule']) await sqs.createQueue({ QueueName });
  await events.putRule({ Name: 'told', EventPattern: JSON.stringify({ source: ['gluepot.launch'] }) });
  await events.putTargets({
    Rule: 'told',
    Targets: [{ Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:123456789012:by-rule' }],
  });
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '*',
      },
    ],
  };
  await sqs.setQueueAttributes({ QueueUrl: URL('by-rule'), Attributes: { Policy: JSON.stringify(policy) } });
  return fixture;
}

async function received(name: string, count: number): Promise<object[]> {
  const { sqs } = fixture.aws.clients();
  const found: object[] = [];
  await expect
    .poll(
      async () => {
        const { Messages = [] } = await sqs.receiveMessage({ QueueUrl: URL(name), MaxNumberOfMessages: 10 });
        found.push(...Messages.map(({ Body = '' }) => JSON.parse(Body) as object));
        return found.length;
      },
      { timeout: 30_000 },
    )
    .toBe(count);
  return found;
}

it('the bus and the queue are told of a launch, a refusal and the end of a run, each once', async () => {
  const { launcher, spec, runs } = await open(`{ eventBus: default, queue: '${URL('direct')}' }`);
  const { scope, records, ...one } = launcher();
  const { run } = await one.launch(batchEvent({ id: 'e1' }));
  await one.launch(batchEvent({ id: 'e2', status: 'FAILED' }));
  await expect.poll(async () => (await runs())[0]?.JobRunState, { timeout: 30_000 }).toBe('FAILED');
  for (let time = 0; time < 2; time++) {
    await settle(scope, { spec, records }, { jobName: JOB, jobRunId: run?.runId ?? '', state: 'FAILED' });
  }
  // A queue that is not FIFO promises no order.
  const notices = ((await received('direct', 3)) as { kind: string }[]).sort((a, b) =>
    a.kind < b.kind ? -1 : 1,
  );
  expect(notices).toEqual([
    expect.objectContaining({
      schemaVersion: 1,
      kind: 'launch',
      name: 'nightly',
      job: JOB,
      eventId: 'e1',
      runId: run?.runId,
      runKey: run?.runKey,
      fencingToken: 1,
      clearedCount: 0,
      tables: [],
    }),
    expect.objectContaining({ kind: 'refuse', eventId: 'e2', reason: 'dependency-failed' }),
    expect.objectContaining({ kind: 'run-ended', runId: run?.runId, reason: 'FAILED' }),
  ]);
  const events = (await received('by-rule', 3)) as {
    source: string;
    'detail-type': string;
    detail: object;
  }[];
  expect(events.map((event) => event['detail-type']).sort()).toEqual([
    'Gluepot Job Launched',
    'Gluepot Launch Refused',
    'Gluepot Run Ended',
  ]);
  expect(events.map(({ detail }) => detail)).toEqual(expect.arrayContaining(notices));
});

it('nobody is told of what "on" does not name', async () => {
  const { launcher } = await open(`{ queue: '${URL('direct')}', on: [refuse] }`);
  await launcher().launch(batchEvent());
  await launcher().launch(batchEvent({ status: 'FAILED' }));
  expect(await received('direct', 1)).toMatchObject([{ kind: 'refuse' }]);
});

it('a bus and a queue that are gone are named, and the run is recorded all the same', async () => {
  const { launcher, runs } = await open(`{ eventBus: gone, queue: '${URL('gone')}' }`);
  const { records, launch } = launcher();
  const { decision, run, notNotified } = await launch(batchEvent());
  expect(decision).toBe('launch');
  expect(notNotified).toEqual([
    expect.stringContaining('The event bus gone could not be told:'),
    expect.stringContaining(`The queue ${URL('gone')} could not be told:`),
  ]);
  expect(await records.records(10)).toEqual([run]);
  expect(await runs()).toHaveLength(1);
});
