// The columns of a CSV text: is there a header, what are they called, what are they of.
import { csvCellText, csvColumnNames, whyNotHeader } from './csv-header.js';
import { QUOTE, type CsvRecords } from './csv-records.js';
import { BIGINT, BOOLEAN, csvCellKind, csvHiveType, EMPTY, mergeCsvKinds, STRING } from './csv-types.js';
import type { FileColumn } from './file-schema.js';
import type { HiveType } from './hive-type.js';

export interface CsvColumnOptions {
  quoteSymbol?: string | undefined;
  /** Whether the first record is the header; found out when left out. */
  hasHeader?: boolean | undefined;
  /** Names in the place of the header's. */
  names?: readonly string[] | undefined;
  /** Spaces around values count. */
  areValuesTrimmed?: boolean | undefined;
  /** Types in the place of the inferred ones, by position. */
  types?: readonly HiveType[] | undefined;
}

export interface DescribedColumns {
  columns: FileColumn[];
  /** As the file spells it. */
  header: string[] | undefined;
  /** Records before the data: the header, and what stands above it. */
  skippedCount: number;
  reason: string;
}

export function describeCsvColumns(
  bytes: Buffer,
  records: CsvRecords,
  options: CsvColumnOptions,
): DescribedColumns {
  const { hasHeader, names: givenNames, areValuesTrimmed = true, quoteSymbol = '"' } = options;
  const { cells, firstCells, recordBytes } = records;
  const cellOptions = { quote: quoteSymbol.charCodeAt(0) || QUOTE, areTrimmed: areValuesTrimmed };
  const recordAt = (record: number) => {
    const kinds: number[] = [];
    const texts: string[] = [];
    for (let cell = firstCells[record]!; cell < firstCells[record + 1]!; cell += 2) {
      kinds.push(csvCellKind(bytes, cells[cell]!, cells[cell + 1]!, cellOptions));
      texts.push(csvCellText(bytes, cells[cell]!, cells[cell + 1]!, quoteSymbol));
    }
    return { kinds, texts };
  };
  const named = (columnNames: readonly string[], kinds: readonly number[]): FileColumn[] =>
    columnNames.map((name, index) => ({
      name,
      type: options.types?.[index] ?? csvHiveType(kinds[index] ?? EMPTY),
    }));

  const headerAt = hasHeader === false ? 0 : preambleLength(records);
  const first = recordAt(headerAt);
  const data = dataKinds(bytes, records, headerAt + 1, cellOptions);
  const whyNot =
    hasHeader === undefined
      ? whyNotHeader(first.texts, first.kinds, data.hasTypedValue)
      : hasHeader
        ? undefined
        : 'the classifier says so';
  if (whyNot !== undefined) {
    const opening = recordAt(0);
    const all = headerAt === 0 ? data : dataKinds(bytes, records, 1, cellOptions);
    const columnCount = Math.max(opening.texts.length, all.kinds.length);
    const kinds = Array.from({ length: columnCount }, (_, index) =>
      mergeCsvKinds(opening.kinds[index] ?? EMPTY, all.kinds[index] ?? EMPTY),
    );
    return {
      columns: named(csvColumnNames(givenNames, columnCount), kinds),
      header: undefined,
      skippedCount: 0,
      reason: `The first of ${recordBytes.length} records is no header: ${whyNot}.`,
    };
  }
  const header = first.texts;
  let columnCount = Math.max(header.length, data.kinds.length);
  const isTrailingDelimiter =
    header.at(-1) === '' && columnCount === header.length && (data.kinds[columnCount - 1] ?? EMPTY) === EMPTY;
  if (isTrailingDelimiter) {
    header.pop();
    columnCount--;
  }
  const above = headerAt === 0 ? '' : `, with ${headerAt} lines above it that belong to nothing`;
  return {
    columns: named(csvColumnNames(givenNames ?? header, columnCount), data.kinds),
    header,
    skippedCount: headerAt + 1,
    reason: hasHeader
      ? 'The first record is the header: the classifier says so.'
      : `The ${headerAt === 0 ? 'first record' : `record ${headerAt + 1}`} is the header${above}.`,
  };
}

/** More lines than this above a header are no preamble. */
const PREAMBLE_LINES_MAX = 20;

/**
 * How many records stand above the header: those that have another number of cells than the data, where the first record
 * that has as many looks like a header. Seen in one crawled table, whose five lines above the header were counted into
 * skip.header.line.count; when AWS sees such lines is a guess.
 */
export function preambleLength({ firstCells, recordBytes }: CsvRecords): number {
  const recordCount = recordBytes.length;
  const widthOf = (record: number) => (firstCells[record + 1]! - firstCells[record]!) / 2;
  const last = widthOf(recordCount - 1);
  const start = Array.from({ length: Math.min(recordCount, PREAMBLE_LINES_MAX + 1) }, (_, record) => record);
  const headerAt = start.findIndex((record) => widthOf(record) === last);
  if (headerAt <= 0 || recordCount < headerAt + 3) return 0;
  // Rows may be longer than their header, which is then the first record and no preamble; a preamble is far narrower.
  const isNarrow = start.slice(0, headerAt).every((record) => widthOf(record) * 2 <= last);
  const isEven = start.slice(headerAt).every((record) => widthOf(record) === last);
  return isNarrow && isEven ? headerAt : 0;
}

/** Kind of every column over the records from `firstRecord` on, and whether any value among them is other than text. */
function dataKinds(
  bytes: Buffer,
  { cells, firstCells, recordBytes }: CsvRecords,
  firstRecord: number,
  options: { quote: number; areTrimmed: boolean },
) {
  const kinds: number[] = [];
  let hasTypedValue = false;
  for (let record = firstRecord; record < recordBytes.length; record++) {
    const end = firstCells[record + 1]!;
    for (let cell = firstCells[record]!, column = 0; cell < end; cell += 2, column++) {
      const known = kinds[column] ?? EMPTY;
      if (known === STRING && hasTypedValue) continue;
      const kind = csvCellKind(bytes, cells[cell]!, cells[cell + 1]!, options);
      if (kind >= BIGINT && kind <= BOOLEAN) hasTypedValue = true;
      kinds[column] = mergeCsvKinds(known, kind);
    }
  }
  return { kinds, hasTypedValue };
}
