// Names and values as DuckDB reads them: the only two ways in which outside text may enter a statement.

/** A quoted identifier. */
export function duckdbName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal. A NUL would end the statement, so it is spelled as a character code. */
export function duckdbText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return quoted.includes('\0') ? `(${quoted.replaceAll('\0', "' || chr(0) || '")})` : quoted;
}
