// Notifications of a bucket through the SDK: kept as given, refused by name, and delivered to queues.
import type {
  GetBucketNotificationConfigurationCommandOutput,
  NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:changes';
const CREATED = ['s3:ObjectCreated:*'] as const;

let aws: Embedded;
let clients: EmbeddedClients;
let QueueUrl: string;
beforeEach(async () => {
  aws = await openEmbedded();
  clients = aws.clients();
  await clients.s3.createBucket({ Bucket: 'lake' });
  QueueUrl = (await clients.sqs.createQueue({ QueueName: 'changes' })).QueueUrl as string;
});
afterEach(() => aws.close());

const configure = (NotificationConfiguration: NotificationConfiguration) =>
  clients.s3.putBucketNotificationConfiguration({ Bucket: 'lake', NotificationConfiguration });
const filter = (...rules: [string, string][]) => ({
  Key: { FilterRules: rules.map(([Name, Value]) => ({ Name: Name as 'prefix', Value })) },
});
/** Bodies of the messages that wait, which are taken. */
async function messages(): Promise<Record<string, unknown>[]> {
  const { Messages = [] } = await clients.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
  for (const { ReceiptHandle } of Messages) await clients.sqs.deleteMessage({ QueueUrl, ReceiptHandle });
  return Messages.map(({ Body }) => JSON.parse(Body as string) as Record<string, unknown>);
}

describe('notifications of a bucket', () => {
  it('are answered as they were given, beside those to EventBridge, and can be taken away', async () => {
    const QueueConfigurations = [
      {
        Id: 'one',
        QueueArn: QUEUE,
        Events: [...CREATED],
        Filter: filter(['prefix', 'in/'], ['suffix', '.csv']),
      },
      { Id: 'two', QueueArn: QUEUE, Events: ['s3:ObjectRemoved:Delete' as const] },
    ];
    await configure({ QueueConfigurations, EventBridgeConfiguration: {} });
    const get = async () => {
      const answer: Partial<GetBucketNotificationConfigurationCommandOutput> =
        await clients.s3.getBucketNotificationConfiguration({ Bucket: 'lake' });
      delete answer.$metadata;
      return answer;
    };
    expect(await get()).toEqual({ QueueConfigurations, EventBridgeConfiguration: {} });
    expect(await messages()).toMatchObject([{ Event: 's3:TestEvent', Bucket: 'lake' }]);
    await configure({});
    expect(await get()).toEqual({});
  });

  it('tell of the keys and the events that they are for, as S3 writes them', async () => {
    await configure({
      QueueConfigurations: [
        {
          Id: 'in',
          QueueArn: QUEUE,
          Events: [...CREATED],
          Filter: filter(['prefix', 'in/'], ['suffix', '.csv']),
        },
        { Id: 'gone', QueueArn: QUEUE, Events: ['s3:ObjectRemoved:*'] },
      ],
    });
    await messages();
    const Key = 'in/day=1/red flower.csv';
    await clients.s3.putObject({ Bucket: 'lake', Key, Body: 'abc' });
    await clients.s3.putObject({ Bucket: 'lake', Key: 'in/x.json', Body: 'abc' });
    await clients.s3.putObject({ Bucket: 'lake', Key: 'out/x.csv', Body: 'abc' });
    await clients.s3.copyObject({ Bucket: 'lake', Key: 'in/copy.csv', CopySource: encodeURI(`lake/${Key}`) });
    await clients.s3.deleteObject({ Bucket: 'lake', Key: 'out/x.csv' });
    const told = await messages();
    expect(told).toHaveLength(3);
    expect(told[0]).toEqual({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'us-east-1',
          eventTime: expect.any(String) as string,
          eventName: 'ObjectCreated:Put',
          userIdentity: { principalId: '123456789012' },
          requestParameters: { sourceIPAddress: '127.0.0.1' },
          responseElements: { 'x-amz-request-id': expect.any(String) as string },
          s3: {
            s3SchemaVersion: '1.0',
            configurationId: 'in',
            bucket: {
              name: 'lake',
              ownerIdentity: { principalId: '123456789012' },
              arn: 'arn:aws:s3:::lake',
            },
            object: {
              key: 'in/day%3D1/red+flower.csv',
              size: 3,
              eTag: '900150983cd24fb0d6963f7d28e17f72',
              sequencer: expect.any(String) as string,
            },
          },
        },
      ],
    });
    expect(told[1]).toMatchObject({
      Records: [{ eventName: 'ObjectCreated:Copy', s3: { object: { key: 'in/copy.csv' } } }],
    });
    expect(told[2]).toMatchObject({
      Records: [
        { eventName: 'ObjectRemoved:Delete', s3: { configurationId: 'gone', object: { key: 'out/x.csv' } } },
      ],
    });
  });

  it('to a queue that goes harm no write', async () => {
    await configure({ QueueConfigurations: [{ QueueArn: QUEUE, Events: [...CREATED] }] });
    await clients.sqs.deleteQueue({ QueueUrl });
    await clients.s3.putObject({ Bucket: 'lake', Key: 'a', Body: 'abc' });
    expect((await clients.s3.headObject({ Bucket: 'lake', Key: 'a' })).ContentLength).toBe(3);
  });

  it.each<[string, NotificationConfiguration, string, string]>([
    [
      'a queue that is not there',
      { QueueConfigurations: [{ QueueArn: `${QUEUE}-not`, Events: [...CREATED] }] },
      'InvalidArgument',
      `there is no queue ${QUEUE}-not`,
    ],
    [
      'an event that nothing here sends',
      { QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectRestore:*'] }] },
      'NotImplemented',
      's3:ObjectRestore:*',
    ],
    [
      'two prefixes',
      {
        QueueConfigurations: [
          { QueueArn: QUEUE, Events: [...CREATED], Filter: filter(['prefix', 'a'], ['prefix', 'b']) },
        ],
      },
      'InvalidArgument',
      'more than one prefix',
    ],
    [
      'configurations that overlap',
      {
        QueueConfigurations: [
          { Id: 'a', QueueArn: QUEUE, Events: [...CREATED], Filter: filter(['prefix', 'in/']) },
          { Id: 'b', QueueArn: QUEUE, Events: ['s3:ObjectCreated:Put'], Filter: filter(['prefix', 'in/x']) },
        ],
      },
      'InvalidArgument',
      'Configurations overlap',
    ],
    [
      'topics',
      { TopicConfigurations: [{ TopicArn: 'arn:aws:sns:us-east-1:123456789012:t', Events: [...CREATED] }] },
      'NotImplemented',
      'TopicConfigurations',
    ],
  ])('are refused with %s', async (_, configuration, name, message) => {
    await expect(configure(configuration)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message) as string,
    });
  });
});
