// Payloads: taken out of their coding, and refused unless all that is declared of them holds.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsChunkedContent, checksumsOf, payloadStream, type ChunkVerifier } from './aws-chunked.js';
import { checksumOf } from './checksum.js';

const collect = async (stream: AsyncIterable<unknown>) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
};

/** `text` in pieces that end at `cuts`. */
function pieces(text: Uint8Array | string, cuts: number[] = []): Buffer[] {
  const bytes = Buffer.from(text as string);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const chunk = (data: Uint8Array, signature = '') =>
  Buffer.concat([
    Buffer.from(data.length.toString(16) + (signature && `;chunk-signature=${signature}`) + '\r\n'),
    data,
    Buffer.from(data.length > 0 ? '\r\n' : ''),
  ]);

const read = (body: Uint8Array | string, headers: Record<string, string>, options = {}) =>
  collect(payloadStream(Readable.from(pieces(body)), headers, options));

describe('an aws-chunked body', () => {
  it('is the data of its chunks and its trailers, however it is split on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 }),
        fc.array(fc.nat({ max: 3000 }), { maxLength: 30 }),
        fc.boolean(),
        async (data, cuts, hasTrailer) => {
          const trailer = hasTrailer ? 'x-amz-checksum-crc32:AAAAAA==\r\nx-other: b c \r\n' : '';
          const body = Buffer.concat([
            ...data.map((each) => chunk(each)),
            Buffer.from(`0\r\n${trailer}\r\n`),
          ]);
          const trailers = new Map<string, string>();
          const content = awsChunkedContent(Readable.from(pieces(body, cuts)), trailers);
          expect(await collect(content)).toEqual(Buffer.concat(data));
          expect([...trailers]).toEqual(
            hasTrailer
              ? [
                  ['x-amz-checksum-crc32', 'AAAAAA=='],
                  ['x-other', 'b c'],
                ]
              : [],
          );
        },
      ),
    );
  });

  it.each([
    ['ends inside a chunk', '5\r\nabc', 'IncompleteBody'],
    ['ends before its last chunk', '3\r\nabc\r\n', 'IncompleteBody'],
    ['ends inside a head', '3', 'IncompleteBody'],
    ['is empty', '', 'IncompleteBody'],
    ['has a chunk that is longer than it says', '3\r\nabcd\r\n0\r\n\r\n', 'InvalidRequest'],
    ['has a chunk without a size', 'abc;x=y\r\n', 'InvalidRequest'],
    ['has a size beyond all bounds', 'fffffffffffff\r\n', 'InvalidRequest'],
    ['has a head without end', 'a'.repeat(10_000), 'InvalidRequest'],
    ['has a trailer without a name', '0\r\nnonsense\r\n\r\n', 'MalformedTrailerError'],
  ])('that %s is refused', async (_case, body, name) => {
    const content = awsChunkedContent(Readable.from(pieces(body)), new Map());
    await expect(collect(content)).rejects.toMatchObject({ name });
  });

  it('gives each chunk and the trailers to be verified, and fails with the verifier', async () => {
    const seen: string[][] = [];
    const verifier: ChunkVerifier = {
      verifyChunk: (signature, sha256) => void seen.push([signature, sha256]),
      verifyTrailer: (signature, sha256) => void seen.push([signature, sha256]),
    };
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];
    const body = Buffer.concat([
      chunk(Buffer.from('data'), one),
      chunk(Buffer.from(''), two),
      Buffer.from(`x-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:${three}\r\n\r\n`),
    ]);
    const headers = {
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '4',
    };
    expect((await read(body, headers, { verifier })).toString()).toBe('data');
    expect(seen).toEqual([
      [one, sha256('data')],
      [two, sha256('')],
      [three, sha256('x-amz-checksum-crc32:AAAAAA==\n')],
    ]);
    const refusing = {
      ...verifier,
      verifyChunk() {
        throw new Error('a wrong signature');
      },
    };
    await expect(read(body, headers, { verifier: refusing })).rejects.toThrow('a wrong signature');
  });

  it('must say how long its content is, and be as long', async () => {
    const body = '4\r\ndata\r\n0\r\n\r\n';
    const headers = { 'content-encoding': 'gzip, aws-chunked' };
    await expect(async () => read(body, headers)).rejects.toMatchObject({ name: 'MissingContentLength' });
    for (const length of ['3', '5']) {
      const declared = { ...headers, 'x-amz-decoded-content-length': length };
      await expect(read(body, declared)).rejects.toMatchObject({ name: 'IncompleteBody' });
    }
  });

  it('is read with bounded memory: a chunk of any size passes in pieces', async () => {
    const size = 200 * 1024 * 1024;
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const source = (function* () {
      yield Buffer.from(`${size.toString(16)}\r\n`);
      for (let sent = 0; sent < size; sent += piece.length) yield piece;
      yield Buffer.from('\r\n0\r\n\r\n');
    })();
    let length = 0;
    for await (const bytes of awsChunkedContent(Readable.from(source), new Map())) {
      expect(bytes.length).toBeLessThanOrEqual(piece.length);
      length += bytes.length;
    }
    expect(length).toBe(size);
  });
});

