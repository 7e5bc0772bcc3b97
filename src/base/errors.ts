// The toolkit's one error class, and what each kind of it means to a shell.

/** Why the toolkit could not do what was asked; see EXIT_CODES for what the command line makes of each. */
export type GluepotErrorKind =
  | 'usage'
  | 'conflict'
  | 'guard-refused'
  | 'partial-apply'
  | 'not-permitted'
  | 'unsupported'
  | 'timed-out'
  | 'failed';

/** Exit codes of the command line. 0 is done or nothing to do, 2 is "changes present" with --detailed-exitcode. */
export const EXIT_CODES: Readonly<Record<GluepotErrorKind, number>> = {
  failed: 1,
  usage: 3,
  unsupported: 3,
  'partial-apply': 4,
  conflict: 5,
  'guard-refused': 6,
  'not-permitted': 7,
  'timed-out': 8,
};

/** A failure with a kind. The message says what failed, the value given, what is allowed and what to do next. */
export class GluepotError extends Error {
  override readonly name = 'GluepotError';
  /** What it came to all the same: the command line's `result`. */
  readonly result?: object;
  constructor(
    readonly kind: GluepotErrorKind,
    message: string,
    { result, ...options }: { cause?: unknown; result?: object } = {},
  ) {
    super(message, options);
    if (result) this.result = result;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (ENOENT, ENOSPC, EADDRINUSE, ...), if `error` is one. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
