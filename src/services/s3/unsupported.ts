// Members of S3 inputs that would change what happens and that nothing here does: refused, never ignored.
import { AwsError } from '../../wire/aws-error.js';

const REFUSED = [
  'CopySourceSSECustomerAlgorithm',
  'IfMatchLastModifiedTime',
  'IfMatchSize',
  'MFA',
  'ObjectLockEnabledForBucket',
  'ObjectLockEventHold',
  'ObjectLockLegalHoldStatus',
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
  'SSECustomerAlgorithm',
  'SSEKMSEncryptionContext',
  'SSEKMSKeyId',
  'WebsiteRedirectLocation',
  'WriteOffsetBytes',
];

const GRANTS = ['GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWrite', 'GrantWriteACP'];

/** Classes whose objects can be read at once; an archive would have to be restored first. */
const STORAGE_CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
];

/**
 * Lets through what is done here or has nothing to be done for: files are not encrypted, which AES256, S3's default, leaves
 * to the disk; buckets are not versioned, so that every version is `null`; access control lists are off, as they are for
 * new buckets on AWS.
 * @throws AwsError NotImplemented naming the member, AccessControlListNotSupported, InvalidStorageClass, NoSuchVersion
 */
export function refuseUnsupported(input: object): void {
  const members = input as Record<string, unknown>;
  const value = (name: string) => (members[name] === false ? undefined : members[name]);

  for (const name of REFUSED) if (value(name) !== undefined) throw notImplemented(name);
  requireOneOf('ServerSideEncryption', ['AES256']);
  requireOneOf('ObjectOwnership', ['BucketOwnerEnforced']);
  requireOneOf('BucketNamespace', ['global']);
  const acl = value('ACL') ?? 'private';
  if (!['private', 'bucket-owner-full-control'].includes(acl as string) || GRANTS.some(value)) {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  const storageClass = value('StorageClass') ?? 'STANDARD';
  if (!STORAGE_CLASSES.includes(storageClass as string)) {
    throw new AwsError(
      'InvalidStorageClass',
      `The storage class you specified is not valid: ${JSON.stringify(storageClass)}. Here it may be ${STORAGE_CLASSES.join(', ')}.`,
    );
  }
  const version = value('VersionId') ?? 'null';
  if (version !== 'null') {
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', {
      statusCode: 404,
      members: { VersionId: version },
    });
  }

  function requireOneOf(name: string, allowed: readonly string[]): void {
    const given = value(name);
    if (given !== undefined && !allowed.includes(given as string)) throw notImplemented(name, given);
  }
}

function notImplemented(name: string, value?: unknown): AwsError {
  const what = value === undefined ? name : `${name}=${JSON.stringify(value)}`;
  return new AwsError(
    'NotImplemented',
    `A header you provided implies functionality that is not implemented: ${what}`,
    { statusCode: 501 },
  );
}
