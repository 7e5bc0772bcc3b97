// Verifies AWS Signature Version 4: in the Authorization header, presigned in the query, and of the chunks of a body.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChunkVerifier } from './aws-chunked.js';
import { canonicalRequest, sha256Hex, stringToSign } from './sigv4-canonical.js';
import { amzDateMs, dialectOf, signatureClaim, toAmzDate } from './sigv4-claim.js';
import type { SignatureClaim, SignedRequest } from './sigv4-claim.js';
import { signatureError, type SignatureDialect } from './sigv4-errors.js';

/** How far a signing time may be from ours, in milliseconds. AWS docs: 15 minutes. */
const CLOCK_SKEW_MAX_MS = 15 * 60 * 1000;

export interface Secret {
  secretAccessKey: string;
  /** Of temporary credentials: the request must carry the same. */
  sessionToken?: string;
  expiration?: Date;
}

export interface VerifyOptions {
  lookUpSecret: (accessKeyId: string) => Secret | undefined;
  now: Date;
  /**
   * SHA-256 of the body in lower-case hexadecimal, which every service signs but S3. S3 signs what
   * `x-amz-content-sha256` says, and payloadStream() holds the body against that while it is read.
   */
  bodySha256: string | undefined;
}

export interface VerifiedSignature {
  accessKeyId: string;
  region: string;
  service: string;
  /** For payloadStream(), when the body comes in signed chunks. */
  chunkVerifier?: ChunkVerifier;
}

/** @throws AwsError in the words of the service that the request is for; see sigv4-errors.ts */
export function verifySignature(
  request: SignedRequest,
  { lookUpSecret, now, bodySha256 }: VerifyOptions,
): VerifiedSignature {
  const claim = signatureClaim(request);
  const dialect = dialectOf(request, claim.service);
  const secret = checkCredential(claim, lookUpSecret(claim.accessKeyId), now, dialect);
  checkTime(claim, now, dialect);
  checkSignedHeaders(claim, request, dialect);
  const payloadHash = signedPayloadHash(claim, request, bodySha256, dialect);
  const canonical = canonicalRequest({
    ...request,
    signedHeaders: claim.signedHeaders,
    payloadHash,
    isS3: claim.service === 's3',
  });
  const text = stringToSign(claim.date, claim.scope, canonical);
  const key = signingKey(claim, secret.secretAccessKey);
  if (!isSame(claim.signature, hmac(key, text).toString('hex'))) {
    throw mismatch(claim, dialect, { canonical, text });
  }
  return {
    accessKeyId: claim.accessKeyId,
    region: claim.region,
    service: claim.service,
    ...(/^[0-9a-f]{64}$/.test(payloadHash) && payloadHash !== bodySha256
      ? { payloadSha256: payloadHash }
      : {}),
    ...(payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-')
      ? { chunkVerifier: chunkVerifier(claim, key, dialect) }
      : {}),
  };
}

function checkCredential(
  claim: SignatureClaim,
  secret: Secret | undefined,
  now: Date,
  dialect: SignatureDialect,
): Secret {
  const isS3 = dialect === 's3';
  if (!secret) {
    throw signatureError(
      'unknown-key',
      dialect,
      isS3
        ? 'The AWS Access Key Id you provided does not exist in our records.'
        : 'The security token included in the request is invalid.',
      { AWSAccessKeyId: claim.accessKeyId },
    );
  }
  if (claim.sessionToken !== secret.sessionToken) {
    throw signatureError(
      'bad-token',
      dialect,
      isS3
        ? 'The provided token is malformed or otherwise invalid.'
        : 'The security token included in the request is invalid.',
    );
  }
  if (secret.expiration && secret.expiration <= now) {
    throw signatureError(
      'expired-token',
      dialect,
      isS3 ? 'The provided token has expired.' : 'The security token included in the request is expired',
    );
  }
  return secret;
}

