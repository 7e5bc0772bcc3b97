// Is a failed attempt tried again? The retry strategy's conditions, and what it may say.
import type { EvaluateOnExit, RetryStrategy } from '@aws-sdk/client-batch';
import type { Checked } from '../wire/service.js';
import { clientError } from './batch-error.js';

const ATTEMPTS_MAX = 10;
const CONDITIONS_MAX = 5;

export interface AttemptFailure {
  statusReason: string;
  /** The container's reason. */
  reason?: string;
  exitCode?: number;
}

/**
 * AWS docs: Batch, "Automated job retries": the first condition of which everything given matches decides, and when none
 * matches the job is retried; `attempts` bounds it in any case.
 */
export function isRetried(
  strategy: RetryStrategy | undefined,
  attemptCount: number,
  failure: AttemptFailure,
): boolean {
  if (attemptCount >= (strategy?.attempts ?? 1)) return false;
  const deciding = strategy?.evaluateOnExit?.find((condition) => matches(condition, failure));
  return deciding?.action?.toUpperCase() !== 'EXIT';
}

function matches(
  condition: EvaluateOnExit,
  { statusReason, reason = '', exitCode }: AttemptFailure,
): boolean {
  return (
    matchesGlob(condition.onStatusReason, statusReason) &&
    matchesGlob(condition.onReason, reason) &&
    matchesGlob(condition.onExitCode, exitCode === undefined ? '' : String(exitCode))
  );
}

function matchesGlob(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/** @throws AwsError ClientException */
export function checkRetryStrategy(strategy: Checked<RetryStrategy> | undefined): void {
  if (!strategy) return;
  const { attempts, evaluateOnExit = [] } = strategy;
  if (attempts !== undefined && (attempts < 1 || attempts > ATTEMPTS_MAX)) {
    throw clientError(`retryStrategy.attempts must be between 1 and ${ATTEMPTS_MAX}, not ${attempts}.`);
  }
  if (evaluateOnExit.length > CONDITIONS_MAX) {
    throw clientError(
      `retryStrategy.evaluateOnExit has at most ${CONDITIONS_MAX} conditions, not ${evaluateOnExit.length}.`,
    );
  }
  if (evaluateOnExit.length > 0 && attempts === undefined) {
    throw clientError('retryStrategy.attempts must be given with evaluateOnExit.');
  }
  for (const { onStatusReason, onReason, onExitCode, action } of evaluateOnExit) {
    if (onExitCode !== undefined && !/^\d*\*?$/.test(onExitCode)) {
      throw clientError(`onExitCode '${onExitCode}' must be digits, with an asterisk at its end or without.`);
    }
    if (onStatusReason === undefined && onReason === undefined && onExitCode === undefined) {
      throw clientError(
        `A condition of evaluateOnExit (action ${action}) has none of onStatusReason, onReason, onExitCode.`,
      );
    }
  }
}
