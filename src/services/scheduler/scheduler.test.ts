// Scheduler through its SDK client, with a clock that the test moves.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { attachGluePermissions } from '../../../test/glue-permissions.js';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/scheduler`;
const OFF = { Mode: 'OFF' } as const;
const clock = manualClock(new Date('2024-03-30T12:00:00Z'));
let aws: Embedded;
beforeAll(async () => {
  aws = await openEmbedded({ clock });
  await aws.clients().iam.createRole({
    RoleName: 'scheduler',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: ['scheduler.amazonaws.com', 'glue.amazonaws.com'] },
        },
      ],
    }),
  });
  await attachGluePermissions(aws.clients().iam, 'scheduler');
});
afterAll(() => aws.close());

async function makeQueue(name: string): Promise<string> {
  await aws.clients().sqs.createQueue({ QueueName: name });
  return `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
}

/** Bodies on the queue, which go. */
async function drain(name: string): Promise<string[]> {
  const { sqs } = aws.clients();
  const QueueUrl = `http://localhost/${ACCOUNT}/${name}`;
  const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
  for (const { ReceiptHandle } of Messages) {
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: ReceiptHandle });
  }
  return Messages.map(({ Body = '' }) => Body);
}

const eventually = async (name: string, bodies: string[]) => {
  const found: string[] = [];
  await vi.waitFor(async () => {
    found.push(...(await drain(name)));
    expect(found).toEqual(bodies);
  });
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a schedule', () => {
  it('fires once at its time in its zone and is deleted after that when so asked', async () => {
    const { scheduler } = aws.clients();
    const Arn = await makeQueue('once');
    await scheduler.createSchedule({
      Name: 'once',
      ScheduleExpression: 'at(2024-03-30T14:00:00)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: OFF,
      ActionAfterCompletion: 'DELETE',
      Target: { Arn, RoleArn: ROLE, Input: '<aws.scheduler.scheduled-time>' },
    });
    await clock.advance(59 * MINUTE);
    expect(await drain('once')).toEqual([]);
    await clock.advance(MINUTE);
    await eventually('once', ['2024-03-30T13:00:00Z']);
    await expect(scheduler.getSchedule({ Name: 'once' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('keeps to the wall clock of its zone when that is put forward', async () => {
    const { scheduler } = aws.clients();
    const Arn = await makeQueue('daily');
    await scheduler.createSchedule({
      Name: 'daily',
      ScheduleExpression: 'cron(0 9 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: OFF,
      Target: { Arn, RoleArn: ROLE, Input: '<aws.scheduler.scheduled-time>' },
    });
    await clock.advance(48 * HOUR);
    // Summer time begins on 31 March.
    await eventually('daily', ['2024-03-31T07:00:00Z', '2024-04-01T07:00:00Z']);
    await scheduler.deleteSchedule({ Name: 'daily' });
  });

  it('with a rate fires from its start to its end', async () => {
    const { scheduler } = aws.clients();
    const Arn = await makeQueue('rate');
    const now = clock.now().getTime();
    await scheduler.createSchedule({
      Name: 'rate',
      ScheduleExpression: 'rate(10 minutes)',
      FlexibleTimeWindow: OFF,
      StartDate: new Date(now + HOUR),
      EndDate: new Date(now + HOUR + 25 * MINUTE),
      Target: { Arn, RoleArn: ROLE, Input: 'x' },
    });
    await clock.advance(59 * MINUTE);
    expect(await drain('rate')).toEqual([]);
    await clock.advance(HOUR);
    await eventually('rate', ['x', 'x', 'x']);
  });

  it('fires within its flexible window', async () => {
    const { scheduler } = aws.clients();
    const Arn = await makeQueue('window');
    const at = new Date(clock.now().getTime() + HOUR).toISOString().slice(0, 19);
    await scheduler.createSchedule({
      Name: 'window',
      ScheduleExpression: `at(${at})`,
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 },
      Target: { Arn, RoleArn: ROLE, Input: 'x' },
    });
    await clock.advance(HOUR - 1);
    expect(await drain('window')).toEqual([]);
    await clock.advance(30 * MINUTE + 1);
    await eventually('window', ['x']);
    expect(await scheduler.getSchedule({ Name: 'window' })).toMatchObject({ State: 'ENABLED' });
  });

  it('starts a crawler by a universal target, and puts what cannot be started on its dead-letter queue', async () => {
    const { scheduler, glue, s3 } = aws.clients();
    await s3.createBucket({ Bucket: 'scheduled' });
    await glue.createDatabase({ DatabaseInput: { Name: 'db' } });
    await glue.createCrawler({
      Name: 'nightly',
      Role: 'scheduler',
      DatabaseName: 'db',
      Targets: { S3Targets: [{ Path: 's3://scheduled/data/' }] },
    });
    const dead = await makeQueue('dead');
    const start = (Name: string, crawler: string) =>
      scheduler.createSchedule({
        Name,
        ScheduleExpression: 'rate(1 day)',
        FlexibleTimeWindow: OFF,
        Target: {
          Arn: 'arn:aws:scheduler:::aws-sdk:glue:startCrawler',
          RoleArn: ROLE,
          Input: JSON.stringify({ Name: crawler }),
          DeadLetterConfig: { Arn: dead },
        },
      });
    await start('good', 'nightly');
    await start('bad', 'not-there');
    await clock.advance(1000);
    await vi.waitFor(async () => {
      const { Crawls } = await glue.listCrawls({ CrawlerName: 'nightly' });
      expect(Crawls).toHaveLength(1);
    });
    await eventually('dead', ['{"Name":"not-there"}']);
    for (const Name of ['good', 'bad']) await scheduler.deleteSchedule({ Name });
  });
});

describe('schedules', () => {
  it('are made once, told, replaced, listed by group and go with it', async () => {
    const { scheduler } = aws.clients();
    const Arn = await makeQueue('kept');
    await scheduler.createScheduleGroup({ Name: 'team', Tags: [{ Key: 'k', Value: 'v' }] });
    const input = {
      Name: 'kept',
      GroupName: 'team',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: OFF,
      State: 'DISABLED' as const,
      Target: { Arn, RoleArn: ROLE },
    };
    const { ScheduleArn } = await scheduler.createSchedule(input);
    expect(ScheduleArn).toBe(`arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/team/kept`);
    await expect(scheduler.createSchedule(input)).rejects.toMatchObject({
      name: 'ConflictException',
      $metadata: { httpStatusCode: 409 },
    });
    await scheduler.updateSchedule({ ...input, Description: 'now' });
    expect(await scheduler.getSchedule({ Name: 'kept', GroupName: 'team' })).toMatchObject({
      Arn: ScheduleArn,
      Description: 'now',
      State: 'DISABLED',
      ActionAfterCompletion: 'NONE',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: OFF,
      Target: { Arn, RoleArn: ROLE },
    });
    const { Schedules } = await scheduler.listSchedules({ GroupName: 'team' });
    expect(Schedules?.map(({ Name }) => Name)).toEqual(['kept']);
    const { ScheduleGroups } = await scheduler.listScheduleGroups({});
    expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default', 'team']);
    const group = await scheduler.getScheduleGroup({ Name: 'team' });
    expect(await scheduler.listTagsForResource({ ResourceArn: group.Arn })).toMatchObject({
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    await scheduler.deleteScheduleGroup({ Name: 'team' });
    await expect(scheduler.getSchedule({ Name: 'kept', GroupName: 'team' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it.each([
    ['an odd expression', { ScheduleExpression: 'every(5)' }],
    ['an odd zone', { ScheduleExpressionTimezone: 'Mars/Olympus' }],
    ['a window without a length', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const } }],
    [
      'a role that is not there',
      { Target: { Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:q`, RoleArn: `${ROLE}2` } },
    ],
    ['a reading operation', { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:glue:getJobs', RoleArn: ROLE } }],
    [
      'an operation that is not there',
      { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:sns:publish', RoleArn: ROLE } },
    ],
  ])('with %s are refused', async (_what, change) => {
    await expect(
      aws.clients().scheduler.createSchedule({
        Name: 'bad',
        ScheduleExpression: 'rate(1 hour)',
        FlexibleTimeWindow: OFF,
        Target: { Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:q`, RoleArn: ROLE },
        ...change,
      }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
