// StartLiveTail through its SDK client, with a clock that the test moves, and over a socket.
import {
  CloudWatchLogs,
  type LiveTailSessionUpdate,
  type StartLiveTailCommandInput,
  type StartLiveTailResponseStream,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const SECOND = 1000;
const clock = manualClock(new Date('2024-05-01T10:00:00Z'));
let aws: Embedded;
let logs: CloudWatchLogs;

beforeAll(async () => {
  aws = await openEmbedded({ clock });
  ({ logs } = aws.clients());
  for (const logGroupName of ['crawls', 'jobs']) {
    await logs.createLogGroup({ logGroupName });
    await logs.createLogStream({ logGroupName, logStreamName: 'first' });
  }
  await put('crawls', 'first', 'before the session');
});
afterAll(() => aws.close());

const arnOf = (group: string) => `arn:aws:logs:us-east-1:123456789012:log-group:${group}`;
const put = (logGroupName: string, logStreamName: string, ...messages: string[]) =>
  logs.putLogEvents({
    logGroupName,
    logStreamName,
    logEvents: messages.map((message) => ({ message, timestamp: clock.now().getTime() })),
  });

async function start(
  input: Partial<StartLiveTailCommandInput> = {},
): Promise<AsyncIterator<StartLiveTailResponseStream>> {
  const { responseStream } = await logs.startLiveTail({ logGroupIdentifiers: [arnOf('crawls')], ...input });
  return responseStream![Symbol.asyncIterator]();
}

/** The update of the second that passes now. */
async function nextUpdate(
  session: AsyncIterator<StartLiveTailResponseStream>,
): Promise<LiveTailSessionUpdate> {
  const next = session.next();
  await clock.advance(SECOND);
  const { value } = (await next) as { value: StartLiveTailResponseStream };
  return value.sessionUpdate!;
}
const messagesOf = ({ sessionResults }: LiveTailSessionUpdate) =>
  sessionResults!.map(({ message }) => message);

describe('a live tail', () => {
  it('begins with what was asked for, then tells every second what arrived, in streams new and old', async () => {
    const logGroupIdentifiers = [arnOf('crawls'), arnOf('jobs')];
    const session = await start({ logGroupIdentifiers, logEventFilterPattern: '-debug' });
    const { sessionStart } = ((await session.next()) as { value: StartLiveTailResponseStream }).value;
    expect(sessionStart).toMatchObject({ logGroupIdentifiers, logEventFilterPattern: '-debug' });
    expect(sessionStart!.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await nextUpdate(session)).toEqual({ sessionMetadata: { sampled: false }, sessionResults: [] });
    await put('crawls', 'first', 'one', 'debug one');
    await logs.createLogStream({ logGroupName: 'jobs', logStreamName: 'new' });
    await put('jobs', 'new', 'two');
    const timestamp = clock.now().getTime();
    expect((await nextUpdate(session)).sessionResults).toEqual([
      {
        logGroupIdentifier: arnOf('crawls'),
        logStreamName: 'first',
        message: 'one',
        timestamp,
        ingestionTime: timestamp,
      },
      {
        logGroupIdentifier: arnOf('jobs'),
        logStreamName: 'new',
        message: 'two',
        timestamp,
        ingestionTime: timestamp,
      },
    ]);
    expect(messagesOf(await nextUpdate(session))).toEqual([]);
    await session.return!();
  });

  it('keeps to the streams it is told to', async () => {
    for (const logStreamName of ['run-1', 'run-2', 'other']) {
      await logs.createLogStream({ logGroupName: 'crawls', logStreamName });
    }
    const named = await start({ logStreamNames: ['other'] });
    const prefixed = await start({ logStreamNamePrefixes: ['run-'] });
    for (const session of [named, prefixed]) await session.next();
    for (const stream of ['run-1', 'run-2', 'other']) await put('crawls', stream, stream);
    const both = Promise.all([named.next(), prefixed.next()]);
    await clock.advance(SECOND);
    const updates = (await both).map(({ value }) => (value as StartLiveTailResponseStream).sessionUpdate!);
    expect(updates.map(messagesOf)).toEqual([['other'], ['run-1', 'run-2']]);
    for (const session of [named, prefixed]) await session.return!();
  });

  it('tells 500 events of a second that had more, and says so', async () => {
    const session = await start();
    await session.next();
    await put('crawls', 'first', ...Array.from({ length: 1000 }, (_, index) => `line ${index}`));
    const update = await nextUpdate(session);
    expect(update.sessionMetadata).toEqual({ sampled: true });
    expect(messagesOf(update)).toEqual(Array.from({ length: 500 }, (_, index) => `line ${2 * index}`));
    await session.return!();
  });

  it('ends after three hours', async () => {
    const session = await start();
    await session.next();
    const rest = (async () => {
      let count = 0;
      for (;;) {
        await session.next();
        count++;
        if (count > 11_000) return count;
      }
    })();
    const refused = expect(rest).rejects.toMatchObject({ name: 'SessionTimeoutException' });
    await clock.advance(3 * 3600 * SECOND);
    await refused;
  });

  it('reaches a client over a socket, and ends with its server', async () => {
    const server = await openEmbedded();
    const { endpoint } = await server.listen({ port: 0 });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    // On AWS the operation has a host of its own, `stream-` and the service's.
    const client = new CloudWatchLogs({
      endpoint,
      region: 'us-east-1',
      credentials,
      disableHostPrefix: true,
    });
    await client.createLogGroup({ logGroupName: 'g' });
    await client.createLogStream({ logGroupName: 'g', logStreamName: 's' });
    const { responseStream } = await client.startLiveTail({ logGroupIdentifiers: [arnOf('g')] });
    const heard: (string | undefined)[] = [];
    for await (const { sessionStart, sessionUpdate } of responseStream!) {
      if (sessionStart) {
        const logEvents = [{ message: 'hello', timestamp: Date.now() }];
        await client.putLogEvents({ logGroupName: 'g', logStreamName: 's', logEvents });
      }
      if (sessionUpdate && heard.push(...messagesOf(sessionUpdate)) > 0) void server.close();
    }
    expect(heard).toEqual(['hello']);
    client.destroy();
  });

  it.each([
    ['a group that is not there', { logGroupIdentifiers: [arnOf('none')] }, 'ResourceNotFoundException'],
    [
      'an ARN with an asterisk',
      { logGroupIdentifiers: [`${arnOf('crawls')}:*`] },
      'InvalidParameterException',
    ],
    [
      'streams of two groups',
      { logGroupIdentifiers: [arnOf('crawls'), arnOf('jobs')], logStreamNames: ['first'] },
      'InvalidParameterException',
    ],
    [
      'names and prefixes',
      { logStreamNames: ['first'], logStreamNamePrefixes: ['f'] },
      'InvalidParameterException',
    ],
    ['a pattern that is none', { logEventFilterPattern: '{' }, 'InvalidParameterException'],
    [
      'eleven groups',
      { logGroupIdentifiers: Array<string>(11).fill(arnOf('crawls')) },
      'InvalidParameterException',
    ],
  ])('of %s is refused', async (_what, input, name) => {
    await expect(start(input)).rejects.toMatchObject({ name });
  });
});
