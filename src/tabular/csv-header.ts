// Is the first record of a CSV file its header, and what are its columns called?
import { EMPTY, STRING } from './csv-types.js';

/** AWS docs: a header cell has fewer characters than this; the last cell may have as many. */
const HEADER_CHARACTERS_MAX = 150;

/**
 * Why the first record is not a header, undefined when it is one. AWS docs, built-in CSV classifier: every cell is text;
 * every cell but the last is there and shorter than 150 characters; every cell can be a column name; and the
 * data differs from it by some value that is not text.
 */
export function whyNotHeader(
  cells: readonly string[],
  kinds: readonly number[],
  hasTypedValue: boolean,
): string | undefined {
  const last = cells.length - 1;
  for (const [index, cell] of cells.entries()) {
    const isEmpty = kinds[index] === EMPTY;
    if (!isEmpty && kinds[index] !== STRING) return `its cell '${cell}' is no text`;
    if (index === last) {
      if (cell.length > HEADER_CHARACTERS_MAX) return `its last cell has ${cell.length} characters`;
    } else {
      if (isEmpty) return `its cell ${index + 1} is empty`;
      if (cell.length >= HEADER_CHARACTERS_MAX) return `its cell ${index + 1} has ${cell.length} characters`;
    }
    if (/\p{Cc}/u.test(cell)) return `its cell ${index + 1} holds a control character`;
  }
  return hasTypedValue ? undefined : 'no value in the file is other than text';
}

/**
 * Column names in lower case, otherwise as the header spells them (seen in crawled tables); a column the header does not
 * name is `col` with its position, from 0. A name that stands a second time gets that name too, so that every column
 * keeps its place and its own name (assumption: no crawled table with a repeated name is known).
 */
export function csvColumnNames(header: readonly string[] | undefined, columnCount: number): string[] {
  const names = new Set<string>();
  for (let index = 0; index < columnCount; index++) {
    const name = header?.[index]?.toLowerCase() ?? '';
    let unique = name === '' || names.has(name) ? `col${index}` : name;
    while (names.has(unique)) unique += '_';
    names.add(unique);
  }
  return [...names];
}

/** The text of a cell: without the spaces around it and its quotes, doubled quotes single. */
export function csvCellText(bytes: Buffer, start: number, end: number, quote: string = '"'): string {
  const text = bytes.toString('utf8', start, end).trim();
  const isQuoted = text.length >= 2 && text.startsWith(quote) && text.endsWith(quote);
  return isQuoted
    ? text
        .slice(1, -1)
        .replaceAll(quote + quote, quote)
        .trim()
    : text;
}
