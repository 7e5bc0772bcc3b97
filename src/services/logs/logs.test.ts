// CloudWatch Logs through the SDK's client, in process.
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutDestinationCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steppingClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const now = new Date('2024-05-01T10:00:00Z');
let aws: Embedded;
let logs: CloudWatchLogsClient;

beforeEach(async () => {
  aws = await openEmbedded({ clock: steppingClock(now) });
  ({ logs } = aws.clients());
  await createGroup(group);
});

afterEach(() => aws.close());

const group = '/aws-glue/jobs/output';
const event = (offsetMs: number, message: string) => ({ timestamp: now.getTime() + offsetMs, message });
const createGroup = (logGroupName: string) => logs.send(new CreateLogGroupCommand({ logGroupName }));
const createStream = (logGroupName: string, logStreamName: string) =>
  logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
const put = (logStreamName: string, ...logEvents: { timestamp: number; message: string }[]) =>
  logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents }));
/** A stream in `group` with these events. */
async function fill(stream: string, ...events: { timestamp: number; message: string }[]): Promise<void> {
  await createStream(group, stream);
  if (events.length > 0) await put(stream, ...events);
}
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('groups and streams', () => {
  it('are made, listed in pages and deleted', async () => {
    for (const name of ['a', 'b']) await createGroup(name);
    const first = await logs.send(new DescribeLogGroupsCommand({ limit: 2 }));
    expect(first.logGroups!.map((found) => found.logGroupName)).toEqual([group, 'a']);
    expect(first.logGroups![1]).toMatchObject({
      arn: 'arn:aws:logs:us-east-1:123456789012:log-group:a:*',
      creationTime: now.getTime(),
      storedBytes: 0,
    });
    const second = await logs.send(new DescribeLogGroupsCommand({ limit: 2, nextToken: first.nextToken }));
    expect([second.logGroups!.map((found) => found.logGroupName), second.nextToken]).toEqual([
      ['b'],
      undefined,
    ]);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: 'a' }));
    expect(await refusal(logs.send(new DeleteLogGroupCommand({ logGroupName: 'a' })))).toBe(
      'ResourceNotFoundException: The specified log group does not exist.',
    );
  });

  it('are ordered by name or by their last event', async () => {
    await fill('old', event(-5000, 'x'));
    await fill('new', event(0, 'x'));
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 'empty' }));
    const names = async (input: object) =>
      (await logs.send(new DescribeLogStreamsCommand({ logGroupName: group, ...input }))).logStreams!.map(
        (stream) => stream.logStreamName,
      );
    expect(await names({})).toEqual(['empty', 'new', 'old']);
    expect(await names({ orderBy: 'LastEventTime', descending: true })).toEqual(['new', 'old', 'empty']);
    expect(await names({ logStreamNamePrefix: 'e' })).toEqual(['empty']);
    await logs.send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: 'old' }));
    expect(await names({})).toEqual(['empty', 'new']);
  });

  it('are tagged by ARN', async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'a', tags: { x: '1' } }));
    const resourceArn = 'arn:aws:logs:us-east-1:123456789012:log-group:a';
    await logs.send(new TagResourceCommand({ resourceArn, tags: { y: '2' } }));
    await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['x'] }));
    expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ y: '2' });
  });

  it('are not given a retention that nobody would keep', async () => {
    await createGroup('a');
    const call = logs.send(
      new PutDestinationCommand({ destinationName: 'a', targetArn: 'arn:x', roleArn: 'arn:y' }),
    );
    expect(await refusal(call)).toMatch(/PutDestination/);
  });
});

describe('PutLogEvents', () => {
  it('says which events were too old or too new to be kept', async () => {
    await createStream(group, 's');
    const day = 24 * 3600 * 1000;
    const answer = await put('s', event(-15 * day, 'old'), event(0, 'kept'), event(day, 'new'));
    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    const { events } = await logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName: 's' }));
    expect(events!.map((kept) => kept.message)).toEqual(['kept']);
  });

  it('wants events in order, and a stream', async () => {
    expect(await refusal(put('s', event(0, 'x')))).toBe(
      'ResourceNotFoundException: The specified log stream does not exist.',
    );
    await createStream(group, 's');
    expect(await refusal(put('s', event(1, 'x'), event(0, 'y')))).toBe(
      'InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.',
    );
  });
});

