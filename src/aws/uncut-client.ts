// A client whose requests no signal cuts off; what it ends is what the SDK waits between attempts.
import type { GlueClient } from '@aws-sdk/client-glue';

type Command = Parameters<GlueClient['send']>[0];

/**
 * What becomes of a write that is cut off would have to be found out. So a call that names no signal of its own finishes the
 * attempt that is under way; was that in vain, whyever, it ends as an aborted one. Once `signal` is aborted no call is begun.
 */
export function uncutClient(glue: GlueClient, signal: AbortSignal | undefined): GlueClient {
  if (!signal) return glue;
  return new Proxy(glue, {
    get(target, name) {
      if (name !== 'send') return Reflect.get(target, name, target) as unknown;
      return (command: Command, options?: { abortSignal?: AbortSignal }) =>
        options ? target.send(command, options) : sendUncut(target, command, signal);
    },
  });
}

async function sendUncut(glue: GlueClient, command: Command, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted();
  const betweenAttempts = new AbortController();
  let isUnderWay = false;
  const end = () => {
    if (signal.aborted && !isUnderWay) betweenAttempts.abort(signal.reason);
  };
  // Within the SDK's own middleware that tries again.
  command.middlewareStack.add(
    (next) => async (attempt) => {
      isUnderWay = true;
      try {
        return await next(attempt);
      } finally {
        isUnderWay = false;
        end();
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'uncutAttempt', override: true },
  );
  signal.addEventListener('abort', end);
  try {
    return await glue.send(command, { abortSignal: betweenAttempts.signal });
  } finally {
    signal.removeEventListener('abort', end);
  }
}
