// SQL text in parts: code, placeholders that stand in code, and what is quoted or a comment, where nothing is filled in.

export type SqlPart =
  { kind: 'code' | 'quoted' | 'comment'; text: string } | { kind: 'placeholder'; name: string };

/** Literals and quoted names, with their own quote doubled or, in Hive, after a backslash; comments; placeholders. */
const PART =
  /(?<quoted>'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"|`(?:[^`]|``)*`)|(?<comment>--[^\n]*|\/\*.*?\*\/)|\$\{(?<name>[^}]*)\}/gs;

/** Parts that make the text when joined, placeholders aside. A quote that is not closed is left in code. */
export function splitSql(sql: string): SqlPart[] {
  const parts: SqlPart[] = [];
  let from = 0;
  for (const { index, 0: text, groups } of sql.matchAll(PART)) {
    if (index > from) parts.push({ kind: 'code', text: sql.slice(from, index) });
    from = index + text.length;
    if (groups?.['name'] !== undefined) parts.push({ kind: 'placeholder', name: groups['name'] });
    else parts.push({ kind: groups?.['comment'] === undefined ? 'quoted' : 'comment', text });
  }
  if (from < sql.length) parts.push({ kind: 'code', text: sql.slice(from) });
  return parts;
}
