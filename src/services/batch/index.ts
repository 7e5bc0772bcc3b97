// The Batch service.
import type { ArnScope } from '../../batch/batch-arn.js';
import type { Batch } from '../../batch/open-batch.js';
import { batchConstraints } from '../../wire/constraints/batch.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { computeEnvironmentOperations } from './compute-environments.js';
import { jobDefinitionOperations } from './job-definitions.js';
import { jobQueueOperations } from './job-queues.js';
import { jobOperations } from './jobs.js';
import { tagOperations } from './tags.js';

export function batchService(batch: Batch, scope: ArnScope): Service {
  return {
    signingName: 'batch',
    protocol: 'rest-json',
    get client() {
      return sdkModule('batch');
    },
    constraints: batchConstraints,
    validationErrorName: 'ClientException',
    runsPrograms: true,
    operations: {
      ...computeEnvironmentOperations(batch),
      ...jobQueueOperations(batch),
      ...jobDefinitionOperations(batch),
      ...jobOperations(batch, scope),
      ...tagOperations(batch),
    },
  };
}
