// Objects in parts, with a limit of one call that is small enough to pass: whole, checked, conditional, and gone when they fail.
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../embedded.js';
import { copyObject, uploadObject, type ByteRange, type TransferLimits } from './large-objects.js';

const MIB = 1024 ** 2;
/** S3 takes no part below 5 MiB but the last. */
const limits: TransferLimits = { oneCallMax: 6 * MIB, uploadPart: 5 * MIB, copyPart: 5 * MIB };
const bytes = randomBytes(11 * MIB + 3);
const source = {
  size: bytes.length,
  open: (range?: ByteRange) => Readable.from(range ? bytes.subarray(range.start, range.end + 1) : bytes),
};
const parquet = { ContentType: 'application/vnd.apache.parquet' };

let aws: Embedded;
let s3: S3;
let calls: string[];

beforeAll(async () => {
  aws = await openEmbedded();
  ({ s3 } = aws.clients());
  for (const Bucket of ['source', 'target']) await s3.createBucket({ Bucket });
});
afterAll(() => aws.close());
beforeEach(() => {
  calls = [];
  ({ s3 } = aws.clients());
  s3.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        calls.push(commandName.replace(/Command$/, ''));
        return next(args);
      },
    { step: 'initialize' },
  );
});

const contentOf = async (Bucket: string, Key: string) =>
  Buffer.from((await (await s3.getObject({ Bucket, Key })).Body?.transformToByteArray()) ?? []);
const uploadsOf = async (Bucket: string) => (await s3.listMultipartUploads({ Bucket })).Uploads ?? [];
/** Fails each call of that name from the n-th on. */
const failFrom = (command: string, first: number) => {
  let count = 0;
  s3.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        if (commandName === `${command}Command` && ++count >= first) return Promise.reject(new Error('lost'));
        return next(args);
      },
    { step: 'initialize' },
  );
};

it('goes in one call up to the limit, and in parts beyond, with a checksum of each', async () => {
  const small = { size: 5, open: () => Buffer.from('small') };
  await uploadObject(s3, { Bucket: 'source', Key: 'small', ...parquet }, small, { limits });
  expect(calls).toEqual(['PutObject']);
  const ETag = await uploadObject(s3, { Bucket: 'source', Key: 'large', ...parquet }, source, { limits });
  expect(calls.slice(1)).toEqual([
    'CreateMultipartUpload',
    'UploadPart',
    'UploadPart',
    'UploadPart',
    'CompleteMultipartUpload',
  ]);
  expect(ETag).toMatch(/-3"$/);
  expect((await contentOf('source', 'large')).equals(bytes)).toBe(true);
  const head = await s3.headObject({ Bucket: 'source', Key: 'large', ChecksumMode: 'ENABLED' });
  expect(head).toMatchObject({
    ...parquet,
    ETag,
    ChecksumCRC32: expect.stringMatching(/-3$/) as unknown,
  });
});

it('a copy in parts has the content, type, metadata and tags of its original', async () => {
  await s3.putObject({
    Bucket: 'source',
    Key: 'a b/ü+',
    Body: bytes,
    ...parquet,
    Metadata: { made: 'by hand' },
    Tagging: 'team=a%20b',
  });
  const from = { Bucket: 'source', Key: 'a b/ü+', size: bytes.length };
  calls = [];
  await copyObject(s3, from, { Bucket: 'target', Key: 'copy' }, { limits });
  expect(calls.filter((name) => name === 'UploadPartCopy')).toHaveLength(3);
  expect(calls).not.toContain('GetObject');
  expect((await contentOf('target', 'copy')).equals(bytes)).toBe(true);
  expect(await s3.headObject({ Bucket: 'target', Key: 'copy' })).toMatchObject({
    ...parquet,
    Metadata: { made: 'by hand' },
  });
  expect((await s3.getObjectTagging({ Bucket: 'target', Key: 'copy' })).TagSet).toEqual([
    { Key: 'team', Value: 'a b' },
  ]);
});

it('conditions hold in parts, too: of what is copied, and that nothing is there', async () => {
  const head = await s3.putObject({ Bucket: 'source', Key: 'changing', Body: bytes });
  const from = { Bucket: 'source', Key: 'changing', size: bytes.length, ETag: '"another"' };
  const to = { Bucket: 'target', Key: 'conditional' };
  await expect(copyObject(s3, from, to, { limits })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await s3.putObject({ ...to, Body: 'somebody else’s' });
  await expect(
    copyObject(s3, { ...from, ETag: head.ETag ?? '' }, { ...to, IfNoneMatch: '*' }, { limits }),
  ).rejects.toMatchObject({
    name: 'PreconditionFailed',
  });
  expect((await contentOf('target', 'conditional')).toString()).toBe('somebody else’s');
  expect(await uploadsOf('target')).toEqual([]);
});

it.each(['UploadPart', 'CompleteMultipartUpload'])(
  'what fails at %s leaves neither object nor parts',
  async (call) => {
    failFrom(call, call === 'UploadPart' ? 2 : 1);
    const to = { Bucket: 'target', Key: 'failing', ...parquet };
    await expect(uploadObject(s3, to, source, { limits })).rejects.toThrow('lost');
    expect(calls).toContain('AbortMultipartUpload');
    expect(await uploadsOf('target')).toEqual([]);
    await expect(s3.headObject({ Bucket: 'target', Key: 'failing' })).rejects.toMatchObject({
      name: 'NotFound',
    });
  },
);

it('an interruption takes the parts back, too', async () => {
  const stop = new AbortController();
  const open = (range?: ByteRange) => {
    if ((range?.start ?? 0) > 0) stop.abort(new Error('interrupted'));
    return source.open(range);
  };
  const to = { Bucket: 'target', Key: 'interrupted', ...parquet };
  await expect(
    uploadObject(s3, to, { ...source, open }, { limits, signal: stop.signal }),
  ).rejects.toMatchObject({ name: 'AbortError' });
  expect(await uploadsOf('target')).toEqual([]);
});

it('no object needs more than 10,000 parts', async () => {
  const tiny = {
    size: 25_000,
    open: ({ start, end }: ByteRange = { start: 0, end: 24_999 }) => bytes.subarray(start, end + 1),
  };
  failFrom('UploadPart', 1);
  const ranges: ByteRange[] = [];
  const open = (range: ByteRange = { start: 0, end: 0 }) => {
    ranges.push(range);
    return tiny.open(range);
  };
  await expect(
    uploadObject(
      s3,
      { Bucket: 'target', Key: 'tiny', ...parquet },
      { ...tiny, open },
      {
        limits: { oneCallMax: 0, uploadPart: 1, copyPart: 1 },
      },
    ),
  ).rejects.toThrow('lost');
  expect(ranges[0]).toEqual({ start: 0, end: 2 });
});
