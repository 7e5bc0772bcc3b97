// The one owner of everything: the account.
import { createHash } from 'node:crypto';
import { AwsError } from '../../wire/aws-error.js';

/** What S3 shows for the account: a canonical id of 64 hexadecimal digits, made from its number. */
export function ownerOf(accountId: string): { ID: string } {
  return { ID: createHash('sha256').update(accountId).digest('hex') };
}

/** The access control list of every bucket and object: all to the owner, nothing to anybody else. */
export function accessControlOf(accountId: string) {
  const Owner = ownerOf(accountId);
  const Grantee = { ...Owner, Type: 'CanonicalUser' as const };
  return { Owner, Grants: [{ Grantee, Permission: 'FULL_CONTROL' as const }] };
}

/** @throws AwsError AccessDenied when the caller expects a bucket to be another account's */
export function requireExpectedOwner(input: object, accountId: string): void {
  const { ExpectedBucketOwner, ExpectedSourceBucketOwner } = input as Record<string, unknown>;
  for (const expected of [ExpectedBucketOwner, ExpectedSourceBucketOwner]) {
    if (expected !== undefined && expected !== accountId) {
      throw new AwsError('AccessDenied', 'Access Denied', { statusCode: 403 });
    }
  }
}
