// If-Match and its kin on reads.
import { preconditionFailed } from '../../storage/write-condition.js';
import { AwsError } from '../../wire/aws-error.js';
import { matchesEtag } from './etag.js';

export interface ReadCondition {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
}

/**
 * A tag outweighs a date: when If-Match holds, If-Unmodified-Since is not looked at, and If-None-Match outweighs
 * If-Modified-Since. AWS docs: GetObject, "Overriding response header values ... conditions".
 * @throws AwsError PreconditionFailed (412), NotModified (304)
 */
export function requireReadCondition(
  condition: ReadCondition,
  object: { etag: string; lastModified: Date },
): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = condition;
  const modifiedSeconds = Math.floor(object.lastModified.getTime() / 1000);
  const isLaterThan = (date: Date) => modifiedSeconds > Math.floor(date.getTime() / 1000);
  if (IfMatch !== undefined) {
    if (!matchesEtag(IfMatch, object.etag)) throw preconditionFailed('If-Match');
  } else if (IfUnmodifiedSince && isLaterThan(IfUnmodifiedSince)) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (IfNoneMatch !== undefined) {
    if (matchesEtag(IfNoneMatch, object.etag)) throw notModified();
  } else if (IfModifiedSince && !isLaterThan(IfModifiedSince)) {
    throw notModified();
  }
}

function notModified(): AwsError {
  return new AwsError('NotModified', 'Not Modified', { statusCode: 304 });
}
