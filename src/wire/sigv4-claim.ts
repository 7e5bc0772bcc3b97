// What a request says about its signature, in its Authorization header or presigned in its query, before any is checked.
import type { AwsError } from './aws-error.js';
import { parseParameters } from './message.js';
import { signatureError, type SignatureDialect } from './sigv4-errors.js';

export interface SignatureClaim {
  accessKeyId: string;
  /** `YYYYMMDD/region/service/aws4_request`. */
  scope: string;
  scopeDate: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  date: string;
  sessionToken?: string;
  /** Seconds for which a presigned request is good; absent when it is signed in its header. */
  expiresSeconds?: number;
}

export interface SignedRequest {
  method: string;
  /** As sent: percent-encoded, without the query. */
  path: string;
  /** As sent, without the question mark. */
  query: string;
  /** Names in lower case; several values of one name joined by commas. */
  headers: Record<string, string>;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const PRESIGNED_SECONDS_MAX = 7 * 24 * 3600;

/** @throws AwsError when there is no signature, or none that is complete and of version 4 */
export function signatureClaim(request: SignedRequest): SignatureClaim {
  const authorization = request.headers['authorization'];
  const parameters = new Map(parseParameters(request.query));
  const isPresigned = parameters.has('X-Amz-Algorithm') || parameters.has('X-Amz-Signature');
  if (authorization === undefined && !isPresigned) {
    if (parameters.has('Signature') || parameters.has('AWSAccessKeyId')) throw unsupported(request);
    const dialect = dialectOf(request);
    throw signatureError(
      'missing',
      dialect,
      dialect === 's3'
        ? 'Access Denied'
        : dialect === 'query'
          ? 'Request is missing Authentication Token'
          : 'Missing Authentication Token',
    );
  }
  if (authorization !== undefined && isPresigned) {
    throw signatureError(
      'unsupported',
      dialectOf(request),
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the Authorization header should be specified',
    );
  }
  return authorization === undefined
    ? presignedClaim(request, parameters)
    : headerClaim(request, authorization);
}

/** In whose words a refusal is put: by the signed scope, else by what the request looks like. */
export function dialectOf(request: SignedRequest, service?: string): SignatureDialect {
  if (service === 's3') return 's3';
  if (request.headers['x-amz-target'] !== undefined) return 'json';
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  if (isForm || /(^|&)Action=/.test(request.query) || service === 'iam' || service === 'sts') return 'query';
  return service === undefined ? 's3' : 'json';
}

function headerClaim(request: SignedRequest, authorization: string): SignatureClaim {
  const [algorithm] = authorization.trim().split(/\s/, 1);
  if (algorithm !== ALGORITHM) throw unsupported(request);
  const fields = new Map(
    authorization
      .trim()
      .slice(ALGORITHM.length)
      .split(/[\s,]+/)
      .filter((field) => field !== '')
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  const date = amzDate(request.headers['x-amz-date']) ?? httpDate(request.headers['date']);
  const required = {
    Credential: fields.get('Credential'),
    SignedHeaders: fields.get('SignedHeaders'),
    Signature: fields.get('Signature'),
  };
  const missing = Object.entries(required).find(([, value]) => !value)?.[0];
  if (missing || date === undefined) {
    throw signatureError(
      'incomplete',
      dialectOf(request, scopeService(required.Credential)),
      missing
        ? `Authorization header requires '${missing}' parameter. Authorization=${algorithm}`
        : `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=${algorithm}`,
    );
  }
  const sessionToken = request.headers['x-amz-security-token'];
  return {
    ...parseCredential(request, required.Credential as string, date),
    signedHeaders: (required.SignedHeaders as string).toLowerCase().split(';'),
    signature: required.Signature as string,
    date,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

function presignedClaim(request: SignedRequest, parameters: ReadonlyMap<string, string>): SignatureClaim {
  const value = (name: string) => parameters.get(`X-Amz-${name}`) ?? '';
  if (value('Algorithm') !== ALGORITHM) throw unsupported(request);
  const credential = value('Credential');
  const date = amzDate(value('Date'));
  const expiresSeconds = Number(value('Expires'));
  const fail = (message: string) =>
    signatureError('incomplete-url', dialectOf(request, scopeService(credential)), message);
  const missing = ['Credential', 'SignedHeaders', 'Signature', 'Expires'].find((name) => value(name) === '');
  if (missing || date === undefined) {
    throw fail(
      `Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, ` +
        `X-Amz-SignedHeaders, and X-Amz-Expires parameters. X-Amz-${missing ?? 'Date'} is missing or malformed.`,
    );
  }
  if (!/^\d+$/.test(value('Expires')) || expiresSeconds < 1 || expiresSeconds > PRESIGNED_SECONDS_MAX) {
    throw fail(
      `X-Amz-Expires is "${value('Expires')}"; it must be between 1 and ${PRESIGNED_SECONDS_MAX} seconds.`,
    );
  }
  const sessionToken = parameters.get('X-Amz-Security-Token') ?? request.headers['x-amz-security-token'];
  return {
    ...parseCredential(request, credential, date),
    signedHeaders: value('SignedHeaders').toLowerCase().split(';'),
    signature: value('Signature'),
    date,
    expiresSeconds,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

function parseCredential(request: SignedRequest, credential: string, date: string) {
  // An access key id may hold slashes itself; the scope is always the last four parts.
  const parts = credential.split('/');
  const [scopeDate = '', region = '', service = '', terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (parts.length < 5 || accessKeyId === '' || terminator !== 'aws4_request' || !/^\d{8}$/.test(scopeDate)) {
    throw signatureError(
      'incomplete',
      dialectOf(request),
      `Credential must have 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request, got '${credential}'`,
    );
  }
  if (scopeDate !== date.slice(0, 8)) {
    throw signatureError(
      'mismatch',
      dialectOf(request, service),
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scopeDate}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  }
  return { accessKeyId, scope: parts.slice(-4).join('/'), scopeDate, region, service };
}

function unsupported(request: SignedRequest): AwsError {
  return signatureError(
    'unsupported',
    dialectOf(request),
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  );
}

function scopeService(credential: string | undefined): string | undefined {
  return credential?.split('/').at(-2);
}

function amzDate(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{8}T\d{6}Z$/.test(text) ? text : undefined;
}

function httpDate(text: string | undefined): string | undefined {
  const timeMs = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : toAmzDate(new Date(timeMs));
}

/** `YYYYMMDDTHHMMSSZ`. */
export function toAmzDate(date: Date): string {
  return date.toISOString().replace(/\.\d{3}|[-:]/g, '');
}

/** The instant of a date in the form `YYYYMMDDTHHMMSSZ`; NaN when there is no such day or hour. */
export function amzDateMs(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
