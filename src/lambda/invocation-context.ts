// What the functions use of the context that Lambda gives them, and the time that it leaves them.

export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Aborts `reserveMs` before Lambda ends the function; at once when there is no more left than that. */
export function signalBeforeEnd(context: InvocationContext, reserveMs: number): AbortSignal {
  return AbortSignal.timeout(Math.max(context.getRemainingTimeInMillis() - reserveMs, 1));
}
