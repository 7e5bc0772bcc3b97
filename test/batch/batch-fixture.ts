// An embedded AWS with a job queue, and short ways to define, submit and await jobs, for tests of Batch.
import { setTimeout as delay } from 'node:timers/promises';
import type {
  JobDetail,
  RegisterJobDefinitionCommandInput,
  SubmitJobCommandInput,
} from '@aws-sdk/client-batch';
import { openEmbedded } from '../../src/embedded.js';

const REQUIREMENTS = [
  { type: 'VCPU' as const, value: '1' },
  { type: 'MEMORY' as const, value: '128' },
];

/** The queue is named `queue`, its compute environment `env`: 64 vCPUs. */
export async function openBatchFixture() {
  const aws = await openEmbedded();
  const { batch, logs } = aws.clients();
  await batch.createComputeEnvironment({
    computeEnvironmentName: 'env',
    type: 'MANAGED',
    computeResources: { type: 'FARGATE', maxvCpus: 64, subnets: ['subnet-1'] },
  });
  await batch.createJobQueue({
    jobQueueName: 'queue',
    priority: 1,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'env' }],
  });
  let names = 0;

  const describeJob = async (jobId: string): Promise<JobDetail> => {
    const { jobs = [] } = await batch.describeJobs({ jobs: [jobId] });
    return jobs[0] as JobDetail;
  };
  const until = async (jobId: string, ...statuses: string[]): Promise<JobDetail> => {
    for (let tries = 0; tries < 2000; tries++) {
      const job = await describeJob(jobId);
      if (statuses.includes(job.status as string)) return job;
      await delay(5);
    }
    throw new Error(`${jobId} is ${(await describeJob(jobId)).status}`);
  };

  return {
    aws,
    batch,
    describeJob,
    /** Waits until the job has one of the statuses. */
    until,
    ended: (jobId: string) => until(jobId, 'SUCCEEDED', 'FAILED'),

    /** Registers a definition that runs `command`, and answers its ARN. */
    async define(
      command: string[],
      more: Partial<RegisterJobDefinitionCommandInput> = {},
      container: object = {},
    ): Promise<string> {
      const { jobDefinitionArn = '' } = await batch.registerJobDefinition({
        jobDefinitionName: `definition-${++names}`,
        type: 'container',
        containerProperties: { image: 'busybox', command, resourceRequirements: REQUIREMENTS, ...container },
        ...more,
      });
      return jobDefinitionArn;
    },

    /** Submits to `queue` unless told otherwise, and answers the job's id. */
    async submit(jobDefinition: string, more: Partial<SubmitJobCommandInput> = {}): Promise<string> {
      const { jobId = '' } = await batch.submitJob({
        jobName: 'job',
        jobQueue: 'queue',
        jobDefinition,
        ...more,
      });
      return jobId;
    },

    /** What the job has written. */
    async linesOf(job: JobDetail): Promise<string[]> {
      const { events = [] } = await logs.getLogEvents({
        logGroupName: '/aws/batch/job',
        logStreamName: job.container?.logStreamName,
        startFromHead: true,
      });
      return events.map(({ message }) => message as string);
    },

    close: () => aws.close(),
  };
}
