// A request and an answer on the wire, whether they crossed a socket or stayed in the process.
import { Readable } from 'node:stream';
import { BODY_BYTES_MAX } from '../base/limits.js';
import type { ChunkVerifier } from './aws-chunked.js';
import { AwsError } from './aws-error.js';

export interface WireRequest {
  method: string;
  /** Percent-encoded as it was sent, without the query. */
  path: string;
  /** As it was sent, without the question mark. */
  query: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Readable | Uint8Array;
  /** Scheme and host under which the caller reached the service. */
  origin: string;
  /** When the body comes in chunks whose signatures must be good. */
  chunkVerifier?: ChunkVerifier;
}

export interface WireResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Readable | Uint8Array | string;
}

export function asReadable(body: Readable | Uint8Array): Readable {
  return body instanceof Readable ? body : Readable.from(body.length === 0 ? [] : [body]);
}

/** @throws AwsError RequestEntityTooLargeException beyond BODY_BYTES_MAX bytes; what is left of a stream is not read */
export function collectBody(body: Readable | Uint8Array): Promise<Buffer> {
  if (body instanceof Readable) return collectStream(body);
  return body.length > BODY_BYTES_MAX ? Promise.reject(bodyTooLarge()) : Promise.resolve(asBuffer(body));
}

// By events: an iterator over the stream costs a small request more than its decoding.
function collectStream(body: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let byteCount = 0;
    const take = (chunk: Uint8Array) => {
      byteCount += chunk.length;
      chunks.push(chunk);
      if (byteCount <= BODY_BYTES_MAX) return;
      body.off('data', take).pause();
      reject(bodyTooLarge());
    };
    // Every stream is closed in the end; an error that nobody gets would cost more than the body.
    const end = () => {
      body.off('close', cut);
      resolve(chunks.length === 1 ? asBuffer(chunks[0] as Uint8Array) : Buffer.concat(chunks));
    };
    const cut = () => reject(body.errored ?? new Error('The request ended before its body was complete.'));
    if (body.readableEnded) end();
    else if (body.destroyed) cut();
    else body.on('data', take).once('end', end).once('error', reject).once('close', cut);
  });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function bodyTooLarge(): AwsError {
  return new AwsError(
    'RequestEntityTooLargeException',
    `The request body is larger than the ${BODY_BYTES_MAX} bytes that are allowed.`,
    { statusCode: 413 },
  );
}

/** Query or form parameters in order, decoded; a name without a value has the value ''. */
export function parseParameters(text: string): [name: string, value: string][] {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const name = equals < 0 ? part : part.slice(0, equals);
      return [decodeParameter(name), equals < 0 ? '' : decodeParameter(part.slice(equals + 1))];
    });
}

function decodeParameter(text: string): string {
  return decodePercent(text.replaceAll('+', ' '));
}

/** @throws AwsError InvalidURI when an escape is cut or does not make UTF-8 */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new AwsError('InvalidURI', `Couldn't parse the specified URI: ${text}`, { cause: error });
  }
}
