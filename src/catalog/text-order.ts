// The order of texts by code point, which is the order of their UTF-8 bytes and so the state file's.

/** Negative when `a` comes first, 0 when they are equal. JavaScript's own `<` puts U+10000 before U+E000. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const unitA = a.charCodeAt(index);
    const unitB = b.charCodeAt(index);
    if (unitA !== unitB) return raised(unitA) - raised(unitB);
  }
  return a.length - b.length;
}

/** Puts surrogates, halves of the highest code points, above all other code units. */
function raised(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
