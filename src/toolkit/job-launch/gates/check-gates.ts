// All requirements of a spec, looked at in its order.
import type { LaunchScope } from '../launch-scope.js';
import type { GateSpec, LaunchSpec } from '../spec.js';
import { decideSucceeded, observeJobs } from './batch-jobs-succeeded.js';
import { decideDrained, observeQueues } from './batch-queues-drained.js';
import type { GateResult } from './gate.js';
import { checkCrawler, checkJobIdle, checkObject } from './glue-gates.js';
import { decideTimeWindow } from './time-window.js';

/** @param isBatchIgnored requirements of Batch pass unseen: somebody has said so, and the record will */
export async function checkGates(
  scope: LaunchScope,
  spec: LaunchSpec,
  { isBatchIgnored }: { isBatchIgnored: boolean },
): Promise<GateResult[]> {
  const results: GateResult[] = [];
  for (const gate of spec.require) results.push(await check(scope, gate, isBatchIgnored));
  return results;
}

async function check(scope: LaunchScope, gate: GateSpec, isBatchIgnored: boolean): Promise<GateResult> {
  const { batchQueuesDrained, batchJobsSucceeded, glueJobIdle, crawlerReady, objectPresent, timeWindow } =
    gate;
  if ((batchQueuesDrained ?? batchJobsSucceeded) && isBatchIgnored) {
    const name = batchQueuesDrained ? 'batchQueuesDrained' : 'batchJobsSucceeded';
    return {
      gate: name,
      verdict: 'pass',
      reason: 'overridden',
      message: 'The event says ignoreBatchChecks.',
    };
  }
  if (batchQueuesDrained)
    return decideDrained(await observeQueues(scope, batchQueuesDrained), batchQueuesDrained);
  if (batchJobsSucceeded) {
    return decideSucceeded(
      await observeJobs(scope, batchJobsSucceeded),
      batchJobsSucceeded,
      scope.clock.now(),
    );
  }
  if (glueJobIdle) return checkJobIdle(scope, glueJobIdle.job);
  if (crawlerReady) return checkCrawler(scope, crawlerReady.crawler);
  if (objectPresent) return checkObject(scope, objectPresent.object);
  return decideTimeWindow(timeWindow as NonNullable<typeof timeWindow>, scope.clock.now());
}
