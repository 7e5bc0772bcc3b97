// Classifier of delimited text: delimiter, header, column names and types.
import type { Classifier } from './classifier.js';
import { describeCsvColumns, type CsvColumnOptions } from './csv-columns.js';
import { findCsvDialect } from './csv-dialect.js';
import { QUOTE, type CsvRecords } from './csv-records.js';
import { SAMPLE_RECORDS_MAX } from './file-head.js';
import { textCounts } from './text-counts.js';
import { isBinary, textFormat, textStart } from './text-format.js';

const LAZY_SIMPLE_SERDE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
const OPEN_CSV_SERDE = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';

/** Lines whose lengths make averageRecordSize (seen in crawled tables). */
const AVERAGED_RECORDS = 3;

/** What a custom classifier may settle. AWS docs: CsvClassifier. */
export interface CsvOptions extends CsvColumnOptions {
  delimiter?: string | undefined;
  quoteSymbol?: string | undefined;
  allowsSingleColumn?: boolean | undefined;
  serde?: 'OpenCSVSerDe' | 'LazySimpleSerDe' | undefined;
}

/** AWS's built-in classifier of CSV without options, a custom one with them. */
export function csvClassifierOf(options: CsvOptions = {}): Classifier {
  const { delimiter: wanted, quoteSymbol, serde, allowsSingleColumn = false } = options;
  const dialectOptions = {
    ...(wanted === undefined ? {} : { delimiters: [wanted] }),
    quote: quoteSymbol?.charCodeAt(0) ?? QUOTE,
    columnCountMin: allowsSingleColumn ? 1 : 2,
  };
  // Seen in one table of a quoted CSV; that a quote symbol alone leads to it is a guess.
  const isOpenCsv = serde === 'OpenCSVSerDe' || (serde === undefined && quoteSymbol !== undefined);
  return {
    classification: 'csv',
    classify(head) {
      const text = head.text();
      const { bytes, isWhole } = text;
      if (isBinary(bytes)) return { notBecause: 'it holds zero bytes, so it is no text' };
      const start = textStart(bytes);
      if (wanted === undefined && looksLikeJson(bytes, start)) return { notBecause: 'it begins like JSON' };
      const dialect = findCsvDialect(bytes, start, isWhole, SAMPLE_RECORDS_MAX, dialectOptions);
      if (!dialect) {
        const cutter = wanted === undefined ? 'no delimiter cuts' : `${JSON.stringify(wanted)} does not cut`;
        const least = allowsSingleColumn ? 'one column' : 'two columns';
        return { notBecause: `${cutter} it into at least ${least} and two rows` };
      }
      const { delimiter, records } = dialect;
      const { columns, header, skippedCount, reason } = describeCsvColumns(bytes, records, options);
      const serdeParameters: Record<string, string> = isOpenCsv
        ? { quoteChar: quoteSymbol ?? '"', separatorChar: delimiter }
        : { 'field.delim': delimiter };
      return {
        classification: 'csv',
        compressionType: head.compressionType,
        columns,
        ...textCounts(head, text, averageRecordSize(records)),
        format: textFormat(isOpenCsv ? OPEN_CSV_SERDE : LAZY_SIMPLE_SERDE),
        serdeParameters,
        formatParameters: {
          // Crawled tables of quoted files have "false" all the same, except where records go over several lines.
          areColumnsQuoted: String(isOpenCsv || records.hasQuotedNewlines),
          columnsOrdered: 'true',
          delimiter,
          ...(skippedCount > 0 ? { 'skip.header.line.count': String(skippedCount) } : {}),
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
}

export const csvClassifier = csvClassifierOf();

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
