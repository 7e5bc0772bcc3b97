// Where copies come from, and what they take along.
import { join } from 'node:path';
import type { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFilesBelow } from '../../../test/storage/open-files.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
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
