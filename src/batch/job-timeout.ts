// How long an attempt of a job may take.
import type { JobTimeout } from '@aws-sdk/client-batch';
import { clientError } from './batch-error.js';

// AWS docs: JobTimeout, "The minimum value for the timeout is 60 seconds."
const SECONDS_MIN = 60;

/** @throws AwsError ClientException */
export function checkTimeout(timeout: JobTimeout | undefined): void {
  const seconds = timeout?.attemptDurationSeconds;
  if (seconds !== undefined && seconds < SECONDS_MIN) {
    throw clientError(`timeout.attemptDurationSeconds must be at least ${SECONDS_MIN}, not ${seconds}.`);
  }
}
