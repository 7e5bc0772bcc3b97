// What S3 can do and this S3 does not: refused by name, and what it would not have to do let through.
import type { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { refuseUnsupported } from './unsupported.js';

describe('an input', () => {
  it.each<[string, object, string]>([
    ['with a customer key', { SSECustomerAlgorithm: 'AES256' }, 'NotImplemented'],
    ['to be encrypted by KMS', { ServerSideEncryption: 'aws:kms' }, 'NotImplemented'],
    ['to be locked', { ObjectLockMode: 'GOVERNANCE' }, 'NotImplemented'],
    ['for a public object', { ACL: 'public-read' }, 'AccessControlListNotSupported'],
    ['with a grant', { GrantRead: 'uri=x' }, 'AccessControlListNotSupported'],
    ['for an archive', { StorageClass: 'GLACIER' }, 'InvalidStorageClass'],
    ['for a version', { VersionId: '3HL4kqtJvjVBH40Nrjfkd' }, 'NoSuchVersion'],
  ])('%s is refused', (_case, input, name) => {
    expect(() => refuseUnsupported(input)).toThrow(expect.objectContaining({ name }));
  });

  it.each<[string, object]>([
    ['that asks for the default encryption', { ServerSideEncryption: 'AES256' }],
    ['that asks for no lock', { ObjectLockEnabledForBucket: false }],
    ['for a private object', { ACL: 'private' }],
    ['for the only version', { VersionId: 'null' }],
    ['for a class that is read at once', { StorageClass: 'INTELLIGENT_TIERING' }],
  ])('%s passes', (_case, input) => expect(() => refuseUnsupported(input)).not.toThrow());
});

describe('S3', () => {
  let aws: Embedded;
  let s3: S3;
  const Bucket = 'plain-bucket';
  beforeAll(async () => {
    aws = await openEmbedded();
    ({ s3 } = aws.clients());
    await s3.createBucket({ Bucket });
  });
  afterAll(() => aws.close());
  const nameOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error: Error) => error.name,
    );

  it('does nothing of a request that it refuses', async () => {
    const put = s3.putObject({ Bucket, Key: 'k', Body: 'x', ServerSideEncryption: 'aws:kms' });
    expect(await nameOf(put)).toBe('NotImplemented');
    expect((await s3.listObjectsV2({ Bucket })).KeyCount).toBe(0);
  });

  it("refuses a bucket that is expected to be another account's", async () => {
    expect(await nameOf(s3.listObjectsV2({ Bucket, ExpectedBucketOwner: '999999999999' }))).toBe(
      'AccessDenied',
    );
  });

  it('says of a new bucket what AWS says of one', async () => {
    expect((await s3.getBucketVersioning({ Bucket })).Status).toBeUndefined();
    expect((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration?.BlockPublicAcls).toBe(
      true,
    );
    const { OwnershipControls } = await s3.getBucketOwnershipControls({ Bucket });
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    expect((await s3.getBucketAcl({ Bucket })).Grants).toHaveLength(1);
    expect((await s3.getBucketRequestPayment({ Bucket })).Payer).toBe('BucketOwner');
    expect(await nameOf(s3.getBucketPolicy({ Bucket }))).toBe('NoSuchBucketPolicy');
    expect(await nameOf(s3.getBucketCors({ Bucket }))).toBe('NoSuchCORSConfiguration');
    expect(await nameOf(s3.getBucketLifecycleConfiguration({ Bucket }))).toBe('NoSuchLifecycleConfiguration');
    expect(await nameOf(s3.getBucketPolicy({ Bucket: 'no-such-bucket' }))).toBe('NoSuchBucket');
  });

  it('lists the versions of a bucket without any as the one that each object is', async () => {
    await s3.putObject({ Bucket, Key: 'a', Body: 'x' });
    await s3.putObject({ Bucket, Key: 'b/c', Body: 'x', StorageClass: 'STANDARD_IA' });
    const { Versions } = await s3.listObjectVersions({ Bucket });
    expect(Versions).toMatchObject([
      { Key: 'a', VersionId: 'null', IsLatest: true, StorageClass: 'STANDARD' },
      { Key: 'b/c', VersionId: 'null', IsLatest: true, StorageClass: 'STANDARD_IA' },
    ]);
    const Objects = Versions?.map(({ Key, VersionId }) => ({ Key, VersionId }));
    expect((await s3.deleteObjects({ Bucket, Delete: { Objects } })).Errors ?? []).toEqual([]);
    expect((await s3.listObjectsV2({ Bucket })).KeyCount).toBe(0);
  });

  it('keeps a bucket in its region when it is made again elsewhere', async () => {
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    await s3.createBucket({ Bucket: 'irish-bucket', CreateBucketConfiguration });
    expect(await nameOf(s3.createBucket({ Bucket: 'irish-bucket' }))).toBe('BucketAlreadyOwnedByYou');
    const nowhere = { LocationConstraint: 'nowhere-1' as 'eu-west-1' };
    expect(await nameOf(s3.createBucket({ Bucket: 'x-bucket', CreateBucketConfiguration: nowhere }))).toBe(
      'InvalidLocationConstraint',
    );
  });
});
