// S3 through the SDK's own client, in process and over HTTP.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3 } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';

let aws: Embedded;
let s3: S3;
let remote: S3;
const Bucket = 'test-bucket';

beforeAll(async () => {
  aws = await openEmbedded();
  ({ s3 } = aws.clients());
  const { endpoint } = await aws.listen({ port: 0 });
  remote = new S3({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await s3.createBucket({ Bucket });
});
afterAll(async () => {
  remote.destroy();
  await aws.close();
});

const textOf = async (key: string) =>
  (await (await s3.getObject({ Bucket, Key: key })).Body?.transformToString()) ?? '';
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ name: 'no error', status: 200 }),
    (error: { name: string; $metadata: { httpStatusCode: number } }) => ({
      name: error.name,
      status: error.$metadata.httpStatusCode,
    }),
  );

describe('a bucket', () => {
  it('is made, found, located and deleted', async () => {
    await s3.createBucket({ Bucket: 'made-bucket' });
    expect((await s3.headBucket({ Bucket: 'made-bucket' })).BucketRegion).toBe('us-east-1');
    expect((await s3.getBucketLocation({ Bucket: 'made-bucket' })).LocationConstraint).toBeUndefined();
    expect((await s3.listBuckets({})).Buckets?.map(({ Name }) => Name)).toContain('made-bucket');
    await s3.deleteBucket({ Bucket: 'made-bucket' });
    expect(await failure(s3.headBucket({ Bucket: 'made-bucket' }))).toEqual({
      name: 'NotFound',
      status: 404,
    });
  });

  it('of another region says so', async () => {
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    await s3.createBucket({ Bucket: 'bucket-in-ireland', CreateBucketConfiguration });
    expect((await s3.getBucketLocation({ Bucket: 'bucket-in-ireland' })).LocationConstraint).toBe(
      'eu-west-1',
    );
  });

  it.each([
    ['upper case', 'Bad-Bucket', 'InvalidBucketName', 400],
    ['two characters', 'ab', 'InvalidBucketName', 400],
    ['an address', '10.0.0.1', 'InvalidBucketName', 400],
  ])('named with %s is refused', async (_case, name, error, status) => {
    expect(await failure(s3.createBucket({ Bucket: name }))).toEqual({ name: error, status });
  });

  it('that is mine already is a conflict outside us-east-1 only', async () => {
    await s3.createBucket({ Bucket });
    const ireland = new S3({ ...clientConfig(), region: 'eu-west-1' });
    const create = () =>
      ireland.createBucket({
        Bucket: 'mine-twice',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      });
    await create();
    expect(await failure(create())).toEqual({ name: 'BucketAlreadyOwnedByYou', status: 409 });
    const elsewhere = { LocationConstraint: 'eu-central-1' } as const;
    expect(
      await failure(ireland.createBucket({ Bucket: 'elsewhere', CreateBucketConfiguration: elsewhere })),
    ).toEqual({ name: 'IllegalLocationConstraintException', status: 400 });
  });

  it('with an object in it is not deleted', async () => {
    await s3.createBucket({ Bucket: 'full-bucket' });
    await s3.putObject({ Bucket: 'full-bucket', Key: 'k', Body: 'x' });
    expect(await failure(s3.deleteBucket({ Bucket: 'full-bucket' }))).toEqual({
      name: 'BucketNotEmpty',
      status: 409,
    });
  });

  it('has tags and a public access block when it was given them', async () => {
    expect(await failure(s3.getBucketTagging({ Bucket }))).toEqual({ name: 'NoSuchTagSet', status: 404 });
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: 'team', Value: 'data' }] } });
    expect((await s3.getBucketTagging({ Bucket })).TagSet).toEqual([{ Key: 'team', Value: 'data' }]);
    await s3.deleteBucketTagging({ Bucket });
    expect(await failure(s3.getBucketTagging({ Bucket }))).toEqual({ name: 'NoSuchTagSet', status: 404 });
    await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } });
    expect((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    });
  });

  it('answers an operation that is not here by its name', async () => {
    expect(await failure(s3.putBucketPolicy({ Bucket, Policy: '{}' }))).toEqual({
      name: 'NotImplemented',
      status: 501,
    });
  });
});

