// Classifier of delimited text: delimiter, header, column names and types.
import type { Classifier } from './classifier.js';
import { findCsvDialect } from './csv-dialect.js';
import { csvCellText, csvColumnNames, whyNotHeader } from './csv-header.js';
import type { CsvRecords } from './csv-records.js';
import { BIGINT, BOOLEAN, csvCellKind, csvHiveType, EMPTY, mergeCsvKinds, STRING } from './csv-types.js';
import { SAMPLE_RECORDS_MAX } from './file-head.js';
import type { FileColumn } from './file-schema.js';
import { textCounts } from './text-counts.js';
import { isBinary, textFormat, textStart } from './text-format.js';

const LAZY_SIMPLE_SERDE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';

/** Lines whose lengths make averageRecordSize (seen in crawled tables). */
const AVERAGED_RECORDS = 3;

export const csvClassifier: Classifier = {
  classification: 'csv',
  classify(head) {
    const text = head.text();
    const { bytes, isWhole } = text;
    if (isBinary(bytes)) return { notBecause: 'it holds zero bytes, so it is no text' };
    const start = textStart(bytes);
    if (looksLikeJson(bytes, start)) return { notBecause: 'it begins like JSON' };
    const dialect = findCsvDialect(bytes, start, isWhole, SAMPLE_RECORDS_MAX);
    if (!dialect) return { notBecause: 'no delimiter cuts it into at least two columns and two rows' };

    const { delimiter, records } = dialect;
    const { columns, header, reason } = describeColumns(bytes, records);
    return {
      classification: 'csv',
      compressionType: head.compressionType,
      columns,
      ...textCounts(head, text, averageRecordSize(records)),
      format: textFormat(LAZY_SIMPLE_SERDE),
      serdeParameters: { 'field.delim': delimiter },
      formatParameters: {
        // Crawled tables of quoted files have "false" all the same, except where records go over several lines.
        areColumnsQuoted: String(records.hasQuotedNewlines),
        columnsOrdered: 'true',
        delimiter,
        ...(header ? { 'skip.header.line.count': '1' } : {}),
        ...(records.hasComments ? { commentCharacter: '#' } : {}),
      },
      compatibilityKey: `csv|${head.compressionType}|${delimiter}`,
      sourceNames: header ?? columns.map((column) => column.name),
      reasons: [
        `${columns.length} columns cut by ${JSON.stringify(delimiter)}, from ${records.recordBytes.length} records.`,
        reason,
      ],
    };
  },
};

/** CSV hardly starts like this, and broken JSON would make columns of its commas. */
function looksLikeJson(bytes: Buffer, start: number): boolean {
  return /^\s*(\{\s*["}]|\[\s*[[{])/.test(
    bytes.toString('latin1', start, Math.min(bytes.length, start + 64)),
  );
}

/** Bytes, at least 1; fewer than three records make the average of those there are (assumption). */
function averageRecordSize({ recordBytes }: CsvRecords): number {
  const averaged = recordBytes.slice(0, AVERAGED_RECORDS);
  return Math.max(1, Math.floor(averaged.reduce((sum, size) => sum + size, 0) / averaged.length));
}

interface DescribedColumns {
  columns: FileColumn[];
  /** As the file spells it. */
  header: string[] | undefined;
  reason: string;
}

function describeColumns(bytes: Buffer, records: CsvRecords): DescribedColumns {
  const { cells, firstCells, recordBytes } = records;
  const data = dataKinds(bytes, records);
  const firstKinds: number[] = [];
  const firstTexts: string[] = [];
  for (let cell = 0; cell < firstCells[1]!; cell += 2) {
    firstKinds.push(csvCellKind(bytes, cells[cell]!, cells[cell + 1]!));
    firstTexts.push(csvCellText(bytes, cells[cell]!, cells[cell + 1]!));
  }
  const whyNot = whyNotHeader(firstTexts, firstKinds, data.hasTypedValue);
  const columnCount = Math.max(firstTexts.length, data.kinds.length);

  if (whyNot !== undefined) {
    const kinds = Array.from({ length: columnCount }, (_, index) =>
      mergeCsvKinds(firstKinds[index] ?? EMPTY, data.kinds[index] ?? EMPTY),
    );
    return {
      columns: namedColumns(csvColumnNames(undefined, columnCount), kinds),
      header: undefined,
      reason: `The first of ${recordBytes.length} records is no header: ${whyNot}.`,
    };
  }
  const header = firstTexts;
  const isTrailingDelimiter =
    header.at(-1) === '' && columnCount === header.length && (data.kinds[columnCount - 1] ?? EMPTY) === EMPTY;
  if (isTrailingDelimiter) header.pop();
  const names = csvColumnNames(header, isTrailingDelimiter ? columnCount - 1 : columnCount);
  return { columns: namedColumns(names, data.kinds), header, reason: 'The first record is the header.' };
}

function namedColumns(names: readonly string[], kinds: readonly number[]): FileColumn[] {
  return names.map((name, index) => ({ name, type: csvHiveType(kinds[index] ?? EMPTY) }));
}

/** Kind of every column over the records behind the first, and whether any value among them is other than text. */
function dataKinds(bytes: Buffer, { cells, firstCells, recordBytes }: CsvRecords) {
  const kinds: number[] = [];
  let hasTypedValue = false;
  for (let record = 1; record < recordBytes.length; record++) {
    const end = firstCells[record + 1]!;
    for (let cell = firstCells[record]!, column = 0; cell < end; cell += 2, column++) {
      const known = kinds[column] ?? EMPTY;
      if (known === STRING && hasTypedValue) continue;
      const kind = csvCellKind(bytes, cells[cell]!, cells[cell + 1]!);
      if (kind >= BIGINT && kind <= BOOLEAN) hasTypedValue = true;
      kinds[column] = mergeCsvKinds(known, kind);
    }
  }
  return { kinds, hasTypedValue };
}
