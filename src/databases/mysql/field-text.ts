// A value of MySQL as a field of PostgreSQL's COPY text format.

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
};

/** @param value as the driver gives it: text, a number that prints as it was sent, or null */
export function fieldText(value: unknown): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') throw new TypeError(`MySQL sent a ${typeof value} where text was selected.`);
  return value.replace(/[\\\t\n\r\0]/g, (character) => ESCAPES[character] as string);
}
