// IAM's unique identifiers: four letters that tell the kind, then 17 characters.
import type { Ids } from '../base/ids.js';

/** AWS docs: IAM identifiers, unique ID prefixes. */
export type UniqueIdPrefix = 'AROA' | 'ANPA' | 'ASIA';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** e.g. `AROA` and 17 characters of base 32; access key ids have 16. */
export function uniqueId(ids: Ids, prefix: UniqueIdPrefix): string {
  const length = prefix === 'ASIA' ? 16 : 17;
  let bits = BigInt(`0x${ids.hex(11)}`);
  let text = '';
  while (text.length < length) {
    text = ALPHABET[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return prefix + text;
}
