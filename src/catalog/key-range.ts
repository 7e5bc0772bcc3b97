// Sets of key forms as sorted, disjoint ranges: what a predicate allows at one position.
import type { UNCAST } from './partition-key.js';
import { AFTER_END, CEILING, END } from './partition-key.js';
import { compareText } from './text-order.js';

/** The forms whose text in a key, `form + END`, is greater than `low` and less than `high`. */
export interface KeyRange {
  low: string;
  high: string;
}

export type KeyRanges = readonly KeyRange[];

/** Every form, also of values that are not of the key's type. */
export const EVERYTHING: KeyRanges = [{ low: '', high: CEILING }];

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** The forms that compare so with `form`; `top` bounds them: UNCAST leaves out values that are not of the type. */
export function rangesOf(
  comparator: Comparator,
  form: string,
  top: typeof UNCAST | typeof CEILING,
): KeyRanges {
  const after = form + AFTER_END;
  switch (comparator) {
    case '=':
      return [{ low: form, high: after }];
    case '<>':
      return [
        { low: '', high: form },
        { low: after, high: top },
      ];
    case '<':
      return [{ low: '', high: form }];
    case '<=':
      return [{ low: '', high: after }];
    case '>':
      return [{ low: after, high: top }];
    case '>=':
      return [{ low: form, high: top }];
  }
}

export function union(a: KeyRanges, b: KeyRanges): KeyRanges {
  const sorted = [...a, ...b].sort((x, y) => compareText(x.low, y.low));
  const merged: KeyRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last && compareText(range.low, last.high) < 0) last.high = greater(last.high, range.high);
    else merged.push({ ...range });
  }
  return merged;
}

export function intersection(a: KeyRanges, b: KeyRanges): KeyRanges {
  const common: KeyRange[] = [];
  for (let indexA = 0, indexB = 0; indexA < a.length && indexB < b.length;) {
    const rangeA = a[indexA] as KeyRange;
    const rangeB = b[indexB] as KeyRange;
    const low = greater(rangeA.low, rangeB.low);
    const high = greater(rangeA.high, rangeB.high) === rangeA.high ? rangeB.high : rangeA.high;
    if (compareText(low, high) < 0) common.push({ low, high });
    if (high === rangeA.high) indexA++;
    else indexB++;
  }
  return common;
}

/** `form` itself when it is in `ranges`, otherwise the lower bound of the next range; undefined when there is none. */
export function lowestFrom(ranges: KeyRanges, form: string): string | undefined {
  const text = form + END;
  let start = 0;
  let end = ranges.length;
  while (start < end) {
    const middle = (start + end) >> 1;
    if (compareText((ranges[middle] as KeyRange).high, text) > 0) end = middle;
    else start = middle + 1;
  }
  const range = ranges[start];
  if (!range) return undefined;
  return compareText(range.low, text) < 0 ? form : range.low;
}

function greater(a: string, b: string): string {
  return compareText(a, b) >= 0 ? a : b;
}
