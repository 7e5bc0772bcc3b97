// EventBridge through its SDK client: rules choose, targets receive, what fails is tried again and then given up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded, type EmbeddedOptions } from '../../embedded.js';

const ACCOUNT = '123456789012';
const clock = manualClock(new Date('2024-05-01T10:00:00Z'));
let aws: Embedded;
beforeAll(async () => {
  aws = await openEmbedded({ clock });
});
afterAll(() => aws.close());

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;

async function makeQueue(name: string, on = aws): Promise<string> {
  await on.clients().sqs.createQueue({ QueueName: name });
  return queueArn(name);
}

/** What is on the queue, once there is something. */
async function received(name: string, on = aws): Promise<{ body: unknown; attributes: object }[]> {
  const { sqs } = on.clients();
  const QueueUrl = `http://localhost/${ACCOUNT}/${name}`;
  return vi.waitFor(
    async () => {
      const { Messages = [] } = await sqs.receiveMessage({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      });
      expect(Messages.length).toBeGreaterThan(0);
      return Messages.map(({ Body = '', MessageAttributes = {} }) => ({
        body: JSON.parse(Body) as unknown,
        attributes: Object.fromEntries(
          Object.entries(MessageAttributes).map(([key, { StringValue }]) => [key, StringValue]),
        ),
      }));
    },
    { timeout: 5000 },
  );
}

const orderPattern = JSON.stringify({ source: ['shop'], 'detail-type': ['Order'] });
const order = (detail: object, bus?: string) => ({
  Source: 'shop',
  DetailType: 'Order',
  Detail: JSON.stringify(detail),
  ...(bus === undefined ? {} : { EventBusName: bus }),
});