describe('GetLogEvents', () => {
  const get = (input: object) =>
    logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName: 's', ...input }));

  it('followed forwards from the head, or backwards from the tail, is the whole stream', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (count, limit) => {
          const messages = Array.from({ length: count }, (_, index) => `line ${index}`);
          await fill('s', ...messages.map((message, index) => event(index, message)));
          for (const startFromHead of [true, false]) {
            let read: (string | undefined)[] = [];
            let token: string | undefined;
            for (;;) {
              const page = await get({ limit, startFromHead, nextToken: token });
              const found = page.events!.map((found) => found.message);
              read = startFromHead ? [...read, ...found] : [...found, ...read];
              const next = startFromHead ? page.nextForwardToken : page.nextBackwardToken;
              if (next === token) break;
              token = next;
            }
            expect(read).toEqual(messages);
          }
          await logs.send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: 's' }));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('gives new lines to who waits at the end, and the way back', async () => {
    await fill('s', event(0, 'one'), event(1, 'two'));
    const tail = await get({ limit: 1 });
    expect(tail.events!.map((found) => found.message)).toEqual(['two']);
    const waiting = await get({ nextToken: tail.nextForwardToken });
    expect([waiting.events, waiting.nextForwardToken]).toEqual([[], tail.nextForwardToken]);
    await put('s', event(2, 'three'));
    const arrived = await get({ nextToken: waiting.nextForwardToken });
    expect(arrived.events!.map((found) => found.message)).toEqual(['three']);
    const back = await get({ nextToken: arrived.nextBackwardToken });
    expect(back.events!.map((found) => found.message)).toEqual(['one', 'two']);
  });

  it('takes a span of time, without its end', async () => {
    await fill('s', event(0, 'one'), event(1, 'two'), event(2, 'three'));
    const page = await get({ startTime: now.getTime() + 1, endTime: now.getTime() + 2 });
    expect(page.events).toEqual([{ ...event(1, 'two'), ingestionTime: now.getTime() }]);
  });

  it('refuses a token that it did not give', async () => {
    await fill('s');
    expect(await refusal(get({ nextToken: 'x' }))).toMatch(
      /^InvalidParameterException: The specified nextToken is invalid/,
    );
  });
});

describe('FilterLogEvents', () => {
  const filter = (input: object) => logs.send(new FilterLogEventsCommand({ logGroupName: group, ...input }));

  it('finds terms in all streams, in order of time, page after page', async () => {
    await fill('a', event(0, 'ERROR a0'), event(2, 'INFO a2'), event(4, 'ERROR a4'));
    await fill('b', event(1, 'ERROR b1'), event(3, 'ERROR b3'));
    const first = await filter({ filterPattern: 'ERROR', limit: 3 });
    expect(first.events!.map((found) => [found.logStreamName, found.message])).toEqual([
      ['a', 'ERROR a0'],
      ['b', 'ERROR b1'],
      ['b', 'ERROR b3'],
    ]);
    const second = await filter({ filterPattern: 'ERROR', limit: 3, nextToken: first.nextToken });
    expect([second.events!.map((found) => found.message), second.nextToken]).toEqual([
      ['ERROR a4'],
      undefined,
    ]);
    const ids = [...first.events!, ...second.events!].map((found) => found.eventId);
    expect(new Set(ids).size).toBe(4);
  });

  it('looks in the streams it is told to', async () => {
    for (const stream of ['run-1', 'run-2', 'other']) await fill(stream, event(0, stream));
    const messages = async (input: object) => (await filter(input)).events!.map((found) => found.message);
    expect(await messages({ logStreamNamePrefix: 'run-' })).toEqual(['run-1', 'run-2']);
    expect(await messages({ logStreamNames: ['other', 'none'] })).toEqual(['other']);
  });

  it('takes a span of time with its end, and finds fields of JSON in it', async () => {
    const json = (offsetMs: number, level: string) =>
      event(offsetMs, JSON.stringify({ level, at: offsetMs }));
    await fill('s', json(0, 'WARN'), json(1, 'INFO'), json(2, 'WARN'), json(3, 'WARN'));
    const { events } = await filter({
      startTime: now.getTime() + 1,
      endTime: now.getTime() + 2,
      filterPattern: '{ $.level = "WARN" }',
      interleaved: true,
    });
    expect(events!.map(({ message }) => message)).toEqual(['{"level":"WARN","at":2}']);
  });

  it('refuses patterns that it does not understand', async () => {
    expect(await refusal(filter({ filterPattern: '{ $.x = }' }))).toMatch(
      /^InvalidParameterException: Invalid filter pattern/,
    );
  });
});

describe('retention', () => {
  const DAY_MS = 24 * 3600 * 1000;
  const groupOf = async () => (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.[0];

  it('drops what a group has kept for longer, and no more when it is taken back', async () => {
    await fill('s', event(-10 * DAY_MS, 'old'), event(-3 * DAY_MS, 'newer'), event(0, 'now'));
    await fill('other', event(-9 * DAY_MS, 'old too'));
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 7 }));
    const messages = async () => {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: group }));
      return events.map(({ message }) => message);
    };
    expect(await messages()).toEqual(['newer', 'now']);
    expect(await groupOf()).toMatchObject({ retentionInDays: 7, storedBytes: 5 + 3 + 2 * 26 });
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: group }));
    expect(await groupOf()).not.toHaveProperty('retentionInDays');
    await put('other', event(-8 * DAY_MS, 'old again'));
    expect(await messages()).toEqual(['old again', 'newer', 'now']);
  });

  it('is one of the spans that CloudWatch Logs has, of a group that is there', async () => {
    const set = (logGroupName: string, retentionInDays: number) =>
      refusal(logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays })));
    expect(await set(group, 2)).toMatch(/InvalidParameterException: retentionInDays 2 is not one of 1, 3, 5/);
    expect(await set('none', 7)).toMatch(/ResourceNotFoundException/);
  });
});
