// What the end of a job run tells EventBridge. Source: AWS docs, EventBridge event types of Glue, "Glue Job State Change".
import type { AwsEvent } from '../events/event.js';
import type { JobRunRecord } from './job-run.js';

const WORDS: Partial<Record<JobRunRecord['state'], { severity: string; message: string }>> = {
  SUCCEEDED: { severity: 'INFO', message: 'Job run succeeded' },
  STOPPED: { severity: 'INFO', message: 'Job run stopped' },
  TIMEOUT: { severity: 'WARN', message: 'Job run timed out' },
  FAILED: { severity: 'ERROR', message: 'Job run failed' },
};

/** Undefined in states that AWS tells nobody of. */
export function jobStateEvent({ jobName, runId, state, errorMessage }: JobRunRecord): AwsEvent | undefined {
  const words = WORDS[state];
  if (!words) return undefined;
  const { severity, message } = words;
  return {
    source: 'aws.glue',
    detailType: 'Glue Job State Change',
    resources: [],
    detail: {
      jobName,
      severity,
      state,
      jobRunId: runId,
      message: state === 'FAILED' ? (errorMessage ?? message) : message,
    },
  };
}
