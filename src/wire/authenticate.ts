// Who calls, and whether the request is really theirs.
import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.js';
import { collectBody, type WireRequest } from './message.js';
import { verifySignature, type Secret } from './sigv4.js';

/** The credential scope that a request names, in its Authorization header or presigned in its query. */
export interface Credential {
  accessKeyId: string;
  region: string;
  signingName: string;
}

/**
 * Says who the caller is, and gives back the request so that its body can (still) be read.
 * @throws AwsError when a signature is demanded and not good
 */
export type Authenticate = (
  request: WireRequest,
  credential: Credential | undefined,
) => Promise<{ callerArn: string; request: WireRequest }>;

/** Believes the access key that a request names, signed or not. */
export function trustingAuthenticator(callerArnOf: (accessKeyId: string) => string): Authenticate {
  return async (request, credential) => ({ callerArn: callerArnOf(credential?.accessKeyId ?? ''), request });
}

/** Demands a good Signature Version 4 by a key that `lookUpSecret` knows. */
export function verifyingAuthenticator(
  callerArnOf: (accessKeyId: string) => string,
  lookUpSecret: (accessKeyId: string) => Secret | undefined,
  clock: Clock,
): Authenticate {
  return async (original, credential) => {
    const isS3 = credential === undefined || credential.signingName === 's3';
    const request = isS3 ? original : { ...original, body: await collectBody(original.body) };
    const { accessKeyId, chunkVerifier } = verifySignature(request, {
      lookUpSecret,
      now: clock.now(),
      bodySha256: request.body instanceof Uint8Array && !isS3 ? sha256(request.body) : undefined,
    });
    return {
      callerArn: callerArnOf(accessKeyId),
      request: chunkVerifier ? { ...request, chunkVerifier } : request,
    };
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
