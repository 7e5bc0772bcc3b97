// Batch operations on job queues.
import type { Batch } from '../../batch/open-batch.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

export function jobQueueOperations({ queues, resume }: Batch) {
  return {
    CreateJobQueue(input) {
      const { jobQueueName, jobQueueArn } = queues.create(input);
      return { jobQueueName, jobQueueArn };
    },
    DescribeJobQueues({ jobQueues: names, ...page }) {
      if (names?.length) return { jobQueues: names.map(queues.find).filter((one) => one !== undefined) };
      const { items, ...next } = pageOf(page, (options) =>
        queues.list(options).map((queue) => ({ position: queue.jobQueueName, item: queue })),
      );
      return { jobQueues: items, ...next };
    },
    UpdateJobQueue(input) {
      const { jobQueueName, jobQueueArn } = queues.update(input);
      // Other compute environments may have room for what waits.
      resume();
      return { jobQueueName, jobQueueArn };
    },
    DeleteJobQueue({ jobQueue }) {
      queues.delete(jobQueue);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-batch')>;
}
