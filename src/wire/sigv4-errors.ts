// What AWS answers to a request whose signature is not good: the same mistake has another name in each kind of service.
import { AwsError } from './aws-error.js';

/** `s3`; `query` for IAM and STS; `json` for the rest. */
export type SignatureDialect = 's3' | 'query' | 'json';

export type SignatureMistake =
  | 'missing'
  | 'incomplete'
  | 'incomplete-url'
  | 'unsupported'
  | 'unknown-key'
  | 'bad-token'
  | 'expired-token'
  | 'mismatch'
  | 'skewed'
  | 'unsigned-headers'
  | 'expired-url';

interface Answer {
  name: string;
  statusCode: number;
}

/** AWS docs: the "common errors" of Glue, of IAM and of STS, and Amazon S3's error responses. */
const ANSWERS: Record<SignatureMistake, Record<SignatureDialect, Answer>> = {
  missing: {
    s3: { name: 'AccessDenied', statusCode: 403 },
    query: { name: 'MissingAuthenticationToken', statusCode: 403 },
    json: { name: 'MissingAuthenticationTokenException', statusCode: 400 },
  },
  incomplete: {
    s3: { name: 'AuthorizationHeaderMalformed', statusCode: 400 },
    query: { name: 'IncompleteSignature', statusCode: 400 },
    json: { name: 'IncompleteSignatureException', statusCode: 400 },
  },
  'incomplete-url': {
    s3: { name: 'AuthorizationQueryParametersError', statusCode: 400 },
    query: { name: 'IncompleteSignature', statusCode: 400 },
    json: { name: 'IncompleteSignatureException', statusCode: 400 },
  },
  unsupported: {
    s3: { name: 'InvalidRequest', statusCode: 400 },
    query: { name: 'IncompleteSignature', statusCode: 400 },
    json: { name: 'IncompleteSignatureException', statusCode: 400 },
  },
  'unknown-key': {
    s3: { name: 'InvalidAccessKeyId', statusCode: 403 },
    query: { name: 'InvalidClientTokenId', statusCode: 403 },
    json: { name: 'UnrecognizedClientException', statusCode: 400 },
  },
  'bad-token': {
    s3: { name: 'InvalidToken', statusCode: 400 },
    query: { name: 'InvalidClientTokenId', statusCode: 403 },
    json: { name: 'UnrecognizedClientException', statusCode: 400 },
  },
  'expired-token': {
    s3: { name: 'ExpiredToken', statusCode: 400 },
    query: { name: 'ExpiredToken', statusCode: 403 },
    json: { name: 'ExpiredTokenException', statusCode: 400 },
  },
  mismatch: {
    s3: { name: 'SignatureDoesNotMatch', statusCode: 403 },
    query: { name: 'SignatureDoesNotMatch', statusCode: 403 },
    json: { name: 'InvalidSignatureException', statusCode: 400 },
  },
  skewed: {
    s3: { name: 'RequestTimeTooSkewed', statusCode: 403 },
    query: { name: 'SignatureDoesNotMatch', statusCode: 403 },
    json: { name: 'InvalidSignatureException', statusCode: 400 },
  },
  'unsigned-headers': {
    s3: { name: 'AccessDenied', statusCode: 403 },
    query: { name: 'SignatureDoesNotMatch', statusCode: 403 },
    json: { name: 'InvalidSignatureException', statusCode: 400 },
  },
  'expired-url': {
    s3: { name: 'AccessDenied', statusCode: 403 },
    query: { name: 'SignatureDoesNotMatch', statusCode: 403 },
    json: { name: 'InvalidSignatureException', statusCode: 400 },
  },
};

export function signatureError(
  mistake: SignatureMistake,
  dialect: SignatureDialect,
  message: string,
  members?: Record<string, unknown>,
): AwsError {
  const { name, statusCode } = ANSWERS[mistake][dialect];
  return new AwsError(name, message, { statusCode, ...(members && dialect === 's3' ? { members } : {}) });
}
