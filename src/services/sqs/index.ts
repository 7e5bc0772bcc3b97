// The SQS service: standard queues.
import * as client from '@aws-sdk/client-sqs';
import type { Queues } from '../../queues/open-queues.js';
import { sqsConstraints } from '../../wire/constraints/sqs.js';
import type { Service } from '../../wire/service.js';
import { messageBatchOperations } from './message-batches.js';
import { messageOperations } from './messages.js';
import { queueOperations } from './queues.js';

export function sqsService(queues: Queues, { accountId }: { accountId: string }): Service {
  return {
    signingName: 'sqs',
    protocol: 'json-1.0',
    targetPrefix: 'AmazonSQS',
    hasQueryErrors: true,
    client,
    constraints: sqsConstraints,
    validationErrorName: 'InvalidParameterValue',
    operations: {
      ...queueOperations(queues, accountId),
      ...messageOperations(queues),
      ...messageBatchOperations(queues),
    },
  };
}
