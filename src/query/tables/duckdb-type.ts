// Types as DESCRIBE prints them: `STRUCT(a INTEGER, "b c" VARCHAR[])`.

export type DuckdbType = { text: string } & (
  | { kind: 'scalar' }
  | { kind: 'list'; item: DuckdbType }
  | { kind: 'map'; key: DuckdbType; value: DuckdbType }
  | { kind: 'struct'; members: { name: string; type: DuckdbType }[] }
);

export function parseDuckdbType(given: string): DuckdbType {
  const text = given.trim();
  if (text.endsWith(']'))
    return { text, kind: 'list', item: parseDuckdbType(text.slice(0, text.lastIndexOf('['))) };
  const inside = /^(STRUCT|MAP)\((.*)\)$/s.exec(text);
  if (!inside)
    return { text: text.replace(/^DECIMAL\((\d+),\s*(\d+)\)$/, 'DECIMAL($1, $2)'), kind: 'scalar' };
  const parts = splitAtCommas(inside[2] as string);
  if (inside[1] === 'MAP') {
    return {
      text,
      kind: 'map',
      key: parseDuckdbType(parts[0] ?? ''),
      value: parseDuckdbType(parts[1] ?? ''),
    };
  }
  const members = parts.map((part) => {
    const match = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(part);
    const name = match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? '';
    return { name, type: parseDuckdbType(match?.[3] ?? '') };
  });
  return { text, kind: 'struct', members };
}

/** Cuts at the commas that are neither inside brackets nor inside a quoted name. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
