// The SQS service: standard queues.
import type { Queues } from '../../queues/open-queues.js';
import { sqsConstraints } from '../../wire/constraints/sqs.js';
import { sdkModule } from '../../wire/sdk-module.js';
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
    get client() {
      return sdkModule('sqs');
    },
    constraints: sqsConstraints,
    validationErrorName: 'InvalidParameterValue',
    operations: {
      ...queueOperations(queues, accountId),
      ...messageOperations(queues),
      ...messageBatchOperations(queues),
    },
  };
}
