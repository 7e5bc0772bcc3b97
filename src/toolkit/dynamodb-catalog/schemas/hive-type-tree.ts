// A column's type in Hive's spelling, taken apart.

export type HiveTypeTree =
  | { kind: 'primitive'; name: string }
  | { kind: 'array'; item: HiveTypeTree }
  | { kind: 'map'; value: HiveTypeTree }
  | { kind: 'struct'; members: { name: string; type: HiveTypeTree }[] };

/** What cannot be read as a type is a primitive of that name. */
export function parseHiveTypeTree(text: string): HiveTypeTree {
  const [, outer = '', inner = ''] = /^\s*(array|map|struct)\s*<(.*)>\s*$/s.exec(text) ?? [];
  switch (outer) {
    case 'array':
      return { kind: 'array', item: parseHiveTypeTree(inner) };
    case 'map':
      return { kind: 'map', value: parseHiveTypeTree(split(inner).slice(1).join(',') || 'string') };
    case 'struct':
      return {
        kind: 'struct',
        members: split(inner).map((member) => {
          const colon = member.indexOf(':');
          return { name: member.slice(0, colon).trim(), type: parseHiveTypeTree(member.slice(colon + 1)) };
        }),
      };
    default:
      return { kind: 'primitive', name: text.trim().toLowerCase() };
  }
}

/** At commas that are in no brackets. */
function split(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '<' || character === '(') depth++;
    else if (character === '>' || character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
