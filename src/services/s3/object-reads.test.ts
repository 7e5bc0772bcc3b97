// Reads of objects: what may be asked for together, and what headers can say.
import type { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';

let aws: Embedded;
let s3: S3;
const Bucket = 'read-bucket';
beforeAll(async () => {
  aws = await openEmbedded();
  ({ s3 } = aws.clients());
  await s3.createBucket({ Bucket });
  await s3.putObject({ Bucket, Key: 'digits', Body: '0123456789' });
});
afterAll(() => aws.close());

const named = (name: string) => expect.objectContaining({ name }) as Error;

describe('a read', () => {
  it('is of a range or of a part, not of both', async () => {
    const read = s3.getObject({ Bucket, Key: 'digits', Range: 'bytes=0-1', PartNumber: 1 });
    await expect(read).rejects.toEqual(named('InvalidRequest'));
  });

  it('of a part without bytes has none', async () => {
    const upload = { Bucket, Key: 'empty-end' };
    const { UploadId } = await s3.createMultipartUpload(upload);
    const Parts = [];
    for (const [index, Body] of [Buffer.alloc(5 * 1024 * 1024), ''].entries()) {
      const PartNumber = index + 1;
      const { ETag } = await s3.uploadPart({ ...upload, UploadId, PartNumber, Body });
      Parts.push({ PartNumber, ETag });
    }
    await s3.completeMultipartUpload({ ...upload, UploadId, MultipartUpload: { Parts } });
    const part = await s3.getObject({ ...upload, PartNumber: 2 });
    expect(part).toMatchObject({ ContentLength: 0, PartsCount: 2 });
    expect(part.ContentRange).toBeUndefined();
    expect(await part.Body?.transformToString()).toBe('');
  });

  it('does not answer with a header that none can be', async () => {
    for (const value of ['attachment; filename="łódź.csv"', 'line\r\nX-Other: end']) {
      const read = s3.getObject({ Bucket, Key: 'digits', ResponseContentDisposition: value });
      await expect(read).rejects.toEqual(named('InvalidArgument'));
    }
    const { ContentDisposition } = await s3.getObject({
      Bucket,
      Key: 'digits',
      ResponseContentDisposition: 'attachment; filename="é"',
    });
    expect(ContentDisposition).toBe('attachment; filename="é"');
  });
});

describe('a write', () => {
  it.each<[string, object]>([
    ['metadata', { Metadata: { city: 'łódź' } }],
    ['a name of metadata', { Metadata: { 'a b': 'x' } }],
    ['a content type', { ContentType: 'text/łódź' }],
    ['a disposition', { ContentDisposition: 'a\nb' }],
  ])('with %s that no header can hold is refused', async (_case, attributes) => {
    const write = s3.putObject({ Bucket, Key: 'refused', Body: 'x', ...attributes });
    await expect(write).rejects.toEqual(named('InvalidArgument'));
    await expect(s3.headObject({ Bucket, Key: 'refused' })).rejects.toEqual(named('NotFound'));
  });
});

describe('a page', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['buckets', () => s3.listBuckets({ MaxBuckets: -1 })],
    ['no buckets', () => s3.listBuckets({ MaxBuckets: 0 })],
    ['objects', () => s3.listObjectsV2({ Bucket, MaxKeys: -1 })],
    ['versions', () => s3.listObjectVersions({ Bucket, MaxKeys: -1 })],
    ['uploads', () => s3.listMultipartUploads({ Bucket, MaxUploads: -1 })],
    ['too many objects', () => s3.listObjectsV2({ Bucket, MaxKeys: 2 ** 31 })],
  ])('of a number of %s that cannot be is refused', async (_case, list) => {
    await expect(list()).rejects.toEqual(named('InvalidArgument'));
  });
});
