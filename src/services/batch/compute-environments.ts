// Batch operations on compute environments.
import type { Batch } from '../../batch/open-batch.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

export function computeEnvironmentOperations({ environments, resume }: Batch) {
  return {
    CreateComputeEnvironment(input) {
      const { computeEnvironmentName, computeEnvironmentArn } = environments.create(input);
      return { computeEnvironmentName, computeEnvironmentArn };
    },
    DescribeComputeEnvironments({ computeEnvironments: names, ...page }) {
      if (names?.length) {
        return { computeEnvironments: names.map(environments.find).filter((one) => one !== undefined) };
      }
      const { items, ...next } = pageOf(page, (options) =>
        environments
          .list(options)
          .map((environment) => ({ position: environment.computeEnvironmentName, item: environment })),
      );
      return { computeEnvironments: items, ...next };
    },
    UpdateComputeEnvironment(input) {
      const { computeEnvironmentName, computeEnvironmentArn } = environments.update(input);
      // It may have room now for what waits.
      resume();
      return { computeEnvironmentName, computeEnvironmentArn };
    },
    DeleteComputeEnvironment({ computeEnvironment }) {
      environments.delete(computeEnvironment);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-batch')>;
}
