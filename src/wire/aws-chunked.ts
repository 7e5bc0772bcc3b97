// The body of an S3 request: taken out of its aws-chunked coding, and held against every length, digest and checksum
// that its headers and trailers declare.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AwsError } from './aws-error.js';
import { declaredDigests, type DeclaredDigest } from './declared-digest.js';

/** Checks the signatures inside an aws-chunked body; both throw AwsError SignatureDoesNotMatch. */
export interface ChunkVerifier {
  /** Called for each chunk in order, the empty last one included. `sha256` is the hexadecimal hash of its data. */
  verifyChunk(signature: string, sha256: string): void;
  /** Called once after the last chunk when there are trailers. `sha256` is of the lines `name:value\n`. */
  verifyTrailer(signature: string, sha256: string): void;
}

export interface PayloadOptions {
  /** Given when the request is signed chunk by chunk and signatures are checked. */
  verifier?: ChunkVerifier | undefined;
  /** False where `x-amz-checksum-*` headers speak of something else than this body (CompleteMultipartUpload). */
  checksumsAreOfBody?: boolean;
}

const verifiedChecksums = new WeakMap<Readable, Record<string, string>>();

/**
 * The payload of `body`. Reading it to the end fails with an AwsError unless everything declared holds: BadDigest,
 * XAmzContentSHA256Mismatch, IncompleteBody, MalformedTrailerError, InvalidRequest. `body` is not destroyed when reading
 * stops early, so that an answer can still be sent over its connection.
 * @throws AwsError InvalidRequest, InvalidDigest, MissingContentLength for headers that make no sense
 */
export function payloadStream(
  body: Readable,
  headers: Readonly<Record<string, string>>,
  options: PayloadOptions = {},
): Readable {
  const isChunked = isAwsChunked(headers);
  const digests = declaredDigests(headers, options.checksumsAreOfBody ?? true);
  const declaredLength = lengthOf(headers, isChunked);
  const trailers = new Map<string, string>();
  const source = body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  const content = isChunked ? awsChunkedContent(source, trailers, options.verifier) : source;
  const payload = Readable.from(
    verified(content, digests, declaredLength, trailers, () => payload),
    {
      objectMode: false,
    },
  );
  return payload;
}

/** Checksums by algorithm (base64) that held for a payloadStream(); empty until it has been read to its end. */
export function checksumsOf(stream: Readable): Record<string, string> {
  return verifiedChecksums.get(stream) ?? {};
}

function isAwsChunked(headers: Readonly<Record<string, string>>): boolean {
  return (
    (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-') ||
    /(^|,)\s*aws-chunked\s*(,|$)/i.test(headers['content-encoding'] ?? '')
  );
}

function lengthOf(headers: Readonly<Record<string, string>>, isChunked: boolean): number | undefined {
  const text = headers[isChunked ? 'x-amz-decoded-content-length' : 'content-length'];
  if (text === undefined) {
    if (!isChunked) return undefined;
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', {
      statusCode: 411,
    });
  }
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AwsError('InvalidRequest', `The length of the body must be a number of bytes, not "${text}".`);
}

async function* verified(
  content: AsyncIterable<Uint8Array>,
  digests: DeclaredDigest[],
  declaredLength: number | undefined,
  trailers: ReadonlyMap<string, string>,
  payload: () => Readable,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const bytes of content) {
    length += bytes.length;
    if (declaredLength !== undefined && length > declaredLength) break;
    for (const digest of digests) digest.update(bytes);
    yield bytes;
  }
  if (declaredLength !== undefined && length !== declaredLength) {
    throw incompleteBody(
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    );
  }
  const checksums: Record<string, string> = {};
  for (const digest of digests) {
    const value = digest.check(trailers);
    if (digest.algorithm) checksums[digest.algorithm] = value;
  }
  verifiedChecksums.set(payload(), checksums);
}

/**
 * Decodes the aws-chunked coding as bytes arrive, never holding more than a line or one of `source`'s pieces; trailers
 * are put into `trailers`, names in lower case.
 * AWS docs: "Signature calculations for the authorization header: transferring payload in multiple chunks".
 */
