// Names and strings in quotes that Hive's grammar takes off again.

/** A name in back quotes. */
export const back = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  ';': '\\;',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
};

/** A string in single quotes, escaped as Hive prints Java strings; what is neither ASCII nor printable as \uXXXX. */
export function quotedText(text: string): string {
  let escaped = '';
  for (let at = 0; at < text.length; at++) {
    const unit = text[at] as string;
    const isPrintable = unit >= ' ' && unit <= '~';
    escaped +=
      ESCAPES[unit] ??
      (isPrintable ? unit : `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
  }
  return `'${escaped}'`;
}
