// Why a query failed, in the words that Athena's users see.

/** AWS docs, AthenaError: 1 system, 2 user, 3 other. */
export type ErrorCategory = 1 | 2 | 3;

/**
 * A failure of a query that is the query's own. `message` is Athena's text.
 *
 * `at` says when Athena finds it: what does not parse is refused by StartQueryExecution itself
 * (InvalidRequestException with AthenaErrorCode MALFORMED_QUERY), everything else makes a FAILED query whose
 * StateChangeReason it is.
 */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';
  constructor(
    message: string,
    readonly at: 'submission' | 'execution' = 'execution',
    readonly category: ErrorCategory = 2,
    /** AthenaError's ErrorType. */
    readonly errorType = 1000,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
