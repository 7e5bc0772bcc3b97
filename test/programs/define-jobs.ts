// A queue and definitions of jobs that take their time, for tests of what happens to them.
import type { Batch } from '@aws-sdk/client-batch';

export async function defineJobs(batch: Batch): Promise<void> {
  await batch.createComputeEnvironment({
    computeEnvironmentName: 'env',
    type: 'MANAGED',
    computeResources: { type: 'FARGATE', maxvCpus: 16, subnets: ['subnet-1'] },
  });
  await batch.createJobQueue({
    jobQueueName: 'queue',
    priority: 1,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'env' }],
  });
  // On a host that is gone, and only then, the job is tried again: what strategies for Spot say.
  const onlyHosts = {
    attempts: 2,
    evaluateOnExit: [
      { onStatusReason: 'Host EC2*', action: 'RETRY' as const },
      { onReason: '*', action: 'EXIT' as const },
    ],
  };
  const firstSleeps = 'test $AWS_BATCH_JOB_ATTEMPT != 1 || exec sleep 61.7';
  for (const [jobDefinitionName, command, retryStrategy] of [
    ['long', ['sleep', '61.7'], undefined],
    ['retried', ['sh', '-c', firstSleeps], onlyHosts],
    ['quick', ['true'], undefined],
  ] as const) {
    await batch.registerJobDefinition({
      jobDefinitionName,
      type: 'container',
      containerProperties: { image: 'busybox', command: [...command], vcpus: 1, memory: 64 },
      ...(retryStrategy ? { retryStrategy } : {}),
    });
  }
}
