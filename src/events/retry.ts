// Whether and when a failed delivery is tried again.
import { AwsError } from '../wire/aws-error.js';

const FIRST_DELAY_MS = 1000;
const DELAY_MS_MAX = 600_000;

/** Twice as long after each failure, up to ten minutes. How long EventBridge really waits is not documented. */
export function retryDelayMs(attemptCount: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** (attemptCount - 1), DELAY_MS_MAX);
}

// AWS docs: "How EventBridge retries delivering events": not where permissions are missing or the target is gone.
const FINAL_ERRORS =
  /NotFound|DoesNotExist|NoSuch|AccessDenied|NotAuthorized|UnknownOperation|Validation|InvalidInput|InvalidParameter|Serialization/;

export function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof AwsError && FINAL_ERRORS.test(error.name));
}
