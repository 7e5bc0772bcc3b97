// SQS operations on single messages.
import type { Message, MessageSystemAttributeName } from '@aws-sdk/client-sqs';
import { md5, md5OfAttributes, type MessageAttributes } from '../../queues/message-attributes.js';
import { invalidParameter } from '../../queues/queue-error.js';
import type { StoredMessage } from '../../queues/message.js';
import type { Queues } from '../../queues/open-queues.js';
import type { Checked, Operations } from '../../wire/service.js';
import type { SendMessageRequest } from '@aws-sdk/client-sqs';

/** What of a request the queue keeps with the message. @throws AwsError InvalidParameterValue for what FIFO queues alone have */
export function sendOptions({
  MessageAttributes: attributes,
  MessageSystemAttributes: system,
  DelaySeconds,
  MessageDeduplicationId,
  MessageGroupId,
}: Pick<
  Checked<SendMessageRequest>,
  | 'MessageAttributes'
  | 'MessageSystemAttributes'
  | 'DelaySeconds'
  | 'MessageDeduplicationId'
  | 'MessageGroupId'
>) {
  if (MessageDeduplicationId !== undefined) {
    throw invalidParameter(
      'MessageDeduplicationId',
      MessageDeduplicationId,
      'The request include parameter that is not valid for this queue type',
    );
  }
  const traceHeader = system?.AWSTraceHeader?.StringValue;
  return {
    ...(attributes === undefined ? {} : { attributes: attributes as MessageAttributes }),
    ...(DelaySeconds === undefined ? {} : { delaySeconds: DelaySeconds }),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(MessageGroupId === undefined ? {} : { groupId: MessageGroupId }),
  };
}

export function messageOperations(queues: Queues) {
  return {
    SendMessage({ QueueUrl, MessageBody, ...input }) {
      return queues.send(QueueUrl, MessageBody, sendOptions(input));
    },
    async ReceiveMessage(input, context) {
      const received = await queues.receive(input.QueueUrl, {
        ...(input.MaxNumberOfMessages === undefined ? {} : { count: input.MaxNumberOfMessages }),
        ...(input.VisibilityTimeout === undefined ? {} : { visibilitySeconds: input.VisibilityTimeout }),
        ...(input.WaitTimeSeconds === undefined ? {} : { waitSeconds: input.WaitTimeSeconds }),
      });
      const system = new Set<string>([
        ...(input.AttributeNames ?? []),
        ...(input.MessageSystemAttributeNames ?? []),
      ]);
      const attributes = input.MessageAttributeNames ?? [];
      const Messages = received.map((message) => describe(message, system, attributes, context.accountId));
      return Messages.length === 0 ? {} : { Messages };
    },
    DeleteMessage({ QueueUrl, ReceiptHandle }) {
      queues.deleteMessage(QueueUrl, ReceiptHandle);
      return {};
    },
    ChangeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout }) {
      queues.changeVisibility(QueueUrl, ReceiptHandle, VisibilityTimeout);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-sqs')>;
}

function describe(
  message: StoredMessage & Pick<Message, 'ReceiptHandle'>,
  system: ReadonlySet<string>,
  attributeNames: readonly string[],
  accountId: string,
): Message {
  const all: Partial<Record<MessageSystemAttributeName, string>> = {
    SenderId: accountId,
    SentTimestamp: String(message.sentMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
    ...message.systemAttributes,
  };
  const asked = Object.entries(all).filter(([name]) => system.has('All') || system.has(name));
  const wanted = Object.entries(message.attributes).filter(([name]) => isWanted(name, attributeNames));
  const digest = md5OfAttributes(Object.fromEntries(wanted));
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.ReceiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(asked.length > 0 ? { Attributes: Object.fromEntries(asked) } : {}),
    ...(digest === undefined
      ? {}
      : { MessageAttributes: Object.fromEntries(wanted), MD5OfMessageAttributes: digest }),
  };
}

/** `All` and `.*` are every name, `prefix.*` those that begin so. */
function isWanted(name: string, wanted: readonly string[]): boolean {
  return wanted.some(
    (each) => each === 'All' || each === name || (each.endsWith('.*') && name.startsWith(each.slice(0, -2))),
  );
}