describe('an object', () => {
  it('is a plain file, and a plain file is an object', async () => {
    await s3.putObject({ Bucket, Key: 'files/written.txt', Body: 'by S3' });
    expect(readFileSync(join(aws.dataDir, 's3', Bucket, 'files', 'written.txt'), 'utf8')).toBe('by S3');
    mkdirSync(join(aws.dataDir, 's3', Bucket, 'dropped'), { recursive: true });
    writeFileSync(join(aws.dataDir, 's3', Bucket, 'dropped', 'in.txt'), 'by hand');
    expect(await textOf('dropped/in.txt')).toBe('by hand');
    const [listed] = (await s3.listObjectsV2({ Bucket, Prefix: 'dropped/' })).Contents ?? [];
    const head = await s3.headObject({ Bucket, Key: 'dropped/in.txt' });
    expect(listed).toMatchObject({ Key: 'dropped/in.txt', Size: 7, ETag: head.ETag });
  });

  it('keeps what was said about it', async () => {
    const put = await s3.putObject({
      Bucket,
      Key: 'attributes',
      Body: 'x',
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      ContentEncoding: 'identity',
      Metadata: { colour: 'blue' },
      Tagging: 'a=1&b=two%20words',
    });
    expect(put.ETag).toBe(`"${createHash('md5').update('x').digest('hex')}"`);
    expect(await s3.headObject({ Bucket, Key: 'attributes' })).toMatchObject({
      ContentLength: 1,
      ContentType: 'text/plain',
      CacheControl: 'no-cache',
      ContentEncoding: 'identity',
      Metadata: { colour: 'blue' },
      ETag: put.ETag,
    });
    expect((await s3.getObjectTagging({ Bucket, Key: 'attributes' })).TagSet).toEqual([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: 'two words' },
    ]);
  });

  it.each([
    ['the first bytes', 'bytes=0-3', '0123', 'bytes 0-3/10'],
    ['the last bytes', 'bytes=-3', '789', 'bytes 7-9/10'],
    ['from the middle', 'bytes=8-', '89', 'bytes 8-9/10'],
    ['beyond the end', 'bytes=5-99', '56789', 'bytes 5-9/10'],
  ])('is read in part: %s', async (_case, Range, text, range) => {
    await s3.putObject({ Bucket, Key: 'digits', Body: '0123456789' });
    const answer = await s3.getObject({ Bucket, Key: 'digits', Range });
    expect(await answer.Body?.transformToString()).toBe(text);
    expect(answer).toMatchObject({ ContentRange: range, ContentLength: text.length });
    expect(answer.$metadata.httpStatusCode).toBe(206);
  });

  it('has no bytes where none are', async () => {
    await s3.putObject({ Bucket, Key: 'digits', Body: '0123456789' });
    expect(await failure(s3.getObject({ Bucket, Key: 'digits', Range: 'bytes=10-' }))).toEqual({
      name: 'InvalidRange',
      status: 416,
    });
    await s3.putObject({ Bucket, Key: 'empty', Body: '' });
    expect(await textOf('empty')).toBe('');
  });

  it('is read on conditions', async () => {
    const { ETag } = await s3.putObject({ Bucket, Key: 'conditional', Body: 'x' });
    const { LastModified } = await s3.headObject({ Bucket, Key: 'conditional' });
    const hourLater = new Date((LastModified?.getTime() ?? 0) + 3_600_000);
    const hourBefore = new Date((LastModified?.getTime() ?? 0) - 3_600_000);
    const get = (condition: object) => failure(s3.getObject({ Bucket, Key: 'conditional', ...condition }));
    expect((await get({ IfMatch: ETag })).status).toBe(200);
    expect(await get({ IfMatch: '"other"' })).toEqual({ name: 'PreconditionFailed', status: 412 });
    expect((await get({ IfNoneMatch: ETag })).status).toBe(304);
    expect((await get({ IfModifiedSince: hourLater })).status).toBe(304);
    expect((await get({ IfModifiedSince: hourBefore })).status).toBe(200);
    expect(await get({ IfUnmodifiedSince: hourBefore })).toEqual({ name: 'PreconditionFailed', status: 412 });
  });

  it('is written on conditions, and of many writers exactly one wins', async () => {
    const writes = Array.from({ length: 8 }, (_, index) =>
      failure(s3.putObject({ Bucket, Key: 'once', Body: `writer ${index}`, IfNoneMatch: '*' })),
    );
    const outcomes = (await Promise.all(writes)).map(({ name }) => name).sort();
    expect(outcomes).toEqual([...Array<string>(7).fill('PreconditionFailed'), 'no error']);
    const { ETag } = await s3.headObject({ Bucket, Key: 'once' });
    const swaps = Array.from({ length: 8 }, (_, index) =>
      failure(s3.putObject({ Bucket, Key: 'once', Body: `swap ${index}`, IfMatch: ETag })),
    );
    expect((await Promise.all(swaps)).filter(({ name }) => name === 'no error')).toHaveLength(1);
    expect(await failure(s3.putObject({ Bucket, Key: 'never', Body: '', IfMatch: ETag }))).toEqual({
      name: 'NoSuchKey',
      status: 404,
    });
  });

  it.each([
    ['beside a folder of its name', ['a', 'a/b', 'a/b/c']],
    ['with empty segments', ['x//y', '/leading', 'trailing/', 'double//']],
    ['with dots for segments', ['../outside', 'a/../../b', './c', '..', 'd/.']],
    ['in any script', ['über/日本語/🐟', 'e\u0301 and é', 'tab\tand\nnewline', 'quote\'"&<>%+ #?']],
    ['with long names', ['n'.repeat(300), `${'p/'.repeat(300)}end`, 'k'.repeat(1024)]],
  ])('may have a key %s', async (_case, keys) => {
    for (const Key of keys) await s3.putObject({ Bucket, Key: `odd/${Key}`.slice(0, 1024), Body: Key });
    for (const Key of keys) expect(await textOf(`odd/${Key}`.slice(0, 1024))).toBe(Key);
    const listed = await s3.listObjectsV2({ Bucket, Prefix: 'odd/', EncodingType: 'url' });
    const found = listed.Contents?.map(({ Key }) => decodeURIComponent(Key ?? ''));
    for (const Key of keys) expect(found).toContain(`odd/${Key}`.slice(0, 1024));
    for (const Key of keys) await s3.deleteObject({ Bucket, Key: `odd/${Key}`.slice(0, 1024) });
    expect((await s3.listObjectsV2({ Bucket, Prefix: 'odd/' })).KeyCount).toBe(0);
  });

  it('with a key that is too long is refused', async () => {
    expect(await failure(s3.putObject({ Bucket, Key: 'k'.repeat(1025), Body: '' }))).toEqual({
      name: 'KeyTooLongError',
      status: 400,
    });
  });

  it('is copied with or without its attributes', async () => {
    await s3.putObject({
      Bucket,
      Key: 'copy/from ü',
      Body: 'content',
      Metadata: { kept: 'yes' },
      Tagging: 'k=v',
    });
    const CopySource = `${Bucket}/${encodeURIComponent('copy/from ü')}`;
    await s3.copyObject({ Bucket, Key: 'copy/kept', CopySource });
    await s3.copyObject({
      Bucket,
      Key: 'copy/new',
      CopySource,
      MetadataDirective: 'REPLACE',
      Metadata: { kept: 'no' },
    });
    expect(await textOf('copy/kept')).toBe('content');
    expect((await s3.headObject({ Bucket, Key: 'copy/kept' })).Metadata).toEqual({ kept: 'yes' });
    expect((await s3.headObject({ Bucket, Key: 'copy/new' })).Metadata).toEqual({ kept: 'no' });
    expect((await s3.getObjectTagging({ Bucket, Key: 'copy/kept' })).TagSet).toEqual([
      { Key: 'k', Value: 'v' },
    ]);
    expect(
      await failure(s3.copyObject({ Bucket, Key: 'copy/kept', CopySource: `${Bucket}/copy/kept` })),
    ).toEqual({
      name: 'InvalidRequest',
      status: 400,
    });
    expect(await failure(s3.copyObject({ Bucket, Key: 'x', CopySource: `${Bucket}/nothing` }))).toEqual({
      name: 'NoSuchKey',
      status: 404,
    });
  });

  it('is deleted with others, and each failure is told', async () => {
    for (const Key of ['batch/1', 'batch/2']) await s3.putObject({ Bucket, Key, Body: Key });
    const answer = await s3.deleteObjects({
      Bucket,
      Delete: {
        Objects: [{ Key: 'batch/1' }, { Key: 'batch/2', ETag: '"other"' }, { Key: 'batch/not-there' }],
      },
    });
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(['batch/1', 'batch/not-there']);
    expect(answer.Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([['batch/2', 'PreconditionFailed']]);
    const odd = ['line\nend', 'return\rhere', 'tab\t', '<&>"\'', ' spaces ', '%41', '🐟'];
    for (const Key of odd) await s3.putObject({ Bucket, Key: `odd/${Key}`, Body: Key });
    const Objects = odd.map((Key) => ({ Key: `odd/${Key}` }));
    const { Deleted } = await s3.deleteObjects({ Bucket, Delete: { Objects } });
    expect(Deleted?.map(({ Key }) => Key)).toEqual(Objects.map(({ Key }) => Key));
    expect((await s3.listObjectsV2({ Bucket, Prefix: 'odd/' })).KeyCount).toBe(0);
  });
});

