// The order in which S3 lists keys: by the bytes of their UTF-8 form, which is not JavaScript's order.

/** Negative, zero or positive, as `Array.prototype.sort` wants it. */
export function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return utf8Rank(a) - utf8Rank(b);
  }
  return left.length - right.length;
}

// UTF-16 sorts surrogates (code points from U+10000 upwards) before U+E000 to U+FFFF, UTF-8 after them.
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

const OUT_OF_ORDER = /[\ud800-\uffff]/;

/** Sorts in place. The built-in order, much the faster one, is taken where it is the same. */
export function sortKeys(keys: string[]): string[] {
  return keys.some((key) => OUT_OF_ORDER.test(key)) ? keys.sort(compareKeys) : keys.sort();
}