describe('an event', () => {
  it('reaches the targets of the rules it matches, whole or as their inputs say', async () => {
    const { events } = aws.clients();
    await events.putRule({ Name: 'orders', EventPattern: orderPattern });
    await makeQueue('whole');
    await makeQueue('part');
    await makeQueue('templated');
    const { FailedEntryCount } = await events.putTargets({
      Rule: 'orders',
      Targets: [
        { Id: 'whole', Arn: queueArn('whole') },
        { Id: 'part', Arn: queueArn('part'), InputPath: '$.detail' },
        {
          Id: 'templated',
          Arn: queueArn('templated'),
          InputTransformer: {
            InputPathsMap: { id: '$.detail.id', list: '$.detail.list' },
            InputTemplate: '{"order": <id>, "text": "number <id> of <aws.events.rule-name>", "list": <list>}',
          },
        },
      ],
    });
    expect(FailedEntryCount).toBe(0);
    const detail = { id: 'a "quoted" one', list: [1, 2] };
    const { Entries } = await events.putEvents({
      Entries: [
        { ...order(detail), Resources: ['arn:x'] },
        { ...order({}), Source: 'other' },
      ],
    });
    expect(await received('whole')).toEqual([
      {
        attributes: {},
        body: {
          version: '0',
          id: Entries?.[0]?.EventId,
          'detail-type': 'Order',
          source: 'shop',
          account: ACCOUNT,
          time: '2024-05-01T10:00:00Z',
          region: 'us-east-1',
          resources: ['arn:x'],
          detail,
        },
      },
    ]);
    expect((await received('part'))[0]?.body).toEqual(detail);
    expect((await received('templated'))[0]?.body).toEqual({
      order: 'a "quoted" one',
      text: 'number a "quoted" one of orders',
      list: [1, 2],
    });
  });

  it('goes to log groups and over to one other bus, but not to a third', async () => {
    const { events, logs } = aws.clients();
    await logs.createLogGroup({ logGroupName: '/aws/events/all' });
    for (const name of ['second', 'third']) await events.createEventBus({ Name: name });
    const busArn = (name: string) => `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/${name}`;
    const hop = async (EventBusName: string, arn: string) => {
      await events.putRule({ Name: 'hop', EventBusName, EventPattern: '{"source":["hopper"]}' });
      await events.putTargets({ Rule: 'hop', EventBusName, Targets: [{ Id: 'next', Arn: arn }] });
    };
    await hop('default', busArn('second'));
    await hop('second', busArn('third'));
    await events.putTargets({
      Rule: 'hop',
      EventBusName: 'second',
      Targets: [{ Id: 'log', Arn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/events/all` }],
    });
    await makeQueue('end');
    await hop('third', queueArn('end'));
    await events.putEvents({ Entries: [{ ...order({ n: 1 }), Source: 'hopper' }] });
    const { message } = await vi.waitFor(async () => {
      const { events: found = [] } = await logs.filterLogEvents({ logGroupName: '/aws/events/all' });
      expect(found).toHaveLength(1);
      return found[0] as { message: string };
    });
    expect(JSON.parse(message)).toMatchObject({ source: 'hopper', detail: { n: 1 } });
    const counts = await aws.clients().sqs.getQueueAttributes({
      QueueUrl: `http://localhost/${ACCOUNT}/end`,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    expect(counts.Attributes).toEqual({ ApproximateNumberOfMessages: '0' });
  });

  it('is refused entry by entry', async () => {
    const { FailedEntryCount, Entries } = await aws.clients().events.putEvents({
      Entries: [
        order({}),
        { ...order({}), Detail: '[1]' },
        { ...order({}), Source: 'aws.glue' },
        { DetailType: 'x', Detail: '{}' },
        order({}, 'nowhere'),
      ],
    });
    expect(FailedEntryCount).toBe(4);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
      'ResourceNotFoundException',
    ]);
  });

  it('is tried again until its limits and then given to the dead-letter queue', async () => {
    const { events } = aws.clients();
    await makeQueue('dead');
    await events.putRule({ Name: 'failing', EventPattern: '{"source":["failing"]}' });
    await events.putTargets({
      Rule: 'failing',
      Targets: [
        // No such job: that is not tried again.
        {
          Id: 'gone',
          Arn: `arn:aws:glue:us-east-1:${ACCOUNT}:job/not-there`,
          DeadLetterConfig: { Arn: queueArn('dead') },
        },
      ],
    });
    await events.putEvents({ Entries: [{ ...order({ n: 2 }), Source: 'failing' }] });
    const [dead] = await received('dead');
    expect(dead?.body).toMatchObject({ detail: { n: 2 } });
    expect(dead?.attributes).toMatchObject({
      RULE_ARN: `arn:aws:events:us-east-1:${ACCOUNT}:rule/failing`,
      TARGET_ARN: `arn:aws:glue:us-east-1:${ACCOUNT}:job/not-there`,
      ERROR_CODE: 'EntityNotFoundException',
      RETRY_ATTEMPTS: '0',
    });
  });
});

describe('rules', () => {
  it('are made, told, listed by target, disabled and deleted', async () => {
    const { events } = aws.clients();
    const { RuleArn } = await events.putRule({
      Name: 'kept',
      EventPattern: orderPattern,
      Description: 'd',
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    expect(RuleArn).toBe(`arn:aws:events:us-east-1:${ACCOUNT}:rule/kept`);
    const Arn = await makeQueue('kept');
    await events.putTargets({ Rule: 'kept', Targets: [{ Id: '1', Arn }] });
    expect((await events.listRuleNamesByTarget({ TargetArn: Arn })).RuleNames).toEqual(['kept']);
    expect((await events.listTargetsByRule({ Rule: 'kept' })).Targets).toEqual([{ Id: '1', Arn }]);
    expect((await events.listTagsForResource({ ResourceARN: RuleArn })).Tags).toEqual([
      { Key: 'k', Value: 'v' },
    ]);
    await events.disableRule({ Name: 'kept' });
    expect(await events.describeRule({ Name: 'kept' })).toMatchObject({
      State: 'DISABLED',
      Description: 'd',
    });
    await expect(events.deleteRule({ Name: 'kept' })).rejects.toThrow(
      "Rule can't be deleted since it has targets.",
    );
    const removed = await events.removeTargets({ Rule: 'kept', Ids: ['1', '2'] });
    expect(removed.FailedEntries).toMatchObject([{ TargetId: '2', ErrorCode: 'ResourceNotFoundException' }]);
    await events.deleteRule({ Name: 'kept' });
    await expect(events.describeRule({ Name: 'kept' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Rule kept does not exist on EventBus default.',
    });
  });

  it.each([
    [{ EventPattern: '{"source":"x"}' }, 'InvalidEventPatternException'],
    [{ ScheduleExpression: 'rate(1 minutes)' }, 'ValidationException'],
    [{ ScheduleExpression: 'cron(0 12 * * * *)' }, 'ValidationException'],
    [{}, 'ValidationException'],
    [{ EventBusName: 'nowhere', EventPattern: '{"source":["x"]}' }, 'ResourceNotFoundException'],
  ])('refuses %j', async (input, name) => {
    await expect(aws.clients().events.putRule({ Name: 'bad', ...input })).rejects.toMatchObject({ name });
  });

  it('refuses single targets', async () => {
    const { events } = aws.clients();
    await events.putRule({ Name: 'picky', EventPattern: orderPattern });
    const { FailedEntries } = await events.putTargets({
      Rule: 'picky',
      Targets: [
        { Id: 'kinesis', Arn: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/s` },
        { Id: 'role', Arn: queueArn('kept'), RoleArn: `arn:aws:iam::${ACCOUNT}:role/nobody` },
      ],
    });
    expect(FailedEntries?.map(({ TargetId }) => TargetId)).toEqual(['kinesis', 'role']);
    await expect(
      events.putTargets({ Rule: 'picky', Targets: [{ Id: 'a', Arn: queueArn('kept'), Input: '{' }] }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('fire on schedule, whenever the clock gets there', async () => {
    const { events } = aws.clients();
    await makeQueue('ticks');
    await events.putRule({ Name: 'tick', ScheduleExpression: 'rate(5 minutes)' });
    await events.putTargets({ Rule: 'tick', Targets: [{ Id: 'q', Arn: queueArn('ticks') }] });
    await clock.advance(15 * 60_000);
    await vi.waitFor(async () => {
      const { Attributes } = await aws.clients().sqs.getQueueAttributes({
        QueueUrl: `http://localhost/${ACCOUNT}/ticks`,
        AttributeNames: ['ApproximateNumberOfMessages'],
      });
      expect(Attributes).toEqual({ ApproximateNumberOfMessages: '3' });
    });
    const [tick] = await received('ticks');
    expect(tick?.body).toMatchObject({ source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} });
    await events.disableRule({ Name: 'tick' });
  });

  it('tests a pattern against an event', async () => {
    const event = {
      id: '1',
      account: 'a',
      source: 's',
      time: 't',
      region: 'r',
      resources: [],
      'detail-type': 'd',
    };
    const test = (EventPattern: string) =>
      aws.clients().events.testEventPattern({ EventPattern, Event: JSON.stringify(event) });
    expect((await test('{"source":["s"]}')).Result).toBe(true);
    expect((await test('{"source":["t"]}')).Result).toBe(false);
  });
});

describe('faults on purpose', () => {
  const count = async (options: EmbeddedOptions) => {
    const faulty = await openEmbedded(options);
    try {
      const { events, sqs } = faulty.clients();
      await makeQueue('q', faulty);
      await events.putRule({ Name: 'r', EventPattern: orderPattern });
      await events.putTargets({ Rule: 'r', Targets: [{ Id: 'q', Arn: queueArn('q') }] });
      await events.putEvents({ Entries: Array.from({ length: 10 }, (_, n) => order({ n })) });
      const counted = async () => {
        const { Attributes } = await sqs.getQueueAttributes({
          QueueUrl: `http://localhost/${ACCOUNT}/q`,
          AttributeNames: ['ApproximateNumberOfMessages'],
        });
        return Number(Attributes?.['ApproximateNumberOfMessages']);
      };
      return { counted, close: () => faulty.close() };
    } catch (error) {
      await faulty.close();
      throw error;
    }
  };

  it('deliver every event twice', async () => {
    const { counted, close } = await count({ eventFaults: { duplicate: 1 } });
    await vi.waitFor(async () => expect(await counted()).toBe(20), { timeout: 60_000 });
    await close();
  });

  it('deliver late, each by its own part of the delay', async () => {
    const late = manualClock();
    const { counted, close } = await count({ clock: late, eventFaults: { delayMs: 60_000, seed: 3 } });
    expect(await counted()).toBe(0);
    await late.advance(30_000);
    await vi.waitFor(async () => expect(await counted()).toBeGreaterThan(0), { timeout: 60_000 });
    expect(await counted()).toBeLessThan(10);
    await late.advance(30_000);
    await vi.waitFor(async () => expect(await counted()).toBe(10), { timeout: 60_000 });
    await close();
  });

  it('drop a share of them, the same ones for the same seed', async () => {
    for (let run = 0; run < 2; run++) {
      const { counted, close } = await count({ eventFaults: { drop: 0.5, seed: 7 } });
      await vi.waitFor(async () => expect(await counted()).toBe(4), { timeout: 60_000 });
      await close();
    }
  });
});

it('keeps what is not delivered over a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gluepot-events-'));
  const time = manualClock();
  try {
    const first = await openEmbedded({ dataDir, clock: time, eventFaults: { delayMs: 60_000, seed: 3 } });
    await makeQueue('late', first);
    const { events } = first.clients();
    await events.putRule({ Name: 'r', EventPattern: orderPattern });
    await events.putTargets({ Rule: 'r', Targets: [{ Id: 'q', Arn: queueArn('late') }] });
    await events.putEvents({ Entries: [order({ n: 1 })] });
    await first.close();
    const second = await openEmbedded({ dataDir, clock: time });
    await second.listen({ port: 0 });
    await time.advance(60_000);
    expect((await received('late', second))[0]?.body).toMatchObject({ detail: { n: 1 } });
    await second.close();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