describe('a body', () => {
  const stored = (key: string) => readFileSync(join(aws.dataDir, 's3', Bucket, key));

  it('streamed with a checksum in its trailer arrives as it was sent', async () => {
    const content = randomBytes(600_000);
    const parts = Array.from({ length: 6 }, (_, index) =>
      content.subarray(index * 100_000, (index + 1) * 100_000),
    );
    for (const client of [s3, remote]) {
      await client.send(
        new PutObjectCommand({
          Bucket,
          Key: 'streamed',
          Body: Readable.from(parts),
          ContentLength: content.length,
        }),
      );
      expect(stored('streamed').equals(content)).toBe(true);
    }
    const read = await remote.getObject({ Bucket, Key: 'streamed', ChecksumMode: 'ENABLED' });
    expect(read.ChecksumCRC32).toMatch(/^[A-Za-z0-9+/]{6}==$/);
    expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(content)).toBe(true);
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'with a wrong %s is refused and not stored',
    async (name) => {
      const wrong = Buffer.alloc({ CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 }[name]).toString(
        'base64',
      );
      const put = s3.putObject({ Bucket, Key: `wrong-${name}`, Body: 'content', [`Checksum${name}`]: wrong });
      expect(await failure(put)).toEqual({ name: 'BadDigest', status: 400 });
      expect(await failure(s3.headObject({ Bucket, Key: `wrong-${name}` }))).toEqual({
        name: 'NotFound',
        status: 404,
      });
    },
  );

  it('uploaded in parts is put together', async () => {
    const content = randomBytes(12 * 1024 * 1024);
    await new Upload({
      client: remote,
      params: { Bucket, Key: 'in-parts', Body: Readable.from([content]) },
    }).done();
    expect(stored('in-parts').equals(content)).toBe(true);
    expect((await s3.headObject({ Bucket, Key: 'in-parts' })).ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect((await s3.listMultipartUploads({ Bucket })).Uploads ?? []).toEqual([]);
  });
});

describe('a multipart upload', () => {
  const start = async (Key: string) => ({
    Bucket,
    Key,
    UploadId: (await s3.createMultipartUpload({ Bucket, Key })).UploadId,
  });
  const five = Buffer.alloc(5 * 1024 * 1024, 'a');

  it('is listed with its parts until it is aborted', async () => {
    const upload = await start('multi/aborted');
    await s3.uploadPart({ ...upload, PartNumber: 2, Body: 'two' });
    await s3.uploadPart({ ...upload, PartNumber: 1, Body: 'one' });
    expect((await s3.listParts(upload)).Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(
      (await s3.listMultipartUploads({ Bucket, Prefix: 'multi/' })).Uploads?.map(({ Key }) => Key),
    ).toEqual(['multi/aborted']);
    await s3.abortMultipartUpload(upload);
    expect(await failure(s3.listParts(upload))).toEqual({ name: 'NoSuchUpload', status: 404 });
  });

  it('refuses parts that are too small, wrong or out of order, and stays', async () => {
    const upload = await start('multi/strict');
    const one = await s3.uploadPart({ ...upload, PartNumber: 1, Body: 'small' });
    const two = await s3.uploadPart({ ...upload, PartNumber: 2, Body: 'end' });
    const complete = (Parts: object[]) =>
      failure(s3.completeMultipartUpload({ ...upload, MultipartUpload: { Parts } }));
    const first = { PartNumber: 1, ETag: one.ETag };
    const second = { PartNumber: 2, ETag: two.ETag };
    expect(await complete([first, second])).toEqual({ name: 'EntityTooSmall', status: 400 });
    expect(await complete([second, first])).toEqual({ name: 'InvalidPartOrder', status: 400 });
    expect(await complete([{ PartNumber: 1, ETag: two.ETag }])).toEqual({ name: 'InvalidPart', status: 400 });
    const large = await s3.uploadPart({ ...upload, PartNumber: 1, Body: five });
    expect((await complete([{ PartNumber: 1, ETag: large.ETag }, second])).name).toBe('no error');
    expect((await s3.headObject({ Bucket, Key: 'multi/strict' })).ContentLength).toBe(five.length + 3);
  });

  it('takes parts from other objects', async () => {
    await s3.putObject({ Bucket, Key: 'multi/source', Body: '0123456789' });
    const upload = await start('multi/copied');
    const { CopyPartResult } = await s3.uploadPartCopy({
      ...upload,
      PartNumber: 1,
      CopySource: `${Bucket}/multi/source`,
      CopySourceRange: 'bytes=2-5',
    });
    await s3.completeMultipartUpload({
      ...upload,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: CopyPartResult?.ETag }] },
    });
    expect(await textOf('multi/copied')).toBe('2345');
  });
});

