// When schedules fire, by a clock that the test moves: the change of daylight saving, starts, ends and windows.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import { manualClock, type ManualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/scheduler`;
const QUEUE = {
  Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:fired`,
  RoleArn: ROLE,
  Input: '<aws.scheduler.scheduled-time>',
};
const OFF = { Mode: 'OFF' } as const;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let clock: ManualClock;
let aws: Embedded;
afterEach(() => aws.close());

async function openAt(start: string): Promise<void> {
  clock = manualClock(new Date(start));
  aws = await openEmbedded({ clock });
  const { iam, sqs } = aws.clients();
  await sqs.createQueue({ QueueName: 'fired' });
  await iam.createRole({
    RoleName: 'scheduler',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: ['scheduler.amazonaws.com', 'glue.amazonaws.com', 'lambda.amazonaws.com'] },
        },
      ],
    }),
  });
}

const make = (ScheduleExpression: string, rest: Partial<CreateScheduleCommandInput> = {}) =>
  aws.clients().scheduler.createSchedule({
    Name: 's',
    ScheduleExpression,
    FlexibleTimeWindow: OFF,
    Target: QUEUE,
    ...rest,
  });

/** Times for which schedules have fired, in order; they are forgotten. */
async function fired(count: number): Promise<string[]> {
  const { sqs } = aws.clients();
  const QueueUrl = `http://localhost/${ACCOUNT}/fired`;
  const times: string[] = [];
  const take = async () => {
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
    for (const { Body = '', ReceiptHandle = '' } of Messages) {
      times.push(Body);
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    }
  };
  await vi.waitFor(async () => {
    await take();
    expect(times.length).toBeGreaterThanOrEqual(count);
  });
  await take();
  return times.sort();
}

describe('a cron expression with a time zone', () => {
  it.each<[string, string, string, string, number, string[]]>([
    [
      'keeps to the wall clock when it is put forward',
      '2024-03-30T12:00:00Z',
      'cron(0 9 * * ? *)',
      'Europe/Berlin',
      48,
      ['2024-03-31T07:00:00Z', '2024-04-01T07:00:00Z'],
    ],
    [
      'keeps to the wall clock when it is put back',
      '2024-10-26T12:00:00Z',
      'cron(0 9 * * ? *)',
      'Europe/Berlin',
      48,
      ['2024-10-27T08:00:00Z', '2024-10-28T08:00:00Z'],
    ],
    [
      'fires once in an hour that comes twice',
      '2024-11-02T12:00:00Z',
      'cron(30 1 * * ? *)',
      'America/New_York',
      48,
      ['2024-11-03T05:30:00Z', '2024-11-04T06:30:00Z'],
    ],
    [
      'counts in half hours where the zone does, and not on Saturday',
      '2024-06-01T00:00:00Z',
      'cron(0 6 ? * MON-FRI *)',
      'Asia/Kolkata',
      72,
      ['2024-06-03T00:30:00Z'],
    ],
  ])('%s', async (_what, start, expression, ScheduleExpressionTimezone, hours, expected) => {
    await openAt(start);
    await make(expression, { ScheduleExpressionTimezone });
    await clock.advance(hours * HOUR);
    expect(await fired(expected.length)).toEqual(expected);
  });

  it('does not lose the day on which its hour does not come', async () => {
    // AWS docs say that such a time is skipped; what fires on the next day is not in doubt.
    await openAt('2024-03-30T12:00:00Z');
    await make('cron(30 2 * * ? *)', { ScheduleExpressionTimezone: 'Europe/Berlin' });
    await clock.advance(48 * HOUR);
    expect((await fired(1)).at(-1)).toBe('2024-04-01T00:30:00Z');
  });
});

describe('a rate', () => {
  beforeEach(() => openAt('2024-05-01T10:07:13Z'));

  it('fires at once when it is made, then period after period', async () => {
    await make('rate(5 minutes)');
    await clock.advance(1);
    expect(await fired(1)).toEqual(['2024-05-01T10:07:13Z']);
    await clock.advance(10 * MINUTE);
    expect(await fired(2)).toEqual(['2024-05-01T10:12:13Z', '2024-05-01T10:17:13Z']);
  });

  it('fires first at its start when it has one, and not after its end', async () => {
    await make('rate(10 minutes)', {
      StartDate: new Date('2024-05-01T11:00:00Z'),
      EndDate: new Date('2024-05-01T11:20:00Z'),
    });
    await clock.advance(2 * HOUR);
    expect(await fired(3)).toEqual(['2024-05-01T11:00:00Z', '2024-05-01T11:10:00Z', '2024-05-01T11:20:00Z']);
  });

  it('goes when its end has come and it was asked to', async () => {
    await make('rate(10 minutes)', {
      EndDate: new Date('2024-05-01T10:20:00Z'),
      ActionAfterCompletion: 'DELETE',
    });
    await clock.advance(HOUR);
    expect(await fired(2)).toHaveLength(2);
    await expect(aws.clients().scheduler.getSchedule({ Name: 's' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('does not fire while it is disabled, and makes up for nothing after that', async () => {
    await make('rate(5 minutes)', { State: 'DISABLED' });
    await clock.advance(HOUR);
    const { scheduler } = aws.clients();
    const input = {
      Name: 's',
      ScheduleExpression: 'rate(5 minutes)',
      FlexibleTimeWindow: OFF,
      Target: QUEUE,
    };
    await scheduler.updateSchedule({ ...input, State: 'ENABLED' });
    await clock.advance(5 * MINUTE);
    expect(await fired(1)).toEqual(['2024-05-01T11:12:13Z']);
  });
});

describe('a time', () => {
  beforeEach(() => openAt('2024-05-01T10:00:00Z'));

  it('that is past fires at once, once', async () => {
    await make('at(2024-04-30T00:00:00)');
    await clock.advance(HOUR);
    expect(await fired(1)).toEqual(['2024-04-30T00:00:00Z']);
    const { scheduler } = aws.clients();
    expect(await scheduler.getSchedule({ Name: 's' })).toMatchObject({ ActionAfterCompletion: 'NONE' });
  });

  it('is one of its zone', async () => {
    await make('at(2024-05-01T20:00:00)', { ScheduleExpressionTimezone: 'Asia/Tokyo' });
    await clock.advance(HOUR - 1);
    expect(await fired(0)).toEqual([]);
    await clock.advance(1);
    expect(await fired(1)).toEqual(['2024-05-01T11:00:00Z']);
  });

  it('takes its schedule with it when it was asked to', async () => {
    await make('at(2024-05-01T10:30:00)', { ActionAfterCompletion: 'DELETE' });
    await clock.advance(HOUR);
    expect(await fired(1)).toEqual(['2024-05-01T10:30:00Z']);
    expect((await aws.clients().scheduler.listSchedules({})).Schedules).toEqual([]);
  });
});

it('a flexible window has each firing within it, told with the time it is for', async () => {
  await openAt('2024-05-01T10:30:00Z');
  await make('cron(0 * * * ? *)', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 } });
  for (const hour of ['11', '12', '13']) {
    await clock.advance(30 * MINUTE - 1);
    expect(await fired(0)).toEqual([]);
    await clock.advance(15 * MINUTE + 1);
    expect(await fired(1)).toEqual([`2024-05-01T${hour}:00:00Z`]);
    await clock.advance(15 * MINUTE);
  }
});