function checkTime(claim: SignatureClaim, now: Date, dialect: SignatureDialect): void {
  const signedMs = amzDateMs(claim.date);
  const nowMs = now.getTime();
  const endMs =
    signedMs + (claim.expiresSeconds === undefined ? CLOCK_SKEW_MAX_MS : claim.expiresSeconds * 1000);
  if (signedMs <= nowMs + CLOCK_SKEW_MAX_MS && nowMs <= endMs) return;
  const isEarly = !(signedMs <= nowMs + CLOCK_SKEW_MAX_MS);
  if (claim.expiresSeconds !== undefined && dialect === 's3') {
    throw signatureError(
      'expired-url',
      dialect,
      isEarly ? 'Request is not valid yet' : 'Request has expired',
      {
        'X-Amz-Expires': claim.expiresSeconds,
        ServerTime: now.toISOString(),
      },
    );
  }
  if (dialect === 's3') {
    throw signatureError(
      'skewed',
      dialect,
      'The difference between the request time and the current time is too large.',
      {
        RequestTime: claim.date,
        ServerTime: now.toISOString(),
        MaxAllowedSkewMilliseconds: CLOCK_SKEW_MAX_MS,
      },
    );
  }
  const bound = toAmzDate(new Date(isEarly ? nowMs + CLOCK_SKEW_MAX_MS : nowMs - (endMs - signedMs)));
  throw signatureError(
    'skewed',
    dialect,
    isEarly
      ? `Signature not yet current: ${claim.date} is still later than ${bound} (${toAmzDate(now)} + 15 min.)`
      : `Signature expired: ${claim.date} is now earlier than ${bound} (${toAmzDate(now)} - ${(endMs - signedMs) / 60_000} min.)`,
  );
}

// Whoever catches a signed request must not be able to send it elsewhere or to add what changes its meaning.
function checkSignedHeaders(claim: SignatureClaim, request: SignedRequest, dialect: SignatureDialect): void {
  const unsigned = Object.keys(request.headers).filter(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !claim.signedHeaders.includes(name),
  );
  if (unsigned.length > 0) {
    throw signatureError(
      'unsigned-headers',
      dialect,
      `There were headers present in the request which were not signed: ${unsigned.join(', ')}`,
      { HeadersNotSigned: unsigned.join(', ') },
    );
  }
}

const PAYLOAD_HASH =
  /^([0-9a-fA-F]{64}|UNSIGNED-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER|STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?)$/;

function signedPayloadHash(
  claim: SignatureClaim,
  request: SignedRequest,
  bodySha256: string | undefined,
  dialect: SignatureDialect,
): string {
  if (claim.service !== 's3') return bodySha256 ?? sha256Hex('');
  const declared = request.headers['x-amz-content-sha256'];
  if (declared === undefined && claim.expiresSeconds !== undefined) return 'UNSIGNED-PAYLOAD';
  if (declared === undefined) {
    throw signatureError(
      'unsupported',
      dialect,
      'Missing required header for this request: x-amz-content-sha256',
    );
  }
  if (PAYLOAD_HASH.test(declared)) return declared;
  throw signatureError(
    'unsupported',
    dialect,
    `x-amz-content-sha256 is "${declared}"; it must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, ` +
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value.',
  );
}

/** AWS docs: Amazon S3, "Signature calculations for the Authorization header: transferring payload in multiple chunks". */
function chunkVerifier(claim: SignatureClaim, key: Buffer, dialect: SignatureDialect): ChunkVerifier {
  let previous = claim.signature;
  const verify = (signature: string, lines: string[]) => {
    const [algorithm, ...hashes] = lines;
    const text = [algorithm, claim.date, claim.scope, previous, ...hashes].join('\n');
    if (!isSame(signature, hmac(key, text).toString('hex')))
      throw mismatch({ ...claim, signature }, dialect, { text });
    previous = signature;
  };
  return {
    verifyChunk: (signature, chunkSha256) =>
      verify(signature, ['AWS4-HMAC-SHA256-PAYLOAD', sha256Hex(''), chunkSha256]),
    verifyTrailer: (signature, trailerSha256) =>
      verify(signature, ['AWS4-HMAC-SHA256-TRAILER', trailerSha256]),
  };
}

function mismatch(
  claim: SignatureClaim,
  dialect: SignatureDialect,
  { canonical, text }: { canonical?: string; text: string },
): Error {
  const sentence =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
    'and signing method. Consult the service documentation for details.';
  const details = canonical
    ? `\n\nThe Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${text}'\n`
    : '';
  return signatureError('mismatch', dialect, dialect === 's3' ? sentence : sentence + details, {
    AWSAccessKeyId: claim.accessKeyId,
    StringToSign: text,
    SignatureProvided: claim.signature,
    ...(canonical ? { CanonicalRequest: canonical } : {}),
  });
}

const SIGNING_KEYS_MAX = 100;
const signingKeys = new Map<string, Buffer>();

// A key is good for a day, a region and a service: four hashes that nearly every request can save.
function signingKey({ scopeDate, region, service }: SignatureClaim, secretAccessKey: string): Buffer {
  const name = JSON.stringify([secretAccessKey, scopeDate, region, service]);
  let key = signingKeys.get(name);
  if (!key) {
    key = [scopeDate, region, service, 'aws4_request'].reduce<Buffer>(
      (part, text) => hmac(part, text),
      Buffer.from(`AWS4${secretAccessKey}`),
    );
    if (signingKeys.size >= SIGNING_KEYS_MAX) signingKeys.clear();
    signingKeys.set(name, key);
  }
  return key;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