describe('a list', () => {
  it('groups by delimiter, starts after a key and goes on page by page', async () => {
    const keys = ['list/a', 'list/b/1', 'list/b/2', 'list/c', 'list/d/1'];
    for (const Key of keys) await s3.putObject({ Bucket, Key, Body: '' });
    const grouped = await s3.listObjectsV2({ Bucket, Prefix: 'list/', Delimiter: '/' });
    expect(grouped.Contents?.map(({ Key }) => Key)).toEqual(['list/a', 'list/c']);
    expect(grouped.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['list/b/', 'list/d/']);
    const after = await s3.listObjectsV2({ Bucket, Prefix: 'list/', StartAfter: 'list/b/1' });
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['list/b/2', 'list/c', 'list/d/1']);
    const walked: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.listObjectsV2({ Bucket, Prefix: 'list/', MaxKeys: 2, ContinuationToken });
      expect(page.KeyCount).toBeLessThanOrEqual(2);
      walked.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(walked).toEqual(keys);
    const first = await s3.listObjects({ Bucket, Prefix: 'list/', Delimiter: '/', MaxKeys: 2 });
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'list/b/' });
  });

  it('refuses a token that it did not give out', async () => {
    expect(await failure(s3.listObjectsV2({ Bucket, ContinuationToken: 'not!base64' }))).toEqual({
      name: 'InvalidArgument',
      status: 400,
    });
  });
});

describe('a presigned URL', () => {
  it('reads and writes with nothing but the URL', async () => {
    const put = await getSignedUrl(remote, new PutObjectCommand({ Bucket, Key: 'presigned' }));
    expect((await fetch(put, { method: 'PUT', body: 'from afar' })).status).toBe(200);
    const get = await getSignedUrl(
      remote,
      new GetObjectCommand({ Bucket, Key: 'presigned', ResponseContentDisposition: 'attachment' }),
    );
    const answer = await fetch(get);
    expect(await answer.text()).toBe('from afar');
    expect(answer.headers.get('content-disposition')).toBe('attachment');
  });
});

function clientConfig() {
  const { config } = s3;
  return {
    endpoint: 'http://localhost',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: config.requestHandler,
  };
}
