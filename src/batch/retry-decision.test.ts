// Retry strategies against failures, with decisions as AWS's documentation has them.
import { describe, expect, it } from 'vitest';
import { checkRetryStrategy, isRetried, type AttemptFailure } from './retry-decision.js';
import type { RetryStrategy } from '@aws-sdk/client-batch';

const EXIT_1: AttemptFailure = { statusReason: 'Essential container in task exited', exitCode: 1 };
const NO_HOST: AttemptFailure = { statusReason: 'Host EC2 (instance i-1) terminated.' };
const NO_PROGRAM: AttemptFailure = {
  statusReason: 'Task failed to start',
  reason: 'CannotStartContainerError: x',
};

const ONLY_HOSTS: RetryStrategy = {
  attempts: 3,
  evaluateOnExit: [
    { onStatusReason: 'Host EC2*', action: 'RETRY' },
    { onReason: '*', action: 'EXIT' },
  ],
};

describe('isRetried', () => {
  it.each<[string, RetryStrategy | undefined, number, AttemptFailure, boolean]>([
    ['no strategy allows one attempt', undefined, 1, EXIT_1, false],
    ['attempts allow as many', { attempts: 2 }, 1, EXIT_1, true],
    ['the last attempt is the last', { attempts: 2 }, 2, EXIT_1, false],
    ['a matching condition retries', ONLY_HOSTS, 1, NO_HOST, true],
    ['the next condition ends everything else', ONLY_HOSTS, 1, EXIT_1, false],
    ['a condition never goes beyond the attempts', ONLY_HOSTS, 3, NO_HOST, false],
    [
      'without a match it is retried',
      { attempts: 2, evaluateOnExit: [{ onExitCode: '42', action: 'EXIT' }] },
      1,
      EXIT_1,
      true,
    ],
    [
      'an exit code matches by its beginning',
      { attempts: 2, evaluateOnExit: [{ onExitCode: '1*', action: 'EXIT' }] },
      1,
      { ...EXIT_1, exitCode: 137 },
      false,
    ],
    [
      'all parts of a condition must match',
      { attempts: 2, evaluateOnExit: [{ onExitCode: '1', onReason: 'OutOf*', action: 'EXIT' }] },
      1,
      EXIT_1,
      true,
    ],
    [
      'actions are read in any case',
      { attempts: 2, evaluateOnExit: [{ onReason: 'CannotStart*', action: 'exit' as never }] },
      1,
      NO_PROGRAM,
      false,
    ],
    [
      'a pattern without an asterisk is the whole text',
      { attempts: 2, evaluateOnExit: [{ onReason: 'CannotStart', action: 'EXIT' }] },
      1,
      NO_PROGRAM,
      true,
    ],
  ])('%s', (_name, strategy, attempts, failure, expected) => {
    expect(isRetried(strategy, attempts, failure)).toBe(expected);
  });
});

describe('checkRetryStrategy', () => {
  it.each<[RetryStrategy, RegExp]>([
    [{ attempts: 0 }, /between 1 and 10, not 0/],
    [{ attempts: 11 }, /between 1 and 10, not 11/],
    [{ evaluateOnExit: [{ onExitCode: '1', action: 'EXIT' }] }, /attempts must be given/],
    [{ attempts: 1, evaluateOnExit: [{ onExitCode: 'one', action: 'EXIT' }] }, /'one' must be digits/],
    [{ attempts: 1, evaluateOnExit: [{ action: 'EXIT' }] }, /has none of/],
    [
      { attempts: 1, evaluateOnExit: Array.from({ length: 6 }, () => ({ onExitCode: '1', action: 'EXIT' })) },
      /at most 5 conditions, not 6/,
    ],
  ])('refuses %j', (strategy, message) => {
    expect(() => checkRetryStrategy(strategy as never)).toThrow(message);
  });
});
