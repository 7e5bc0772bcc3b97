// Members that differ, as people read them, a line each: what it was → what it is.
import type { DefinitionDifference } from '../change/index.js';

const VALUE_LENGTH_MAX = 70;

/** Of a list or a member, e.g. columns or `Parameters`; the rest is counted. */
const SHOWN_MAX = 10;

/** How much of what two long values have in common is shown before they begin to differ. */
const COMMON_LENGTH = 20;

/** Below the line of their object. */
export function differenceLines(differences: readonly DefinitionDifference[]): string[] {
  const counts = new Map<string, number>();
  const shown = differences.filter(({ path }) => {
    const whole = wholeOf(path);
    const count = (counts.get(whole) ?? 0) + 1;
    counts.set(whole, count);
    return count <= SHOWN_MAX;
  });
  const hidden = [...counts].filter(([, count]) => count > SHOWN_MAX);
  return [
    ...shown.map((difference) => `      ${differenceText(difference)}`),
    ...hidden.map(([whole, count]) => `      … ${count - SHOWN_MAX} more of ${whole}: --json has all`),
  ];
}

/** The list that a member is an item of, or what it is a member of. */
function wholeOf(path: string): string {
  return /^([^"]*?)\[/.exec(path)?.[1] ?? path.replace(/\..*$/, '');
}

/** Long values are cut where they differ: types of nested columns begin alike. */
export function differenceText({ path, before, after }: DefinitionDifference): string {
  const values = [valueText(before), valueText(after)] as const;
  const common = commonLength(...values);
  const isSeen =
    common + COMMON_LENGTH < VALUE_LENGTH_MAX || values.every((text) => text.length <= VALUE_LENGTH_MAX);
  const start = isSeen ? 0 : common - COMMON_LENGTH;
  const [was, is] = values.map((text) => cut(text, start));
  return `${path}: ${was} → ${is}`;
}

function valueText(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

function cut(text: string, start: number): string {
  const rest = start > 0 ? `…${text.slice(start)}` : text;
  return rest.length > VALUE_LENGTH_MAX ? `${rest.slice(0, VALUE_LENGTH_MAX - 1)}…` : rest;
}
