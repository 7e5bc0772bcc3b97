// Bytes in memory as an object to be put into a stack's bucket.
import { createHash } from 'node:crypto';
import type { ByteRange } from '../../aws/large-objects.js';
import type { WantedObject } from './resource.js';

/** @param source where the bytes come from, for people */
export function objectOfBytes(key: string, bytes: Uint8Array, source: string): WantedObject {
  const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
  const open = (range?: ByteRange) => (range ? bytes.subarray(range.start, range.end + 1) : bytes);
  return { key, size: bytes.length, sha256: hash('sha256'), md5: hash('md5'), source, open };
}
