// Reads a column type of the catalog back into its structure.
import { primitive, type HiveType } from '../../tabular/hive-type.js';

/** What is not array, map or struct, or is not well-formed, comes back as a primitive of that text. */
export function parseHiveType(text: string): HiveType {
  const match = /^(array|map|struct)<(.*)>$/s.exec(text.trim());
  if (!match) return primitive(text);
  const parts = splitTopLevel(match[2] as string, ',');
  switch (match[1]) {
    case 'array':
      return parts.length === 1
        ? { kind: 'array', item: parseHiveType(parts[0] as string) }
        : primitive(text);
    case 'map':
      return parts.length === 2
        ? { kind: 'map', key: parseHiveType(parts[0] as string), value: parseHiveType(parts[1] as string) }
        : primitive(text);
    default: {
      const members = parts.map((part) => {
        const colon = part.indexOf(':');
        return { name: part.slice(0, colon).trim(), type: parseHiveType(part.slice(colon + 1).trim()) };
      });
      return members.every((member) => member.name !== '') ? { kind: 'struct', members } : primitive(text);
    }
  }
}

function splitTopLevel(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '<' || character === '(') depth++;
    else if (character === '>' || character === ')') depth--;
    else if (character === separator && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}
