// Queues of the account: kept on disk, with visibility timeouts, long polls and redrive.
import type { Message } from '@aws-sdk/client-sqs';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import {
  attributeBytes,
  checkAttributes as checkMessageAttributes,
  md5,
  md5OfAttributes,
  type MessageAttributes,
} from './message-attributes.js';
import { openMessageTable, type MessageCounts, type StoredMessage } from './message.js';
import { openPolls } from './polls.js';
import { queueName } from './queue-name.js';
import {
  checkAttributes,
  DEFAULT_ATTRIBUTES,
  parseRedrivePolicy,
  type AttributeMap,
} from './queue-attributes.js';
import { invalidParameter, noSuchQueue, requireWithin } from './queue-error.js';
import { readHandle, writeHandle } from './receipt-handle.js';

export interface StoredQueue {
  attributes: AttributeMap;
  tags: Record<string, string>;
  created: Date;
  modified: Date;
}

export interface SentMessage {
  MessageId: string;
  MD5OfMessageBody: string;
  MD5OfMessageAttributes?: string;
}

/** Queues are given by name, URL or ARN. @throws AwsError QueueDoesNotExist, and what the method says */
export interface Queues {
  arnOf(name: string): string;
  /** Again with the same attributes it changes nothing. @throws AwsError QueueNameExists, InvalidAttributeValue, InvalidParameterValue */
  create(name: string, attributes: AttributeMap, tags: Record<string, string>): void;
  get(queue: string): StoredQueue & { name: string; counts: MessageCounts };
  setAttributes(queue: string, attributes: AttributeMap): void;
  setTags(queue: string, tags: Record<string, string>): void;
  /** In order of names. */
  list(options: { prefix?: string; after?: string; count?: number }): string[];
  /** Names of the queues whose messages go to this one after too many receives. */
  sourcesOf(queue: string): string[];
  delete(queue: string): void;
  purge(queue: string): void;
  /** May be called within a state transaction. @throws AwsError InvalidParameterValue */
  send(
    queue: string,
    body: string,
    options?: {
      attributes?: MessageAttributes;
      delaySeconds?: number;
      traceHeader?: string;
      /** Whom the message is of. It has no effect: AWS's fair queues serve groups that send much later than others. */
      groupId?: string;
    },
  ): SentMessage;
  /** As send(), for who cannot wait for an answer: false when there is no such queue, or the body is too long for it. */
  tell(queue: string, body: string): boolean;
  /** Waits up to `waitSeconds` for a message. @throws AwsError InvalidParameterValue */
  receive(
    queue: string,
    options?: { count?: number; visibilitySeconds?: number; waitSeconds?: number },
  ): Promise<(StoredMessage & Pick<Message, 'ReceiptHandle'>)[]>;
  /** A message that is gone already is none to complain of. @throws AwsError ReceiptHandleIsInvalid */
  deleteMessage(queue: string, receiptHandle: string): void;
  /** @throws AwsError ReceiptHandleIsInvalid, MessageNotInflight */
  changeVisibility(queue: string, receiptHandle: string, seconds: number): void;
  /** Ends the polls that wait. */
  close(): void;
}

