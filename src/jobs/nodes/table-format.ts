// A table's SerDe as a file format: how its files are read, and how files are written for it.
import type { Column as CatalogColumn, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { parseType } from '../plan/parse-type.js';
import type { FileFormat, OutputFormat } from '../plan/file-format.js';
import type { Column } from '../plan/plan.js';

const LAZY_SIMPLE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
const OPEN_CSV = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const JSON_SERDES = [
  'org.openx.data.jsonserde.JsonSerDe',
  'org.apache.hive.hcatalog.data.JsonSerDe',
  'org.apache.hadoop.hive.serde2.JsonSerDe',
];

/** Hive's own default between fields. */
const CTRL_A = '\u0001';

/** Storage descriptors that AWS Glue's own jobs give to tables which they make. */
export const STORAGE_OF_FORMAT: Record<OutputFormat['kind'], StorageDescriptor> = {
  csv: {
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    SerdeInfo: { SerializationLibrary: LAZY_SIMPLE, Parameters: { 'field.delim': ',' } },
  },
  json: {
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    SerdeInfo: { SerializationLibrary: JSON_SERDES[0] },
  },
  parquet: {
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    SerdeInfo: { SerializationLibrary: PARQUET, Parameters: { 'serialization.format': '1' } },
  },
};

/** Columns of a table or its partition keys. @throws Error naming the column whose type is not one */
export function tableColumns(columns: readonly CatalogColumn[] | undefined): Column[] {
  return (columns ?? []).map((column) => {
    const type = parseType(column.Type ?? 'string');
    if (!type)
      throw new Error(`column "${column.Name}" has the type "${column.Type}", which is not supported.`);
    return { name: column.Name ?? '', type };
  });
}

/** How the files of `table` are read. @throws Error when that is not supported */
export function readingFormat(table: Table, columns: readonly Column[]): FileFormat {
  const library = serializationLibrary(table);
  const parameters = table.StorageDescriptor?.SerdeInfo?.Parameters ?? {};
  if (library === PARQUET) return { kind: 'parquet' };
  if (JSON_SERDES.includes(library)) {
    return { kind: 'json', keys: columns.map((column) => jsonKeys(column.name, parameters)) };
  }
  const nested = columns.find((column) => column.type.kind !== 'primitive');
  if (nested) {
    throw new Error(
      `column "${nested.name}" is nested, which CSV files cannot hold; declare it as a string.`,
    );
  }
  const skipLines = headerLineCount(table, parameters);
  if (library === OPEN_CSV) {
    const delimiter = parameters.separatorChar ?? ',';
    return {
      kind: 'csv',
      delimiter,
      quote: parameters.quoteChar ?? '"',
      escape: parameters.escapeChar ?? '\\',
      skipLines,
    };
  }
  const escape = parameters['escape.delim'];
  const nullText = parameters['serialization.null.format'];
  return {
    kind: 'csv',
    delimiter: lazyDelimiter(table, parameters),
    // AWS Glue's reader takes quotes off although the SerDe itself would not.
    quote: parameters.quoteChar ?? '"',
    skipLines,
    ...(escape !== undefined && { escape }),
    ...(nullText !== undefined && { nullText }),
  };
}

/** How files are written so that the table's SerDe reads them back. @throws Error when that is not supported */
export function writingFormat(table: Table): OutputFormat {
  const library = serializationLibrary(table);
  const parameters = table.StorageDescriptor?.SerdeInfo?.Parameters ?? {};
  const declared = table.Parameters?.compressionType ?? table.Parameters?.compression ?? 'none';
  if (library === PARQUET) {
    return { kind: 'parquet', compression: declared === 'gzip' ? 'gzip' : 'snappy' };
  }
  const compression = declared === 'gzip' ? 'gzip' : 'none';
  if (JSON_SERDES.includes(library)) return { kind: 'json', compression };
  const isOpenCsv = library === OPEN_CSV;
  const lineCount = headerLineCount(table, parameters);
  if (lineCount > 1) throw new Error(`it skips ${lineCount} header lines; at most one can be written.`);
  return {
    kind: 'csv',
    delimiter: isOpenCsv ? (parameters.separatorChar ?? ',') : lazyDelimiter(table, parameters),
    quote: parameters.quoteChar ?? '"',
    quotesAllText: isOpenCsv || table.Parameters?.areColumnsQuoted === 'true',
    hasHeader: lineCount === 1,
    compression,
  };
}

function serializationLibrary(table: Table): string {
  const library = table.StorageDescriptor?.SerdeInfo?.SerializationLibrary ?? '';
  const known = [LAZY_SIMPLE, OPEN_CSV, PARQUET, ...JSON_SERDES];
  if (known.includes(library)) return library;
  throw new Error(`its SerDe "${library}" is not supported; these are: ${known.join(', ')}.`);
}

function headerLineCount(table: Table, serde: Record<string, string>): number {
  const text = table.Parameters?.['skip.header.line.count'] ?? serde['skip.header.line.count'] ?? '0';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

function lazyDelimiter(table: Table, parameters: Record<string, string>): string {
  const text = parameters['field.delim'] ?? parameters['serialization.format'] ?? table.Parameters?.delimiter;
  if (text === undefined || text === '1') return CTRL_A;
  return text === '\\t' ? '\t' : text;
}

/**
 * `paths` is where a crawler keeps the keys' own spelling, `mapping.x` the SerDe's way to name one. Without either the
 * column's name stands for every spelling.
 */
function jsonKeys(column: string, parameters: Record<string, string>): string[] {
  const mapped = parameters[`mapping.${column}`];
  if (mapped !== undefined) return [mapped];
  const spelled = (parameters.paths ?? '')
    .split(',')
    .filter((path) => path.toLowerCase() === column.toLowerCase());
  return spelled.length > 0 ? spelled : [column];
}
