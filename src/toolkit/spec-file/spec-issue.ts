// One thing wrong in a spec file, and where it is.
import { isMap, type Document, type LineCounter, type Node } from 'yaml';
import { nearestName } from './nearest-name.js';

export type SpecPath = readonly (string | number)[];

export interface SpecIssue {
  path: SpecPath;
  message: string;
  /** The last part of the path is a key that should not be there, so the place to show is the key, not its value. */
  isKey?: boolean;
}

/** `bucket.upload[0].to`; keys with dots or spaces are quoted. */
export function formatPath(path: SpecPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\w$-]+$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

export function unknownKey(path: SpecPath, allowed: readonly string[]): SpecIssue {
  const given = String(path.at(-1));
  const nearest = nearestName(given, allowed);
  const shown =
    allowed.length > 30
      ? `${allowed.slice(0, 30).join(', ')}, … (${allowed.length} in all)`
      : allowed.join(', ');
  return {
    path,
    isKey: true,
    message: `unknown key "${given}".${nearest ? ` Did you mean "${nearest}"?` : ''} Allowed here: ${shown}.`,
  };
}

export function wrongType(expected: string, value: unknown, path: SpecPath): SpecIssue[] {
  const hint = expected === 'a text' && typeof value !== 'object' ? ' Put it in quotes.' : '';
  return [{ path, message: `expected ${expected}, got ${describe(value)}.${hint}` }];
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `the ${typeof value === 'string' ? 'text' : typeof value} ${JSON.stringify(value)}`;
}

/** `line:column` of an issue, counted from 1; the nearest parent's when the thing itself is missing. */
export function positionOf(
  document: Document,
  lines: LineCounter,
  issue: SpecIssue,
): { line: number; col: number } | undefined {
  const offset = issue.isKey ? keyOffset(document, issue.path) : valueOffset(document, issue.path);
  return offset === undefined ? undefined : lines.linePos(offset);
}

function keyOffset(document: Document, path: SpecPath): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(
    (item) => String((item.key as { value?: unknown } | null)?.value) === String(path.at(-1)),
  );
  return (pair?.key as Node | undefined)?.range?.[0];
}

function valueOffset(document: Document, path: SpecPath): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = (length === 0 ? document.contents : document.getIn(path.slice(0, length), true)) as
      Node | null | undefined;
    if (node?.range) return node.range[0];
  }
  return undefined;
}
