// SQS operations on up to ten messages, each of which succeeds or fails by itself.
import type { BatchResultErrorEntry } from '@aws-sdk/client-sqs';
import type { Queues } from '../../queues/open-queues.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { sendOptions } from './messages.js';

// AWS docs: SendMessageBatch; the size of a batch is that of a message.
const ENTRIES_MAX = 10;
const BATCH_BYTES_MAX = 1_048_576;

export function messageBatchOperations(queues: Queues) {
  return {
    SendMessageBatch({ QueueUrl, Entries }) {
      const byteCount = Entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody), 0);
      if (byteCount > BATCH_BYTES_MAX) {
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes. You have sent ${byteCount} bytes.`,
        );
      }
      return each(queues, QueueUrl, Entries, (entry) =>
        queues.send(QueueUrl, entry.MessageBody, sendOptions(entry)),
      );
    },
    DeleteMessageBatch: ({ QueueUrl, Entries }) =>
      each(queues, QueueUrl, Entries, ({ ReceiptHandle }) => queues.deleteMessage(QueueUrl, ReceiptHandle)),
    ChangeMessageVisibilityBatch: ({ QueueUrl, Entries }) =>
      each(queues, QueueUrl, Entries, ({ ReceiptHandle, VisibilityTimeout = 0 }) =>
        queues.changeVisibility(QueueUrl, ReceiptHandle, VisibilityTimeout),
      ),
  } satisfies Operations<typeof import('@aws-sdk/client-sqs')>;
}

function each<Entry extends { Id: string }, Result extends object | void>(
  queues: Queues,
  queueUrl: string,
  entries: readonly Entry[],
  run: (entry: Entry) => Result,
): { Successful: (Result & { Id: string })[]; Failed: BatchResultErrorEntry[] | undefined } {
  checkEntries(entries.map(({ Id }) => Id));
  // A queue that is not there fails the whole request.
  queues.get(queueUrl);
  const Successful: (Result & { Id: string })[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ ...run(entry), Id: entry.Id });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.name, Message: error.message });
    }
  }
  // Scripts ask whether there is such a member at all.
  return { Successful, Failed: Failed.length === 0 ? undefined : Failed };
}

function checkEntries(entryIds: readonly string[]): void {
  if (entryIds.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entryIds.length > ENTRIES_MAX) {
    const why = `Maximum number of entries per request are ${ENTRIES_MAX}. You have sent ${entryIds.length}.`;
    throw new AwsError('TooManyEntriesInBatchRequest', why);
  }
  const twice = entryIds.find((id, index) => entryIds.indexOf(id) !== index);
  if (twice !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${twice} repeated.`);
  const bad = entryIds.find((id) => !/^[\w-]{1,80}$/.test(id));
  if (bad !== undefined) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
}
