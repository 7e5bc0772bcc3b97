// Bytes in memory as an object to be put into a stack's bucket.
import { createHash } from 'node:crypto';
import type { WantedObject } from './resource.js';

/** @param source where the bytes come from, for people */
export function objectOfBytes(key: string, bytes: Uint8Array, source: string): WantedObject {
  const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
  return { key, size: bytes.length, sha256: hash('sha256'), md5: hash('md5'), source, open: () => bytes };
}
