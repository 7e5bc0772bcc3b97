// What a job run tells EventBridge. Source: AWS docs, EventBridge event types of Glue, "Glue Job State Change" and "Glue Job
// Run Status".
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
  const { severity } = words;
  // The words around the reason are those of AWS's sample event.
  const message =
    state === 'FAILED'
      ? `JobName:${jobName} and JobRunId:${runId} failed to execute with exception ${errorMessage ?? words.message}`
      : words.message;
  return {
    source: 'aws.glue',
    detailType: 'Glue Job State Change',
    resources: [],
    detail: {
      jobName,
      severity,
      state,
      jobRunId: runId,
      message,
    },
  };
}

/** Undefined in states that AWS calls no run late in. */
export function jobDelayEvent({
  jobName,
  runId,
  state,
  startedMs,
  settings,
}: JobRunRecord): AwsEvent | undefined {
  if (!['STARTING', 'RUNNING', 'STOPPING'].includes(state)) return undefined;
  return {
    source: 'aws.glue',
    detailType: 'Glue Job Run Status',
    resources: [],
    detail: {
      jobName,
      severity: 'INFO',
      notificationCondition: { NotifyDelayAfter: settings.NotificationProperty?.NotifyDelayAfter },
      state,
      jobRunId: runId,
      message: `Job is in ${state} state`,
      startedOn: new Date(startedMs).toISOString(),
    },
  };
}
