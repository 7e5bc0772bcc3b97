// Where copies come from, and what they take along.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFilesBelow } from '../../../test/storage/open-files.js';
import { BUCKET, openStorageHarness } from '../../../test/storage/storage-harness.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { copyOperations } from './copies.js';
import { parseCopySource } from './copy-source.js';

describe('a copy source', () => {
  it.each([
    ['lake/k', 'k'],
    ['/lake/a/b', 'a/b'],
    ['lake/%C3%BC%2B%25', 'ü+%'],
    ['lake%2Fencoded%20whole', 'encoded whole'],
    ['lake/a+b', 'a b'],
    ['lake/what?', 'what?'],
    ['lake/k?v', 'k?v'],
    ['lake/k?versionId=null', 'k'],
    ['lake/k%3FversionId=x', 'k?versionId=x'],
    ['lake//', '/'],
  ])('%j is the key %j', (text, key) => expect(parseCopySource(text)).toEqual({ bucket: 'lake', key }));

  it.each([
    ['lake', 'InvalidArgument'],
    ['lake/', 'InvalidArgument'],
    ['', 'InvalidArgument'],
    ['lake/%', 'InvalidURI'],
    ['lake/k?versionId=3HL4kqt', 'NoSuchVersion'],
  ])('%j is refused', (text, name) => {
    expect(() => parseCopySource(text)).toThrow(expect.objectContaining({ name }));
  });
});

describe('a copy', () => {
  let aws: Embedded;
  let s3: S3;
  const Bucket = 'copy-bucket';
  beforeAll(async () => {
    aws = await openEmbedded();
    ({ s3 } = aws.clients());
    await s3.createBucket({ Bucket });
    await s3.putObject({
      Bucket,
      Key: 'source',
      Body: 'x',
      StorageClass: 'STANDARD_IA',
      CacheControl: 'no-cache',
    });
  });
  afterAll(() => aws.close());

  it('is of the standard class unless another is asked for', async () => {
    const copy = async (others: object) => {
      await s3.copyObject({ Bucket, Key: 'copy', CopySource: `${Bucket}/source`, ...others });
      return s3.headObject({ Bucket, Key: 'copy' });
    };
    const standard = await copy({});
    expect(standard).toMatchObject({ CacheControl: 'no-cache' });
    expect(standard.StorageClass).toBeUndefined();
    expect((await copy({ StorageClass: 'GLACIER_IR' })).StorageClass).toBe('GLACIER_IR');
  });

  it('of an object to itself needs something to change', async () => {
    const copy = (others: object) =>
      s3.copyObject({ Bucket, Key: 'source', CopySource: `${Bucket}/source`, ...others });
    await expect(copy({})).rejects.toMatchObject({ name: 'InvalidRequest' });
    await expect(copy({ StorageClass: 'STANDARD' })).resolves.toBeDefined();
    await expect(copy({ ServerSideEncryption: 'AES256' })).resolves.toBeDefined();
    await expect(copy({ MetadataDirective: 'REPLACE', Metadata: { a: 'b' } })).resolves.toBeDefined();
  });

  it('has the checksum and the MD5 that its source has, unless it was asked for another', async () => {
    const Body = 'the content';
    const put = await s3.putObject({ Bucket, Key: 'summed', Body, ChecksumAlgorithm: 'SHA256' });
    const copy = async (others: object = {}) => {
      const { CopyObjectResult } = await s3.copyObject({
        Bucket,
        Key: 'summed-copy',
        CopySource: `${Bucket}/summed`,
        ...others,
      });
      const head = await s3.headObject({ Bucket, Key: 'summed-copy', ChecksumMode: 'ENABLED' });
      expect(CopyObjectResult?.ETag).toBe(head.ETag);
      return head;
    };
    const digest = (algorithm: string) => createHash(algorithm).update(Body).digest('base64');
    const same = await copy();
    expect(same).toMatchObject({ ETag: put.ETag, ChecksumSHA256: digest('sha256'), ContentLength: 11 });
    const other = await copy({ ChecksumAlgorithm: 'SHA1' });
    expect(other).toMatchObject({ ETag: put.ETag, ChecksumSHA1: digest('sha1') });
    expect(other.ChecksumSHA256).toBeUndefined();
  });

  it('of an object that was uploaded in parts has an ETag and a checksum of the whole', async () => {
    const Key = 'in-parts';
    const { UploadId } = await s3.createMultipartUpload({ Bucket, Key, ChecksumAlgorithm: 'SHA256' });
    const part = await s3.uploadPart({
      Bucket,
      Key,
      UploadId,
      PartNumber: 1,
      Body: 'x',
      ChecksumAlgorithm: 'SHA256',
    });
    const Parts = [{ PartNumber: 1, ETag: part.ETag, ChecksumSHA256: part.ChecksumSHA256 }];
    await s3.completeMultipartUpload({ Bucket, Key, UploadId, MultipartUpload: { Parts } });
    await s3.copyObject({ Bucket, Key: 'whole', CopySource: `${Bucket}/${Key}` });
    expect(await s3.headObject({ Bucket, Key: 'whole', ChecksumMode: 'ENABLED' })).toMatchObject({
      ETag: `"${createHash('md5').update('x').digest('hex')}"`,
      ChecksumType: 'FULL_OBJECT',
      ChecksumSHA256: createHash('sha256').update('x').digest('base64'),
    });
  });

  it('is of what its source was when it was opened, whoever replaces it meanwhile', async () => {
    const lake = openStorageHarness();
    try {
      await lake.put('source', 'before');
      const meddling = {
        ...lake.storage,
        open(bucket: string, key: string) {
          const opened = lake.storage.open(bucket, key);
          rmSync(lake.storage.path(bucket, key));
          lake.drop(key, 'after');
          return opened;
        },
      };
      await copyOperations({ storage: meddling }).CopyObject({
        Bucket: BUCKET,
        Key: 'copy',
        CopySource: `${BUCKET}/source`,
      });
      expect(await lake.text('copy')).toBe('before');
      expect(await lake.text('source')).toBe('after');
    } finally {
      lake.remove();
    }
  });

  it.runIf(process.platform === 'linux')('that is refused closes its source', async () => {
    const openObjects = () => openFilesBelow(join(aws.dataDir, 's3'));
    const CopySource = `${Bucket}/source`;
    const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: 'parts' });
    const refused: (() => Promise<unknown>)[] = [
      () => s3.copyObject({ Bucket, Key: 'k', CopySource, ChecksumAlgorithm: 'NONE' as 'CRC32' }),
      () => s3.copyObject({ Bucket, Key: 'k', CopySource, CopySourceIfMatch: '"other"' }),
      () => s3.copyObject({ Bucket: 'no-such-bucket', Key: 'k', CopySource }),
      () =>
        s3.copyObject({ Bucket, Key: 'source', CopySource, MetadataDirective: 'REPLACE', IfNoneMatch: '*' }),
      () =>
        s3.uploadPartCopy({
          Bucket,
          Key: 'parts',
          UploadId,
          PartNumber: 1,
          CopySource,
          CopySourceRange: 'bytes=5-9',
        }),
      () => s3.getObject({ Bucket, Key: 'source', Range: 'bytes=9-' }),
      () => s3.getObject({ Bucket, Key: 'source', ResponseCacheControl: 'łódź' }),
    ];
    for (const request of refused) await expect(request()).rejects.toBeInstanceOf(Error);
    await expect.poll(openObjects).toEqual([]);
  });
});
