// The digests that a request's headers declare of its body: Content-MD5, x-amz-content-sha256, x-amz-checksum-*.
import { createHash } from 'node:crypto';
import { AwsError } from './aws-error.js';
import {
  CHECKSUM_ALGORITHMS,
  CHECKSUM_BYTES,
  createChecksum,
  isChecksumAlgorithm,
  type ChecksumAlgorithm,
} from './checksum.js';

export interface DeclaredDigest {
  /** Set for an x-amz-checksum. */
  algorithm?: ChecksumAlgorithm;
  update(bytes: Uint8Array): void;
  /** The value, once all bytes have passed. @throws AwsError when it is not the declared one */
  check(trailers: ReadonlyMap<string, string>): string;
}

type Headers = Readonly<Record<string, string>>;

/** @throws AwsError InvalidDigest, InvalidRequest for a declaration that no body can fulfil, NotImplemented */
export function declaredDigests(headers: Headers, withChecksums: boolean): DeclaredDigest[] {
  return [
    ...contentMd5(headers),
    ...contentSha256(headers),
    ...(withChecksums ? [...headerChecksum(headers), ...trailerChecksum(headers)] : []),
  ];
}

function contentMd5(headers: Headers): DeclaredDigest[] {
  const declared = headers['content-md5'];
  if (declared === undefined) return [];
  if (!isBase64(declared, 16)) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  const hash = createHash('md5');
  return [
    {
      update: (bytes) => void hash.update(bytes),
      check() {
        const value = hash.digest('base64');
        if (value !== declared) throw badDigest('Content-MD5', 'what we received');
        return value;
      },
    },
  ];
}

function contentSha256(headers: Headers): DeclaredDigest[] {
  const declared = headers['x-amz-content-sha256'] ?? '';
  if (!/^[0-9a-f]{64}$/i.test(declared)) return [];
  const hash = createHash('sha256');
  return [
    {
      update: (bytes) => void hash.update(bytes),
      check() {
        const value = hash.digest('hex');
        if (value === declared.toLowerCase()) return value;
        throw new AwsError(
          'XAmzContentSHA256Mismatch',
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
          { members: { ClientComputedContentSHA256: declared, S3ComputedContentSHA256: value } },
        );
      },
    },
  ];
}

/** Headers that begin like a checksum's and are none. */
const NOT_CHECKSUMS = ['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type'];

function requireKnown(name: string): void {
  if (!name.startsWith('x-amz-checksum-') || NOT_CHECKSUMS.includes(name)) return;
  if (CHECKSUM_ALGORITHMS.some((algorithm) => name === headerName(algorithm))) return;
  throw new AwsError(
    'NotImplemented',
    `The checksum ${name} is not implemented here; ${CHECKSUM_ALGORITHMS.join(', ')} are.`,
    { statusCode: 501 },
  );
}

function headerChecksum(headers: Headers): DeclaredDigest[] {
  Object.keys(headers).forEach(requireKnown);
  const algorithms = CHECKSUM_ALGORITHMS.filter((algorithm) => headers[headerName(algorithm)] !== undefined);
  const [algorithm] = algorithms;
  if (algorithm === undefined) return [];
  if (algorithms.length > 1) {
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const declared = headers[headerName(algorithm)] as string;
  requireWellFormed(algorithm, declared, 'header');
  return [checksumDigest(algorithm, () => declared)];
}

function trailerChecksum(headers: Headers): DeclaredDigest[] {
  const names = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.flatMap((name) => {
    requireKnown(name);
    const algorithm = name.replace(/^x-amz-checksum-/, '').toUpperCase();
    if (!isChecksumAlgorithm(algorithm) || name !== headerName(algorithm)) return [];
    return checksumDigest(algorithm, (trailers) => {
      const declared = trailers.get(name);
      if (declared === undefined) {
        throw new AwsError(
          'MalformedTrailerError',
          `The request contained trailing data that was not well-formed: the trailer ${name} is missing.`,
        );
      }
      requireWellFormed(algorithm, declared, 'trailing header');
      return declared;
    });
  });
}

function checksumDigest(
  algorithm: ChecksumAlgorithm,
  declaredIn: (trailers: ReadonlyMap<string, string>) => string,
): DeclaredDigest {
  const checksum = createChecksum(algorithm);
  return {
    algorithm,
    update: (bytes) => checksum.update(bytes),
    check(trailers) {
      const value = checksum.digest();
      if (value !== declaredIn(trailers)) throw badDigest(algorithm, 'the calculated checksum');
      return value;
    },
  };
}

function headerName(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

function requireWellFormed(algorithm: ChecksumAlgorithm, value: string, where: string): void {
  if (!isBase64(value, CHECKSUM_BYTES[algorithm])) {
    throw new AwsError('InvalidRequest', `Value for ${headerName(algorithm)} ${where} is invalid.`);
  }
}

function isBase64(text: string, byteCount: number): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === byteCount && bytes.toString('base64') === text;
}

function badDigest(name: string, than: string): AwsError {
  return new AwsError('BadDigest', `The ${name} you specified did not match ${than}.`);
}
