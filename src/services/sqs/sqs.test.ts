// SQS through its SDK client, with a clock that the test moves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const clock = manualClock();
let aws: Embedded;
beforeAll(async () => {
  aws = await openEmbedded({ clock });
});
afterAll(() => aws.close());

const queue = async (name: string, attributes: Record<string, string> = {}) => {
  const { QueueUrl } = await aws.clients().sqs.createQueue({ QueueName: name, Attributes: attributes });
  return { sqs: aws.clients().sqs, QueueUrl: QueueUrl as string };
};

describe('queues', () => {
  it('gives the same URL for the same attributes and refuses others', async () => {
    const { sqs, QueueUrl } = await queue('again', { VisibilityTimeout: '5' });
    expect((await queue('again', { VisibilityTimeout: '5' })).QueueUrl).toBe(QueueUrl);
    await expect(
      sqs.createQueue({ QueueName: 'again', Attributes: { VisibilityTimeout: '6' } }),
    ).rejects.toMatchObject({ name: 'QueueNameExists' });
    expect(QueueUrl).toBe('http://localhost/123456789012/again');
    expect(await sqs.getQueueUrl({ QueueName: 'again' })).toMatchObject({ QueueUrl });
  });

  it('tells its attributes, those asked for or all', async () => {
    const { sqs, QueueUrl } = await queue('told', { DelaySeconds: '3' });
    const some = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn', 'DelaySeconds'] });
    expect(some.Attributes).toEqual({
      QueueArn: 'arn:aws:sqs:us-east-1:123456789012:told',
      DelaySeconds: '3',
    });
    await sqs.setQueueAttributes({ QueueUrl, Attributes: { DelaySeconds: '0' } });
    const all = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
    expect(all.Attributes).toMatchObject({ DelaySeconds: '0', VisibilityTimeout: '30' });
  });

  it.each([
    ['VisibilityTimeout', '43201', 'InvalidAttributeValue'],
    ['MessageRetentionPeriod', '59', 'InvalidAttributeValue'],
    ['RedrivePolicy', '{"maxReceiveCount":3}', 'InvalidAttributeValue'],
    ['FifoQueue', 'true', 'InvalidAttributeValue'],
  ])('refuses %s %s', async (name, value, error) => {
    await expect(queue('refused', { [name]: value })).rejects.toMatchObject({ name: error });
  });

  it('answers a queue that is not there', async () => {
    const { sqs } = await queue('there');
    await expect(
      sqs.sendMessage({ QueueUrl: 'http://x/1/not-there', MessageBody: 'a' }),
    ).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('lists by prefix in pages, and its tags', async () => {
    for (const name of ['list-a', 'list-b', 'list-c']) await queue(name);
    const { sqs, QueueUrl } = await queue('list-c');
    const first = await sqs.listQueues({ QueueNamePrefix: 'list-', MaxResults: 2 });
    expect(first.QueueUrls).toHaveLength(2);
    const rest = await sqs.listQueues({
      QueueNamePrefix: 'list-',
      MaxResults: 2,
      NextToken: first.NextToken,
    });
    expect(rest.QueueUrls).toEqual([QueueUrl]);
    expect(rest.NextToken).toBeUndefined();
    await sqs.tagQueue({ QueueUrl, Tags: { a: '1', b: '2' } });
    await sqs.untagQueue({ QueueUrl, TagKeys: ['a'] });
    expect((await sqs.listQueueTags({ QueueUrl })).Tags).toEqual({ b: '2' });
  });
});

describe('messages', () => {
  it('are hidden while they are worked on, come back, and go when deleted', async () => {
    const { sqs, QueueUrl } = await queue('work');
    const sent = await sqs.sendMessage({
      QueueUrl,
      MessageBody: 'one',
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'x' },
        raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
      },
    });
    const receive = () =>
      sqs.receiveMessage({
        QueueUrl,
        VisibilityTimeout: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      });
    const [message] = (await receive()).Messages ?? [];
    expect(message).toMatchObject({ MessageId: sent.MessageId, Body: 'one' });
    expect(message?.MessageAttributes?.['raw']?.BinaryValue).toEqual(new Uint8Array([1, 2]));
    expect((await receive()).Messages).toBeUndefined();
    await clock.advance(10_000);
    const [again] = (await receive()).Messages ?? [];
    expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    // The older handle is of no use any more.
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: message?.ReceiptHandle });
    await sqs.changeMessageVisibility({
      QueueUrl,
      ReceiptHandle: again?.ReceiptHandle,
      VisibilityTimeout: 0,
    });
    const [third] = (await receive()).Messages ?? [];
    await sqs.deleteMessage({ QueueUrl, ReceiptHandle: third?.ReceiptHandle });
    await clock.advance(60_000);
    expect((await receive()).Messages).toBeUndefined();
  });

  it('go to the dead-letter queue after too many receives', async () => {
    const dead = await queue('dead');
    const { sqs, QueueUrl } = await queue('fragile', {
      VisibilityTimeout: '1',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
        maxReceiveCount: 2,
      }),
    });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'poison' });
    for (let turn = 0; turn < 2; turn++) {
      expect((await sqs.receiveMessage({ QueueUrl })).Messages).toHaveLength(1);
      await clock.advance(1000);
    }
    expect((await sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined();
    expect((await sqs.receiveMessage({ QueueUrl: dead.QueueUrl })).Messages?.[0]?.Body).toBe('poison');
    expect((await sqs.listDeadLetterSourceQueues({ QueueUrl: dead.QueueUrl })).queueUrls).toEqual([QueueUrl]);
  });

  it('have a dead-letter queue that is there, and another one', async () => {
    const { sqs, QueueUrl } = await queue('own-dead');
    const policy = (name: string) => ({
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: `arn:aws:sqs:us-east-1:123456789012:${name}`,
        maxReceiveCount: 1,
      }),
    });
    await expect(sqs.setQueueAttributes({ QueueUrl, Attributes: policy('own-dead') })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('cannot be its own dead letter target') as string,
    });
    await expect(queue('without-dead', policy('not-there'))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('Dead letter target does not exist.') as string,
    });
    await expect(sqs.getQueueUrl({ QueueName: 'without-dead' })).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('are kept for as long as the queue says, also where nobody receives', async () => {
    const { sqs, QueueUrl } = await queue('short', { MessageRetentionPeriod: '60' });
    const counted = async () => {
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
      return Attributes?.ApproximateNumberOfMessages;
    };
    await sqs.sendMessage({ QueueUrl, MessageBody: 'old' });
    await clock.advance(60_000);
    expect(await counted()).toBe('1');
    await clock.advance(1);
    expect(await counted()).toBe('0');
    await sqs.sendMessage({ QueueUrl, MessageBody: 'new' });
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
    expect(Messages.map(({ Body }) => Body)).toEqual(['new']);
  });

  it('end a long poll when they are sent, and when their delay is over', async () => {
    const { sqs, QueueUrl } = await queue('poll');
    const waiting = sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await sqs.sendMessage({ QueueUrl, MessageBody: 'now' });
    expect((await waiting).Messages?.[0]?.Body).toBe('now');
    await sqs.sendMessage({ QueueUrl, MessageBody: 'later', DelaySeconds: 5 });
    const delayed = sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await clock.advance(5000);
    expect((await delayed).Messages?.[0]?.Body).toBe('later');
  });

  it('succeed and fail by themselves in a batch', async () => {
    const { sqs, QueueUrl } = await queue('batch', { MaximumMessageSize: '1024' });
    const { Successful, Failed } = await sqs.sendMessageBatch({
      QueueUrl,
      Entries: [
        { Id: 'good', MessageBody: 'a' },
        { Id: 'long', MessageBody: 'x'.repeat(1025) },
      ],
    });
    expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed).toMatchObject([{ Id: 'long', SenderFault: true, Code: 'InvalidParameterValue' }]);
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
    const deleted = await sqs.deleteMessageBatch({
      QueueUrl,
      Entries: [
        { Id: 'a', ReceiptHandle: Messages[0]?.ReceiptHandle },
        { Id: 'b', ReceiptHandle: 'nonsense' },
      ],
    });
    expect(deleted.Successful).toEqual([{ Id: 'a' }]);
    expect(deleted.Failed).toMatchObject([{ Id: 'b', Code: 'ReceiptHandleIsInvalid' }]);
    await expect(sqs.sendMessageBatch({ QueueUrl, Entries: [] })).rejects.toMatchObject({
      name: 'EmptyBatchRequest',
    });
  });

  it('have a group, and no identifier against duplicates, which is for FIFO queues', async () => {
    const { sqs, QueueUrl } = await queue('grouped');
    const send = { QueueUrl, MessageBody: 'a', MessageDeduplicationId: '1' };
    await expect(sqs.sendMessage(send)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    const Entries = [
      { Id: 'one', MessageBody: 'a', MessageDeduplicationId: '1' },
      { Id: 'two', MessageBody: 'b', MessageGroupId: 'tenant' },
    ];
    const { Failed } = await sqs.sendMessageBatch({ QueueUrl, Entries });
    expect(Failed).toMatchObject([{ Id: 'one', Code: 'InvalidParameterValue', SenderFault: true }]);
    const { Messages } = await sqs.receiveMessage({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['MessageGroupId'],
    });
    expect(Messages).toMatchObject([{ Body: 'b', Attributes: { MessageGroupId: 'tenant' } }]);
    expect(Messages).toHaveLength(1);
  });

  it('are gone after their retention, and after a purge', async () => {
    const { sqs, QueueUrl } = await queue('short', { MessageRetentionPeriod: '60' });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'old' });
    await clock.advance(61_000);
    expect((await sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined();
    await sqs.sendMessage({ QueueUrl, MessageBody: 'new' });
    await sqs.purgeQueue({ QueueUrl });
    expect((await sqs.receiveMessage({ QueueUrl })).Messages).toBeUndefined();
  });
});
