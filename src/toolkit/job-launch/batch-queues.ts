// The Batch queues that a spec's requirements name.
import type { LaunchSpec } from './spec.js';

/** Names or ARNs, as the spec has them, each once. */
export function queuesOf({ require }: Pick<LaunchSpec, 'require'>): string[] {
  const queues = require.flatMap(({ batchQueuesDrained, batchJobsSucceeded }) => [
    ...(batchQueuesDrained?.queues ?? []),
    ...(batchJobsSucceeded ? [batchJobsSucceeded.queue] : []),
  ]);
  return [...new Set(queues)];
}
