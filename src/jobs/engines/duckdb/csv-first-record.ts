// The fields of a CSV file's first record, as its header names them.
import { withFileHead } from '../../../tabular/file-head.js';
import type { CsvFormat } from '../../plan/file-format.js';

const BYTE_ORDER_MARK = /^\uFEFF/;

/** Undefined when the file has no record. A record that is longer than what a crawler samples ends there. */
export function csvFirstRecord(
  file: { path: string; key: string; size: number },
  format: CsvFormat,
): string[] | undefined {
  const text = withFileHead(file, (head) => head.text().bytes.toString('utf8')).replace(BYTE_ORDER_MARK, '');
  let start = 0;
  for (let line = 0; line < format.skipLines; line++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return undefined;
    start = end + 1;
  }
  return start >= text.length ? undefined : fieldsAt(text, start, format);
}

function fieldsAt(text: string, start: number, format: CsvFormat): string[] {
  const { delimiter, quote, escape = quote } = format;
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string;
    const next = text[at + 1];
    if (isQuoted && character === escape && next === quote) {
      field += quote;
      at += 1;
    } else if (character === quote && (isQuoted || field === '')) isQuoted = !isQuoted;
    else if (isQuoted) field += character;
    else if (character === delimiter) {
      fields.push(field);
      field = '';
    } else if (character === '\n' || character === '\r') break;
    else field += character;
  }
  return [...fields, field];
}
