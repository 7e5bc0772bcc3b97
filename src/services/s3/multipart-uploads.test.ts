// Uploads in parts with checksums: of the parts, of the whole, copied, declared.
import { randomBytes } from 'node:crypto';
import type { CompletedPart, S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { checksumOf } from '../../wire/checksum.js';

let aws: Embedded;
let s3: S3;
const Bucket = 'parts';
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
const large = randomBytes(5 * 1024 * 1024);
const small = Buffer.from('the end');

describe('a multipart upload', () => {
  it.each([
    ['CRC32', 'COMPOSITE'],
    ['CRC32C', 'FULL_OBJECT'],
    ['CRC64NVME', 'FULL_OBJECT'],
    ['SHA256', 'COMPOSITE'],
  ] as const)('with %s has a %s checksum', async (ChecksumAlgorithm, ChecksumType) => {
    const Key = `with-${ChecksumAlgorithm}`;
    const begun = await s3.createMultipartUpload({ Bucket, Key, ChecksumAlgorithm, ChecksumType });
    expect(begun).toMatchObject({ ChecksumAlgorithm, ChecksumType });
    const upload = { Bucket, Key, UploadId: begun.UploadId };
    const Parts: CompletedPart[] = [];
    for (const [index, Body] of [large, small].entries()) {
      const part = await s3.uploadPart({ ...upload, PartNumber: index + 1, Body, ChecksumAlgorithm });
      expect(part[`Checksum${ChecksumAlgorithm}`]).toBe(checksumOf(ChecksumAlgorithm, Body));
      Parts.push({ ...part, PartNumber: index + 1 });
    }
    const whole = Buffer.concat([large, small]);
    const partValues = [large, small].map((part) =>
      Buffer.from(checksumOf(ChecksumAlgorithm, part), 'base64'),
    );
    const value =
      ChecksumType === 'FULL_OBJECT'
        ? checksumOf(ChecksumAlgorithm, whole)
        : `${checksumOf(ChecksumAlgorithm, Buffer.concat(partValues))}-2`;

    const complete = (declared: string) =>
      s3.completeMultipartUpload({
        ...upload,
        MultipartUpload: { Parts },
        MpuObjectSize: whole.length,
        [`Checksum${ChecksumAlgorithm}`]: declared,
      });
    const other = checksumOf(ChecksumAlgorithm, small);
    expect(await nameOf(complete(other))).toBe('BadDigest');
    expect(await nameOf(s3.headObject({ Bucket, Key }))).toBe('NotFound');
    expect(await complete(value)).toMatchObject({ [`Checksum${ChecksumAlgorithm}`]: value, ChecksumType });

    expect(await s3.headObject({ Bucket, Key, ChecksumMode: 'ENABLED' })).toMatchObject({
      [`Checksum${ChecksumAlgorithm}`]: value,
      ChecksumType,
    });
    const read = await s3.getObject({ Bucket, Key, ChecksumMode: 'ENABLED' });
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(whole)).toBe(true);
    const attributes = await s3.getObjectAttributes({
      Bucket,
      Key,
      ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'ObjectSize'],
    });
    expect(attributes).toMatchObject({
      Checksum: { [`Checksum${ChecksumAlgorithm}`]: value, ChecksumType },
      ObjectSize: whole.length,
      ObjectParts: { TotalPartsCount: 2, Parts: [{ PartNumber: 1, Size: large.length }, { PartNumber: 2 }] },
    });
  });

  it.each([
    ['SHA1', 'FULL_OBJECT'],
    ['CRC64NVME', 'COMPOSITE'],
  ] as const)('cannot have a checksum by %s that is %s', async (ChecksumAlgorithm, ChecksumType) => {
    const create = s3.createMultipartUpload({ Bucket, Key: 'k', ChecksumAlgorithm, ChecksumType });
    expect(await nameOf(create)).toBe('InvalidRequest');
  });

  it('refuses a part with another checksum than it was begun with', async () => {
    const upload = { Bucket, Key: 'mismatch', ChecksumAlgorithm: 'SHA256' } as const;
    const { UploadId } = await s3.createMultipartUpload(upload);
    const part = s3.uploadPart({ ...upload, UploadId, PartNumber: 1, Body: 'x', ChecksumAlgorithm: 'CRC32' });
    expect(await nameOf(part)).toBe('InvalidRequest');
    expect((await s3.listParts({ ...upload, UploadId })).Parts ?? []).toEqual([]);
  });

  it('of copied parts has their checksums, and can be read part by part', async () => {
    await s3.putObject({ Bucket, Key: 'source', Body: Buffer.concat([large, small]) });
    const upload = { Bucket, Key: 'copied', ChecksumAlgorithm: 'CRC32' } as const;
    const { UploadId } = await s3.createMultipartUpload(upload);
    const ranges = [
      `bytes=0-${large.length - 1}`,
      `bytes=${large.length}-${large.length + small.length - 1}`,
    ];
    const Parts: CompletedPart[] = [];
    for (const [index, CopySourceRange] of ranges.entries()) {
      const PartNumber = index + 1;
      const CopySource = `${Bucket}/source`;
      const { CopyPartResult } = await s3.uploadPartCopy({
        ...upload,
        UploadId,
        PartNumber,
        CopySource,
        CopySourceRange,
      });
      Parts.push({ ...CopyPartResult, PartNumber });
    }
    expect(Parts[1]?.ChecksumCRC32).toBe(checksumOf('CRC32', small));
    const outside = { CopySource: `${Bucket}/source`, CopySourceRange: 'bytes=0-999999999' };
    const copy = s3.uploadPartCopy({ ...upload, UploadId, PartNumber: 3, ...outside });
    expect(await nameOf(copy)).toBe('InvalidArgument');
    await s3.completeMultipartUpload({ ...upload, UploadId, MultipartUpload: { Parts } });
    const second = await s3.getObject({ Bucket, Key: 'copied', PartNumber: 2 });
    expect(await second.Body?.transformToString()).toBe('the end');
    expect(second).toMatchObject({ PartsCount: 2, ContentLength: small.length });
    expect(await nameOf(s3.getObject({ Bucket, Key: 'copied', PartNumber: 3 }))).toBe('InvalidPartNumber');
  });

  it('completes on a condition', async () => {
    await s3.putObject({ Bucket, Key: 'there', Body: 'already' });
    const upload = { Bucket, Key: 'there' };
    const { UploadId } = await s3.createMultipartUpload(upload);
    const { ETag } = await s3.uploadPart({ ...upload, UploadId, PartNumber: 1, Body: 'new' });
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const complete = (condition: object) =>
      nameOf(s3.completeMultipartUpload({ ...upload, UploadId, MultipartUpload, ...condition }));
    expect(await complete({ IfNoneMatch: '*' })).toBe('PreconditionFailed');
    expect(await complete({ IfMatch: '*' })).toBe('no error');
    expect(await complete({})).toBe('NoSuchUpload');
  });

  it('without parts is not completed', async () => {
    const upload = { Bucket, Key: 'nothing' };
    const { UploadId } = await s3.createMultipartUpload(upload);
    const complete = s3.completeMultipartUpload({ ...upload, UploadId, MultipartUpload: { Parts: [] } });
    expect(await nameOf(complete)).toBe('MalformedXML');
    await s3.abortMultipartUpload({ ...upload, UploadId });
  });

  it('is listed by prefix, delimiter and page', async () => {
    const bucket = 'uploads-only';
    await s3.createBucket({ Bucket: bucket });
    for (const Key of ['a/1', 'a/2', 'b', 'c/1']) await s3.createMultipartUpload({ Bucket: bucket, Key });
    const grouped = await s3.listMultipartUploads({ Bucket: bucket, Delimiter: '/' });
    expect(grouped.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['a/', 'c/']);
    expect(grouped.Uploads?.map(({ Key }) => Key)).toEqual(['b']);
    const walked: (string | undefined)[] = [];
    let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    for (let isTruncated: boolean | undefined = true; isTruncated;) {
      const page = await s3.listMultipartUploads({
        Bucket: bucket,
        Delimiter: '/',
        MaxUploads: 1,
        ...markers,
      });
      walked.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      walked.push(...(page.Uploads ?? []).map(({ Key }) => Key));
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      isTruncated = page.IsTruncated;
    }
    expect(walked).toEqual(['a/', 'b', 'c/']);
  });
});
