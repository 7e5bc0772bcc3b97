// What must hold of the present object for a write or delete to happen.
import { AwsError } from '../wire/aws-error.js';

/** ETags without quotes. */
export interface WriteCondition {
  /** The object is there and has this ETag; `*` is any. */
  ifMatch?: string | undefined;
  /** `*`: there is no object. */
  ifNoneMatch?: '*' | undefined;
}

/**
 * @param etagNow of the present object, asked for only where it counts; undefined when there is none
 * @throws AwsError PreconditionFailed, NoSuchKey
 */
export function requireCondition(
  { ifMatch, ifNoneMatch }: WriteCondition,
  key: string,
  etagNow: (() => string) | undefined,
): void {
  if (ifNoneMatch && etagNow) throw preconditionFailed('If-None-Match');
  if (ifMatch === undefined) return;
  if (!etagNow) throw noSuchKey(key);
  if (ifMatch !== '*' && ifMatch !== etagNow()) throw preconditionFailed('If-Match');
}

export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', {
    statusCode: 404,
    members: { Key: key },
  });
}

export function preconditionFailed(header: string): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    statusCode: 412,
    members: { Condition: header },
  });
}
