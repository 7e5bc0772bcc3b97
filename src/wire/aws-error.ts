// An error as AWS names it: the one exception type that the embedded AWS throws on purpose.

/**
 * @param name AWS's error name as clients match it, e.g. `EntityNotFoundException`, `NoSuchKey`
 * @param statusCode HTTP status; 400 unless the service says otherwise (S3, IAM)
 * @param members further members of the modelled error, encoded next to the message
 */
export class AwsError extends Error {
  override readonly name: string;
  readonly statusCode: number;
  readonly members: Record<string, unknown>;
  constructor(
    name: string,
    message: string,
    options: { statusCode?: number; members?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = name;
    this.statusCode = options.statusCode ?? 400;
    this.members = options.members ?? {};
  }
}
