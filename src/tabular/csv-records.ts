// Cuts the start of a CSV text into records and cells, without copying: cells are offsets into the bytes.

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
export const QUOTE = 0x22;
const HASH = 0x23;

/** A quote that is not closed within this many bytes is taken as an ordinary character, and so are all after it. */
const QUOTED_CELL_BYTES_MAX = 262_144;

export interface CsvRecords {
  /** Start and end of every cell, two numbers each, with the quotes. */
  cells: number[];
  /** For every record the index of its first cell in `cells`, then one past the last record's. */
  firstCells: number[];
  /** Bytes of every record without its line terminator. */
  recordBytes: number[];
  /** A line starts with `#`. */
  hasComments: boolean;
  /** A quoted cell goes over several lines. */
  hasQuotedNewlines: boolean;
}

/**
 * The first `recordMax` records of `bytes` from `start` on. Empty lines and lines that start with `#` are no records. A
 * last record without a line terminator counts only if `isWhole`: otherwise it may be cut. `quote` is the byte that
 * encloses cells.
 */
export function splitCsvRecords(
  bytes: Buffer,
  start: number,
  delimiter: number,
  isWhole: boolean,
  recordMax: number,
  quote: number = QUOTE,
): CsvRecords {
  const cells: number[] = [];
  const firstCells: number[] = [];
  const recordBytes: number[] = [];
  const length = bytes.length;
  let hasComments = false;
  let hasQuotedNewlines = false;
  let areQuotesOrdinary = false;
  let position = start;

  /** Offset of the quote that closes the cell opened at `open`; -1 when there is none near. */
  const closingQuote = (open: number): number => {
    const limit = Math.min(length, open + QUOTED_CELL_BYTES_MAX);
    for (let at = open + 1; at < limit; at++) {
      const byte = bytes[at];
      if (byte === quote) {
        if (bytes[at + 1] !== quote) return at;
        at++;
      }
    }
    return -1;
  };

  const lookIntoQuotes = (from: number, to: number) => {
    for (let at = bytes.indexOf(LF, from); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) {
      hasQuotedNewlines = true;
      if (bytes[at + 1] === HASH) hasComments = true;
    }
  };

  while (position < length && recordBytes.length < recordMax) {
    const first = bytes[position];
    if (first === LF || (first === CR && bytes[position + 1] === LF)) {
      position += first === LF ? 1 : 2;
      continue;
    }
    if (first === HASH) {
      hasComments = true;
      const end = bytes.indexOf(LF, position);
      position = end < 0 ? length : end + 1;
      continue;
    }

    const recordStart = position;
    const firstCell = cells.length;
    let recordEnd = -1;
    while (recordEnd < 0) {
      const cellStart = position;
      if (!areQuotesOrdinary) {
        let open = position;
        while (bytes[open] === SPACE || (bytes[open] === TAB && delimiter !== TAB)) open++;
        if (bytes[open] === quote) {
          const close = closingQuote(open);
          if (close >= 0) {
            lookIntoQuotes(open, close);
            position = close + 1;
          } else if (isWhole || length - open > QUOTED_CELL_BYTES_MAX) {
            areQuotesOrdinary = true;
          } else {
            position = length;
          }
        }
      }
      let byte: number | undefined;
      while ((byte = bytes[position]) !== delimiter && byte !== LF && byte !== undefined) position++;
      let cellEnd = position;
      if (byte !== delimiter) {
        if (byte === LF && cellEnd > cellStart && bytes[cellEnd - 1] === CR) cellEnd--;
        recordEnd = cellEnd;
      }
      cells.push(cellStart, cellEnd);
      position++;
    }

    const isTerminated = position <= length;
    if (!isTerminated && !isWhole) {
      cells.length = firstCell;
      break;
    }
    firstCells.push(firstCell);
    recordBytes.push(recordEnd - recordStart);
  }
  firstCells.push(cells.length);
  return { cells, firstCells, recordBytes, hasComments, hasQuotedNewlines };
}