/** `state` must have been opened with documentsSchema and queuesSchema. */
export function openQueues(
  state: State,
  { clock, ids, accountId, region }: { clock: Clock; ids: Ids; accountId: string; region: string },
): Queues {
  const queues = openDocuments<StoredQueue>(state, 'sqs-queue');
  const messages = openMessageTable(state);
  const polls = openPolls(clock);

  const nowMs = () => clock.now().getTime();
  const arnOf = (name: string) => `arn:aws:sqs:${region}:${accountId}:${name}`;
  const require = (queue: string): { name: string; stored: StoredQueue } => {
    const name = queueName(queue);
    const stored = queues.get(name);
    if (!stored) throw noSuchQueue();
    return { name, stored };
  };
  const integer = ({ attributes }: StoredQueue, name: string) => Number(attributes[name]);
  const deadLetterOf = ({ attributes }: StoredQueue) => {
    const policy = attributes['RedrivePolicy'] ? parseRedrivePolicy(attributes['RedrivePolicy']) : undefined;
    const name = policy && queueName(policy.deadLetterTargetArn);
    return name !== undefined && queues.get(name)
      ? { name, max: policy?.maxReceiveCount as number }
      : undefined;
  };

  /** What was sent before has been kept for as long as the queue says. */
  const keptSinceMs = (stored: StoredQueue) => nowMs() - integer(stored, 'MessageRetentionPeriod') * 1000;
  const requireDeadLetterQueue = (name: string, { RedrivePolicy: text = '' }: AttributeMap) => {
    if (text === '') return;
    const target = queueName(parseRedrivePolicy(text).deadLetterTargetArn);
    if (target !== name && queues.get(target)) return;
    const why =
      target === name
        ? 'A queue cannot be its own dead letter target.'
        : 'Dead letter target does not exist.';
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: ${why}`,
    );
  };

  const take = (name: string, stored: StoredQueue, count: number, visibilitySeconds: number) =>
    state.transaction(() => {
      const now = nowMs();
      messages.deleteSentBefore(name, keptSinceMs(stored));
      const deadLetter = deadLetterOf(stored);
      const taken: (StoredMessage & { ReceiptHandle: string })[] = [];
      while (taken.length < count) {
        const found = messages.visible(name, now, count - taken.length);
        if (found.length === 0) break;
        for (const message of found) {
          if (deadLetter && message.receiveCount >= deadLetter.max) {
            const systemAttributes = { ...message.systemAttributes, DeadLetterQueueSourceArn: arnOf(name) };
            messages.move(message.number, deadLetter.name, systemAttributes, now);
            polls.wake(deadLetter.name);
            continue;
          }
          const receipt = ids.uuid();
          messages.take(message.number, receipt, now, now + visibilitySeconds * 1000);
          taken.push({
            ...message,
            receiveCount: message.receiveCount + 1,
            firstReceivedMs: message.firstReceivedMs ?? now,
            ReceiptHandle: writeHandle(name, message.number, receipt),
          });
        }
        // With a timeout of nothing the same messages would be found again.
        if (visibilitySeconds === 0) break;
      }
      return taken;
    });

  const self: Queues = {
    arnOf,
    create(name, attributes, tags) {
      if (!/^[\w-]{1,80}$/.test(name)) {
        const why =
          'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length. FIFO queues are not supported here.';
        throw invalidParameter('QueueName', name, why);
      }
      checkAttributes(attributes);
      requireDeadLetterQueue(name, attributes);
      const known = queues.get(name);
      const other = known && Object.keys(attributes).find((key) => known.attributes[key] !== attributes[key]);
      if (other !== undefined) {
        throw new AwsError(
          'QueueNameExists',
          `A queue already exists with the same name and a different value for attribute ${other}`,
        );
      }
      if (known) return;
      const now = clock.now();
      queues.put(name, {
        attributes: { ...DEFAULT_ATTRIBUTES, ...attributes },
        tags,
        created: now,
        modified: now,
      });
    },
    get(queue) {
      const { name, stored } = require(queue);
      return { ...stored, name, counts: messages.count(name, nowMs(), keptSinceMs(stored)) };
    },
    setAttributes(queue, attributes) {
      const { name, stored } = require(queue);
      const kept = { ...stored.attributes, ...checkAttributes(attributes) };
      requireDeadLetterQueue(name, attributes);
      const present = Object.entries(kept).filter(([, value]) => value !== '');
      queues.put(name, { ...stored, attributes: Object.fromEntries(present), modified: clock.now() });
    },
    setTags(queue, tags) {
      const { name, stored } = require(queue);
      queues.put(name, { ...stored, tags });
    },
    list: (options) => queues.list(options).map(({ key }) => key),
    sourcesOf(queue) {
      const { name } = require(queue);
      return queues
        .list()
        .filter(({ document }) => deadLetterOf(document)?.name === name)
        .map(({ key }) => key);
    },
    delete(queue) {
      const { name } = require(queue);
      state.transaction(() => {
        messages.deleteAll(name);
        queues.delete(name);
      });
      polls.wake(name);
    },
    purge: (queue) => messages.deleteAll(require(queue).name),
    send(queue, body, { attributes = {}, delaySeconds, traceHeader, groupId } = {}) {
      const { name, stored } = require(queue);
      if (body === '')
        throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
      const delay = delaySeconds ?? integer(stored, 'DelaySeconds');
      requireWithin('DelaySeconds', delay, 0, 900);
      checkMessageAttributes(attributes);
      const bytesMax = integer(stored, 'MaximumMessageSize');
      if (Buffer.byteLength(body) + attributeBytes(attributes) > bytesMax) {
        const why = `One or more parameters are invalid. Reason: Message must be shorter than ${bytesMax} bytes.`;
        throw new AwsError('InvalidParameterValue', why);
      }
      const messageId = ids.uuid();
      const systemAttributes = {
        ...(traceHeader === undefined ? {} : { AWSTraceHeader: traceHeader }),
        ...(groupId === undefined ? {} : { MessageGroupId: groupId }),
      };
      state.transaction(() => {
        // Nobody may ever receive from it.
        messages.deleteSentBefore(name, keptSinceMs(stored));
        messages.send(name, { messageId, body, attributes, systemAttributes, sentMs: nowMs() }, delay * 1000);
      });
      polls.wake(name);
      const attributesDigest = md5OfAttributes(attributes);
      return {
        MessageId: messageId,
        MD5OfMessageBody: md5(body),
        ...(attributesDigest === undefined ? {} : { MD5OfMessageAttributes: attributesDigest }),
      };
    },
    tell(queue, body) {
      try {
        self.send(queue, body);
        return true;
      } catch (error) {
        // A queue that is gone, or that takes no message of this length: nobody waits for an answer.
        if (error instanceof AwsError) return false;
        throw error;
      }
    },
    async receive(queue, { count = 1, visibilitySeconds, waitSeconds } = {}) {
      const { name, stored } = require(queue);
      const visibility = visibilitySeconds ?? integer(stored, 'VisibilityTimeout');
      const wait = waitSeconds ?? integer(stored, 'ReceiveMessageWaitTimeSeconds');
      requireWithin('MaxNumberOfMessages', count, 1, 10);
      requireWithin('VisibilityTimeout', visibility, 0, 43_200);
      requireWithin('WaitTimeSeconds', wait, 0, 20);
      const endMs = nowMs() + wait * 1000;
      for (;;) {
        const now = queues.get(name);
        const taken = now ? take(name, now, count, visibility) : [];
        if (taken.length > 0 || !now || polls.areEnded() || nowMs() >= endMs) return taken;
        await polls.untilChange(name, Math.min(endMs, messages.nextVisibleMs(name, nowMs()) ?? Infinity));
      }
    },
    deleteMessage(queue, receiptHandle) {
      const { name } = require(queue);
      const { number, receipt } = readHandle(name, receiptHandle);
      messages.deleteByReceipt(name, number, receipt);
    },
    changeVisibility(queue, receiptHandle, seconds) {
      const { name } = require(queue);
      requireWithin('VisibilityTimeout', seconds, 0, 43_200);
      const { number, receipt } = readHandle(name, receiptHandle);
      const now = nowMs();
      if (!messages.setVisible(name, number, receipt, now, now + seconds * 1000)) {
        throw new AwsError(
          'MessageNotInflight',
          `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
        );
      }
      polls.wake(name);
    },
    close: () => polls.end(),
  };
  return self;
}