describe('a payload', () => {
  const body = 'content';
  const crc32 = checksumOf('CRC32', Buffer.from(body));
  const wrong = checksumOf('CRC32', Buffer.from('other'));
  const md5 = createHash('md5').update(body).digest('base64');
  const sha256 = createHash('sha256').update(body).digest('hex');

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['its length', { 'content-length': '7' }],
    ['its MD5', { 'content-md5': md5 }],
    ['its hash', { 'x-amz-content-sha256': sha256 }],
    ['a checksum', { 'x-amz-checksum-crc32': crc32, 'x-amz-sdk-checksum-algorithm': 'CRC32' }],
    [
      'no checksum but an algorithm',
      { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'COMPOSITE' },
    ],
  ])('of which %s is declared truly passes', async (_case, headers) => {
    expect((await read(body, headers)).toString()).toBe(body);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a shorter length', { 'content-length': '6' }, 'IncompleteBody'],
    ['a longer length', { 'content-length': '8' }, 'IncompleteBody'],
    ['a length of no number', { 'content-length': '-1' }, 'InvalidRequest'],
    ['another MD5', { 'content-md5': createHash('md5').update('').digest('base64') }, 'BadDigest'],
    ['an MD5 of the wrong size', { 'content-md5': 'AAAA' }, 'InvalidDigest'],
    ['another hash', { 'x-amz-content-sha256': '0'.repeat(64) }, 'XAmzContentSHA256Mismatch'],
    ['another checksum', { 'x-amz-checksum-crc32': wrong }, 'BadDigest'],
    ['a checksum of the wrong size', { 'x-amz-checksum-crc32': 'AAAA' }, 'InvalidRequest'],
    ['two checksums', { 'x-amz-checksum-crc32': crc32, 'x-amz-checksum-sha1': 'x' }, 'InvalidRequest'],
    ['a checksum that is not implemented', { 'x-amz-checksum-xxhash3': 'x' }, 'NotImplemented'],
  ])('of which %s is declared is refused', async (_case, headers, name) => {
    await expect(async () => read(body, headers)).rejects.toMatchObject({ name });
  });

  const streaming = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '7',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  };
  const inChunks = (trailer: string) => `7\r\n${body}\r\n0\r\n${trailer}\r\n`;

  it('has the checksums that were verified once it was read', async () => {
    const payload = payloadStream(
      Readable.from(pieces(inChunks(`x-amz-checksum-crc32:${crc32}\r\n`))),
      streaming,
    );
    expect(checksumsOf(payload)).toEqual({});
    await collect(payload);
    expect(checksumsOf(payload)).toEqual({ CRC32: crc32 });
  });

  it.each([
    ['is wrong', `x-amz-checksum-crc32:${wrong}\r\n`, 'BadDigest'],
    ['is missing', '', 'MalformedTrailerError'],
    ['is no checksum', 'x-amz-checksum-crc32:?\r\n', 'InvalidRequest'],
  ])('whose trailer %s is refused', async (_case, trailer, name) => {
    await expect(read(inChunks(trailer), streaming)).rejects.toMatchObject({ name });
  });

  it('of a completed upload is not what the checksum headers speak of', async () => {
    const headers = { 'x-amz-checksum-crc32': wrong };
    expect((await read(body, headers, { checksumsAreOfBody: false })).toString()).toBe(body);
  });

  it('leaves the connection open when reading stops', async () => {
    const source = Readable.from(pieces(body, [1, 2, 3]));
    await payloadStream(source, {}).take(1).toArray();
    expect(source.destroyed).toBe(false);
  });
});
