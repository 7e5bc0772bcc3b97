// A command that is sent once, where the SDK would send it again without another look at what it writes.
import type { MiddlewareStack } from '@smithy/types';

/**
 * For a write without a condition. While the SDK pauses, or waits for an answer that is lost, others may change what it
 * writes, and the same request once more would overwrite that. What the one attempt met is thrown after the SDK's pause,
 * which goes by AWS's pace.
 */
export function sentOnce<Command, Input extends object, Output extends object>(
  command: Command & { middlewareStack: MiddlewareStack<Input, Output> },
): Command {
  let failure: unknown;
  command.middlewareStack.add(
    (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        throw failure ?? error;
      }
    },
    { step: 'initialize', name: 'sentOnce' },
  );
  // Within the SDK's own middleware that tries again, and gives up what bears no name that it knows.
  command.middlewareStack.add(
    (next) => async (attempt) => {
      if (failure !== undefined) throw new Error('It is not sent again.');
      try {
        return await next(attempt);
      } catch (error) {
        failure = error;
        throw error;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'onlyAttempt' },
  );
  return command;
}
