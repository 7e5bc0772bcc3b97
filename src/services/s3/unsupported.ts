// Members of S3 inputs that would change what happens and that nothing here does: refused, never ignored.
import { AwsError } from '../../wire/aws-error.js';

const REFUSED = [
  'GrantFullControl',
  'GrantRead',
  'GrantReadACP',
  'GrantWrite',
  'GrantWriteACP',
  'MFA',
  'ObjectLockEnabledForBucket',
  'ObjectLockEventHold',
  'ObjectLockLegalHoldStatus',
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
  'SSECustomerAlgorithm',
  'CopySourceSSECustomerAlgorithm',
  'WebsiteRedirectLocation',
  'WriteOffsetBytes',
] as const;

/**
 * A version other than `null` cannot exist here, since buckets are not versioned.
 * @throws AwsError NotImplemented naming the member, NoSuchVersion
 */
export function refuseUnsupported(input: object): void {
  const members = input as Record<string, unknown>;
  for (const name of REFUSED) {
    if (members[name] !== undefined && members[name] !== false) {
      throw new AwsError(
        'NotImplemented',
        `A header you provided implies functionality that is not implemented: ${name}`,
        {
          statusCode: 501,
        },
      );
    }
  }
  const version = members['VersionId'];
  if (version !== undefined && version !== 'null') {
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', {
      statusCode: 404,
      members: { VersionId: version },
    });
  }
}
