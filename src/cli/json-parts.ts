// A JSON document that need not fit into one string, a part at a time.
import { PackedValues } from './packed-values.js';

const INDENT = '  ';

/** As `JSON.stringify(value, undefined, 2)` has it: each member of an object, and each item of a list that is one, by itself. */
export function* jsonParts(value: unknown, indent = ''): Generator<string> {
  const inner = indent + INDENT;
  if (Array.isArray(value) || value instanceof PackedValues) {
    let count = 0;
    for (const item of value as Iterable<unknown>) {
      yield `${count++ === 0 ? '[' : ','}\n${inner}${jsonText(item, inner) ?? 'null'}`;
    }
    yield count === 0 ? '[]' : `\n${indent}]`;
  } else if (isMembers(value)) {
    let count = 0;
    for (const [name, member] of Object.entries(value)) {
      if (JSON_HAS_NONE.has(typeof member)) continue;
      yield `${count++ === 0 ? '{' : ','}\n${inner}${JSON.stringify(name)}: `;
      yield* jsonParts(member, inner);
    }
    yield count === 0 ? '{}' : `\n${indent}}`;
  } else yield jsonText(value, indent) ?? 'null';
}

const JSON_HAS_NONE: ReadonlySet<string> = new Set(['undefined', 'function', 'symbol']);

function jsonText(value: unknown, indent: string): string | undefined {
  return (JSON.stringify(value, undefined, INDENT.length) as string | undefined)?.replaceAll(
    '\n',
    `\n${indent}`,
  );
}

function isMembers(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}
