// Randomness as an interface: identifiers that AWS would make up.
import { randomBytes, randomUUID } from 'node:crypto';

export interface Ids {
  uuid(): string;
  /** `byteCount` random bytes as lower-case hexadecimal, two characters a byte. */
  hex(byteCount: number): string;
}

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  hex: (byteCount) => randomBytes(byteCount).toString('hex'),
};

/** Identifiers that count upwards from 1: the same run gives the same identifiers. */
export function countingIds(): Ids {
  let count = 0;
  const next = (length: number) => (++count).toString(16).padStart(length, '0');
  return {
    uuid: () => next(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    hex: (byteCount) => next(byteCount * 2),
  };
}
