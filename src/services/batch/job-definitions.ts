// Batch operations on job definitions.
import { clientError } from '../../batch/batch-error.js';
import { nameOfArn } from '../../batch/batch-arn.js';
import type { Batch } from '../../batch/open-batch.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

export function jobDefinitionOperations({ definitions }: Batch) {
  return {
    RegisterJobDefinition(input) {
      const { jobDefinitionName, jobDefinitionArn, revision } = definitions.register(input);
      return { jobDefinitionName, jobDefinitionArn, revision };
    },
    DescribeJobDefinitions({ jobDefinitions: references, jobDefinitionName, status, ...page }) {
      if (references?.length) {
        if (jobDefinitionName !== undefined || status !== undefined) {
          throw clientError('jobDefinitions cannot be used with jobDefinitionName or status.');
        }
        return { jobDefinitions: references.map(definitions.find).filter((one) => one !== undefined) };
      }
      const { items, ...next } = pageOf(page, (options) =>
        definitions
          .list({
            ...options,
            ...(status === undefined ? {} : { status }),
            ...(jobDefinitionName === undefined
              ? {}
              : { name: nameOfArn('job-definition', jobDefinitionName) }),
          })
          .map(({ position, definition }) => ({ position, item: definition })),
      );
      return { jobDefinitions: items, ...next };
    },
    DeregisterJobDefinition({ jobDefinition }) {
      definitions.deregister(jobDefinition);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-batch')>;
}