export async function* awsChunkedContent(
  source: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
  verifier?: ChunkVerifier,
): AsyncGenerator<Uint8Array> {
  const reader = new LineReader(source[Symbol.asyncIterator]());
  for (;;) {
    const { size, signature } = parseChunkHead(await reader.line());
    const hash = verifier && createHash('sha256');
    for (let left = size; left > 0;) {
      const bytes = await reader.bytes(left);
      left -= bytes.length;
      hash?.update(bytes);
      yield bytes;
    }
    if (size > 0 && (await reader.line()) !== '') throw malformed('a chunk is longer than its size says');
    verifier?.verifyChunk(signature ?? '', hash?.digest('hex') ?? '');
    if (size === 0) break;
  }
  await readTrailers(reader, trailers, verifier);
}

const TRAILER_SIGNATURE = 'x-amz-trailer-signature';
const TRAILER_COUNT_MAX = 20;

async function readTrailers(
  reader: LineReader,
  trailers: Map<string, string>,
  verifier: ChunkVerifier | undefined,
): Promise<void> {
  for (;;) {
    const line = (await reader.lastLine()).trim();
    if (line === '') break;
    const colon = line.indexOf(':');
    if (colon < 1 || trailers.size === TRAILER_COUNT_MAX) throw malformedTrailer();
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const signature = trailers.get(TRAILER_SIGNATURE);
  trailers.delete(TRAILER_SIGNATURE);
  if (!verifier || trailers.size === 0) return;
  const lines = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('');
  verifier.verifyTrailer(signature ?? '', createHash('sha256').update(lines).digest('hex'));
}

function parseChunkHead(line: string): { size: number; signature: string | undefined } {
  const match = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?\s*$/i.exec(line);
  if (!match) throw malformed(`${JSON.stringify(line.slice(0, 80))} is not the head of a chunk`);
  return { size: parseInt(match[1] as string, 16), signature: match[2] };
}

const LINE_BYTES_MAX = 4096;

/** Takes lines and runs of bytes by turns from pieces of any size. */
class LineReader {
  private rest: Uint8Array = new Uint8Array();
  constructor(private readonly source: AsyncIterator<Uint8Array>) {}

  /** The next line without its CRLF. */
  async line(): Promise<string> {
    const line = await this.readLine();
    if (line === undefined) throw incompleteBody('The request body terminated unexpectedly');
    return line;
  }

  /** The next line; '' at the end of the body too, where some clients leave out the empty line. */
  async lastLine(): Promise<string> {
    return (await this.readLine()) ?? '';
  }

  /** Between 1 and `count` bytes. */
  async bytes(count: number): Promise<Uint8Array> {
    while (this.rest.length === 0) {
      if (!(await this.fill())) throw incompleteBody('The request body terminated unexpectedly');
    }
    const bytes = this.rest.subarray(0, count);
    this.rest = this.rest.subarray(count);
    return bytes;
  }

  private async readLine(): Promise<string | undefined> {
    for (;;) {
      const text = Buffer.from(this.rest.buffer, this.rest.byteOffset, this.rest.byteLength);
      const end = text.indexOf('\r\n');
      if (end >= 0 && end <= LINE_BYTES_MAX) {
        this.rest = this.rest.subarray(end + 2);
        return text.toString('latin1', 0, end);
      }
      if (this.rest.length > LINE_BYTES_MAX) throw malformed(`a line is longer than ${LINE_BYTES_MAX} bytes`);
      if (await this.fill()) continue;
      if (this.rest.length > 0) throw incompleteBody('The request body terminated unexpectedly');
      return undefined;
    }
  }

  private async fill(): Promise<boolean> {
    const next = await this.source.next();
    if (next.done) return false;
    this.rest = this.rest.length === 0 ? next.value : Buffer.concat([this.rest, next.value]);
    return true;
  }
}

function incompleteBody(message: string): AwsError {
  return new AwsError('IncompleteBody', message);
}

function malformed(what: string): AwsError {
  return new AwsError('InvalidRequest', `The aws-chunked body is malformed: ${what}.`);
}

function malformedTrailer(): AwsError {
  return new AwsError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}
