// CloudWatch Logs through the SDK's client, in process.
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { steppingClock } from '../../base/clock.js';
import { countingIds } from '../../base/ids.js';
import { silentLog } from '../../base/log.js';
import { openLogGroups, type LogStore } from '../../logs/open-log-groups.js';
import { logsSchema } from '../../logs/schema.js';
import { openState } from '../../state/state.js';
import { trustingAuthenticator } from '../../wire/authenticate.js';
import { createDispatcher } from '../../wire/dispatch.js';
import { IN_PROCESS_ENDPOINT, inProcessRequestHandler } from '../../wire/in-process.js';
import { logsService } from './index.js';

const now = new Date('2024-05-01T10:00:00Z');
let store: LogStore;
let logs: CloudWatchLogsClient;

beforeEach(() => {
  const clock = steppingClock(now);
  store = openLogGroups(openState(':memory:', [logsSchema]), { clock });
  const handler = createDispatcher({
    services: [logsService(store, { clock })],
    ids: countingIds(),
    log: silentLog,
    accountId: '123456789012',
    region: 'us-east-1',
    authenticate: trustingAuthenticator(() => ''),
  });
  logs = new CloudWatchLogsClient({
    region: 'us-east-1',
    endpoint: IN_PROCESS_ENDPOINT,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: inProcessRequestHandler(handler),
    maxAttempts: 1,
  });
});

const group = '/aws-glue/jobs/output';
const event = (offsetMs: number, message: string) => ({ timestamp: now.getTime() + offsetMs, message });
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('groups and streams', () => {
  it('are made, listed in pages and deleted', async () => {
    for (const name of ['a', 'b', 'c']) await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
    const first = await logs.send(new DescribeLogGroupsCommand({ limit: 2 }));
    expect(first.logGroups!.map((found) => found.logGroupName)).toEqual(['a', 'b']);
    expect(first.logGroups![0]).toMatchObject({
      arn: 'arn:aws:logs:us-east-1:123456789012:log-group:a:*',
      creationTime: now.getTime(),
      storedBytes: 0,
    });
    const second = await logs.send(new DescribeLogGroupsCommand({ limit: 2, nextToken: first.nextToken }));
    expect([second.logGroups!.map((found) => found.logGroupName), second.nextToken]).toEqual([
      ['c'],
      undefined,
    ]);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: 'a' }));
    expect(await refusal(logs.send(new DeleteLogGroupCommand({ logGroupName: 'a' })))).toBe(
      'ResourceNotFoundException: The specified log group does not exist.',
    );
  });

  it('are ordered by name or by their last event', async () => {
    store.append(group, 'old', [event(-5000, 'x')]);
    store.append(group, 'new', [event(0, 'x')]);
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
    store.groups.create('a');
    const call = logs.send(new PutRetentionPolicyCommand({ logGroupName: 'a', retentionInDays: 1 }));
    expect(await refusal(call)).toMatch(/PutRetentionPolicy/);
  });
});

describe('PutLogEvents', () => {
  const put = (...logEvents: { timestamp: number; message: string }[]) =>
    logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: 's', logEvents }));

  it('says which events were too old or too new to be kept', async () => {
    store.groups.create(group);
    store.streams.create(group, 's');
    const day = 24 * 3600 * 1000;
    const answer = await put(event(-15 * day, 'old'), event(0, 'kept'), event(day, 'new'));
    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    expect(store.read(group, 's').events.map((kept) => kept.message)).toEqual(['kept']);
  });

  it('wants events in order, and a stream', async () => {
    expect(await refusal(put(event(0, 'x')))).toBe(
      'ResourceNotFoundException: The specified log group does not exist.',
    );
    store.groups.create(group);
    store.streams.create(group, 's');
    expect(await refusal(put(event(1, 'x'), event(0, 'y')))).toBe(
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
          store.append(
            group,
            's',
            messages.map((message, index) => event(index, message)),
          );
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
          store.groups.delete(group);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('gives new lines to who waits at the end, and the way back', async () => {
    store.append(group, 's', [event(0, 'one'), event(1, 'two')]);
    const tail = await get({ limit: 1 });
    expect(tail.events!.map((found) => found.message)).toEqual(['two']);
    const waiting = await get({ nextToken: tail.nextForwardToken });
    expect([waiting.events, waiting.nextForwardToken]).toEqual([[], tail.nextForwardToken]);
    store.append(group, 's', [event(2, 'three')]);
    const arrived = await get({ nextToken: waiting.nextForwardToken });
    expect(arrived.events!.map((found) => found.message)).toEqual(['three']);
    const back = await get({ nextToken: arrived.nextBackwardToken });
    expect(back.events!.map((found) => found.message)).toEqual(['one', 'two']);
  });

  it('takes a span of time, without its end', async () => {
    store.append(group, 's', [event(0, 'one'), event(1, 'two'), event(2, 'three')]);
    const page = await get({ startTime: now.getTime() + 1, endTime: now.getTime() + 2 });
    expect(page.events).toEqual([{ ...event(1, 'two'), ingestionTime: now.getTime() }]);
  });

  it('refuses a token that it did not give', async () => {
    store.append(group, 's', []);
    expect(await refusal(get({ nextToken: 'x' }))).toMatch(
      /^InvalidParameterException: The specified nextToken is invalid/,
    );
  });
});

describe('FilterLogEvents', () => {
  const filter = (input: object) => logs.send(new FilterLogEventsCommand({ logGroupName: group, ...input }));

  it('finds terms in all streams, in order of time, page after page', async () => {
    store.append(group, 'a', [event(0, 'ERROR a0'), event(2, 'INFO a2'), event(4, 'ERROR a4')]);
    store.append(group, 'b', [event(1, 'ERROR b1'), event(3, 'ERROR b3')]);
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
    for (const stream of ['run-1', 'run-2', 'other']) store.append(group, stream, [event(0, stream)]);
    const messages = async (input: object) => (await filter(input)).events!.map((found) => found.message);
    expect(await messages({ logStreamNamePrefix: 'run-' })).toEqual(['run-1', 'run-2']);
    expect(await messages({ logStreamNames: ['other', 'none'] })).toEqual(['other']);
  });

  it('refuses patterns that it does not understand', async () => {
    store.groups.create(group);
    expect(await refusal(filter({ filterPattern: '{ $.x = 1 }' }))).toMatch(
      /^InvalidParameterException: Invalid filter pattern/,
    );
  });
});
