// Which character separates the cells of a text, if any does.
import { splitCsvRecords, type CsvRecords } from './csv-records.js';

/** AWS docs, built-in CSV classifier: comma, pipe, tab, semicolon, Ctrl-A; the earlier one wins a tie (assumption). */
export const CSV_DELIMITERS = [',', '|', '\t', ';', '\u0001'] as const;

/** Share of the records that must agree on the number of cells. An assumption: AWS documents only "two columns, two rows". */
const AGREEING_SHARE_MIN = 0.5;

export interface DialectOptions {
  delimiters?: readonly string[];
  /** The byte that encloses cells. */
  quote: number;
  columnCountMin: number;
}

export interface CsvDialect {
  delimiter: string;
  records: CsvRecords;
}

/**
 * The delimiter by which the largest share of records has one and the same number of cells, at least two, and the
 * records cut by it; undefined when none does that for half of at least two records.
 */
export function findCsvDialect(
  bytes: Buffer,
  start: number,
  isWhole: boolean,
  recordMax: number,
  { delimiters = CSV_DELIMITERS, quote, columnCountMin }: DialectOptions,
): CsvDialect | undefined {
  let best: CsvDialect | undefined;
  let bestShare = 0;
  for (const delimiter of delimiters) {
    const code = delimiter.charCodeAt(0);
    if (columnCountMin > 1 && !bytes.includes(code)) continue;
    const records = splitCsvRecords(bytes, start, code, isWhole, recordMax, quote);
    const share = agreeingShare(records, columnCountMin);
    if (share > bestShare) {
      best = { delimiter, records };
      bestShare = share;
    }
    if (share === 1) break;
  }
  return bestShare >= AGREEING_SHARE_MIN ? best : undefined;
}

/** Share of the records that have the commonest number of cells; 0 when that is less than `columnCountMin` or there are fewer than two records. */
function agreeingShare({ firstCells, recordBytes }: CsvRecords, columnCountMin: number): number {
  const recordCount = recordBytes.length;
  if (recordCount < 2) return 0;
  const recordsOfWidth = new Map<number, number>();
  let commonest = 0;
  let commonestWidth = 0;
  for (let record = 0; record < recordCount; record++) {
    const width = (firstCells[record + 1]! - firstCells[record]!) / 2;
    const count = (recordsOfWidth.get(width) ?? 0) + 1;
    recordsOfWidth.set(width, count);
    if (count > commonest || (count === commonest && width > commonestWidth)) {
      commonest = count;
      commonestWidth = width;
    }
  }
  return commonestWidth >= columnCountMin ? commonest / recordCount : 0;
}
