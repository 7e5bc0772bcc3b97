// The canonical form of a request in AWS Signature Version 4: what both sides sign.
import { createHash } from 'node:crypto';

export interface CanonicalParts {
  method: string;
  /** As sent: percent-encoded, without the query. */
  path: string;
  /** As sent, without the question mark. */
  query: string;
  /** Names in lower case; several values of one name already joined by commas. */
  headers: Record<string, string>;
  /** In lower case, in the order in which they were signed. */
  signedHeaders: readonly string[];
  payloadHash: string;
  /** S3 signs the path as it is; every other service encodes each segment once more and takes out dot segments. */
  isS3: boolean;
}

/** AWS docs: IAM user guide, "Create a signed AWS API request", step 1. */
export function canonicalRequest(parts: CanonicalParts): string {
  const headers = parts.signedHeaders.map((name) => `${name}:${trimAll(parts.headers[name] ?? '')}\n`);
  return [
    parts.method,
    parts.isS3 ? encodeOnce(parts.path) : encodeOnce(withoutDotSegments(parts.path)).replaceAll('%', '%25'),
    canonicalQuery(parts.query),
    headers.join(''),
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n');
}

/** AWS docs, step 2. `date` as `YYYYMMDDTHHMMSSZ`, `scope` as `YYYYMMDD/region/service/aws4_request`. */
export function stringToSign(date: string, scope: string, canonical: string): string {
  return ['AWS4-HMAC-SHA256', date, scope, sha256Hex(canonical)].join('\n');
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Parameters sorted by encoded name and then by encoded value, without the signature itself. */
function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      const equals = parameter.indexOf('=');
      const name = equals < 0 ? parameter : parameter.slice(0, equals);
      const value = equals < 0 ? '' : parameter.slice(equals + 1);
      return [encodeParameter(name), encodeParameter(value)] as const;
    })
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

// In a query, unlike in a path, a plus stands for a space and a slash is encoded.
function encodeParameter(text: string): string {
  return encodeOnce(text.replaceAll('+', '%20')).replaceAll('/', '%2F');
}

// Text that may be encoded already comes out encoded exactly once, in the one way that AWS does it: unreserved
// characters and slashes as they are, everything else as upper-case escapes of its UTF-8 bytes.
function encodeOnce(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})|[^A-Za-z0-9\-._~/]/gu, (character, hex: string | undefined) => {
    if (hex === undefined) return [...Buffer.from(character)].map(escapeByte).join('');
    const byte = parseInt(hex, 16);
    const plain = String.fromCharCode(byte);
    return /[A-Za-z0-9\-._~/]/.test(plain) ? plain : escapeByte(byte);
  });
}

function escapeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function withoutDotSegments(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}${path.endsWith('/') && segments.length > 0 ? '/' : ''}`;
}

function trimAll(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
