// SQS operations on queues, their attributes and tags.
import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import type { Queues } from '../../queues/open-queues.js';
import { invalidParameter, requireWithin } from '../../queues/queue-error.js';
import { queueName } from '../../queues/queue-name.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations, RequestContext } from '../../wire/service.js';

// AWS docs: ListQueues, "a maximum of 1,000 results".
const PAGE_MAX = 1000;

export function queueOperations(queues: Queues, accountId: string) {
  const urlOf = (name: string, { origin }: RequestContext) => `${origin}/${accountId}/${name}`;
  const page = (
    { MaxResults = PAGE_MAX, NextToken }: { MaxResults?: number | undefined; NextToken?: string | undefined },
    read: (after: string) => string[],
    context: RequestContext,
  ) => {
    requireWithin('MaxResults', MaxResults, 1, PAGE_MAX);
    const names = read(NextToken === undefined ? '' : Buffer.from(NextToken, 'base64url').toString('utf8'));
    const last = names.length > MaxResults ? names[MaxResults - 1] : undefined;
    return {
      urls: names.slice(0, MaxResults).map((name) => urlOf(name, context)),
      ...(last === undefined ? {} : { NextToken: Buffer.from(last).toString('base64url') }),
    };
  };
  return {
    CreateQueue({ QueueName, Attributes = {}, tags = {} }, context) {
      queues.create(QueueName, Attributes, tags);
      return { QueueUrl: urlOf(QueueName, context) };
    },
    GetQueueUrl({ QueueName, QueueOwnerAWSAccountId = accountId }, context) {
      if (QueueOwnerAWSAccountId !== accountId) {
        throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
      }
      return { QueueUrl: urlOf(queues.get(QueueName).name, context) };
    },
    ListQueues({ QueueNamePrefix = '', ...input }, context) {
      const read = (after: string) => queues.list({ prefix: QueueNamePrefix, after });
      const { urls, ...rest } = page(input, read, context);
      return { ...(urls.length > 0 ? { QueueUrls: urls } : {}), ...rest };
    },
    ListDeadLetterSourceQueues({ QueueUrl, ...input }, context) {
      const read = (after: string) => queues.sourcesOf(QueueUrl).filter((name) => name > after);
      const { urls, ...rest } = page(input, read, context);
      return { queueUrls: urls, ...rest };
    },
    GetQueueAttributes({ QueueUrl, AttributeNames = [] }) {
      const { attributes, counts, created, modified, name } = queues.get(QueueUrl);
      const all: Record<string, string> = {
        ...attributes,
        QueueArn: queues.arnOf(name),
        CreatedTimestamp: String(Math.floor(created.getTime() / 1000)),
        LastModifiedTimestamp: String(Math.floor(modified.getTime() / 1000)),
        ApproximateNumberOfMessages: String(counts.visible),
        ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
        ApproximateNumberOfMessagesDelayed: String(counts.delayed),
      };
      const wanted = new Set<QueueAttributeName>(AttributeNames);
      const found = Object.entries(all).filter(
        ([key]) => wanted.has('All') || wanted.has(key as QueueAttributeName),
      );
      return found.length === 0 ? {} : { Attributes: Object.fromEntries(found) };
    },
    SetQueueAttributes({ QueueUrl, Attributes }) {
      queues.setAttributes(QueueUrl, Attributes);
      return {};
    },
    DeleteQueue({ QueueUrl }) {
      queues.delete(QueueUrl);
      return {};
    },
    PurgeQueue({ QueueUrl }) {
      queues.purge(QueueUrl);
      return {};
    },
    TagQueue({ QueueUrl, Tags }) {
      const { tags } = queues.get(QueueUrl);
      const merged = { ...tags, ...Tags };
      if (Object.keys(merged).length > 50) {
        throw invalidParameter('Tags', queueName(QueueUrl), 'A queue has at most 50 tags.');
      }
      queues.setTags(QueueUrl, merged);
      return {};
    },
    UntagQueue({ QueueUrl, TagKeys }) {
      const { tags } = queues.get(QueueUrl);
      const kept = Object.entries(tags).filter(([key]) => !TagKeys.includes(key));
      queues.setTags(QueueUrl, Object.fromEntries(kept));
      return {};
    },
    ListQueueTags: ({ QueueUrl }) => ({ Tags: queues.get(QueueUrl).tags }),
  } satisfies Operations<typeof import('@aws-sdk/client-sqs')>;
}
