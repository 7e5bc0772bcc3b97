// What CTAS, INSERT and UNLOAD write: formats, their compression, and what the catalog says of them.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { formatClasses } from '../ddl/storage-format.js';
import type { PropertyValue } from '../statement/statement.js';
import { QueryFailure } from '../statement/query-failure.js';
import { tableFormat } from '../tables/table-format.js';

export interface OutputFormat {
  kind: 'parquet' | 'json' | 'text';
  /** As DuckDB spells it. */
  compression: string;
  /** Of text. */
  delimiter: string;
  nullText: string;
  /** What else COPY is told of Parquet files. */
  fieldIds?: string;
}

const HCATALOG_JSON = 'org.apache.hive.hcatalog.data.JsonSerDe';

/** By Athena's names, in upper case. AWS docs, Compression support: those that Athena writes for each format. */
const COMPRESSIONS: Readonly<Record<OutputFormat['kind'], Readonly<Record<string, string>>>> = {
  parquet: {
    GZIP: 'gzip',
    SNAPPY: 'snappy',
    ZSTD: 'zstd',
    LZ4: 'lz4',
    NONE: 'uncompressed',
    UNCOMPRESSED: 'uncompressed',
  },
  json: { GZIP: 'gzip', ZSTD: 'zstd', NONE: 'uncompressed', UNCOMPRESSED: 'uncompressed' },
  text: { GZIP: 'gzip', ZSTD: 'zstd', NONE: 'uncompressed', UNCOMPRESSED: 'uncompressed' },
};

const KINDS: Readonly<Record<string, OutputFormat['kind']>> = {
  PARQUET: 'parquet',
  JSON: 'json',
  TEXTFILE: 'text',
};

export function textProperty(properties: Record<string, PropertyValue>, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  throw new QueryFailure(`INVALID_TABLE_PROPERTY: The property '${name}' must be a text in single quotes`);
}

export function listProperty(properties: Record<string, PropertyValue>, name: string): string[] {
  const value = properties[name] ?? [];
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => String(item).toLowerCase());
}

/** @param delimiterDefault of text files when `field_delimiter` is not given */
export function outputFormat(
  properties: Record<string, PropertyValue>,
  delimiterDefault: string,
): OutputFormat {
  const name = (textProperty(properties, 'format') ?? 'PARQUET').toUpperCase();
  const kind = KINDS[name];
  if (!kind) {
    throw new QueryFailure(
      `NOT_SUPPORTED: files of the format ${name} cannot be written here; PARQUET, JSON and TEXTFILE can`,
    );
  }
  const given =
    textProperty(properties, 'write_compression') ??
    textProperty(properties, 'compression') ??
    textProperty(properties, `${name.toLowerCase()}_compression`) ??
    'GZIP';
  return {
    kind,
    compression: compressionOf(kind, given),
    delimiter: textProperty(properties, 'field_delimiter') ?? delimiterDefault,
    nullText: '\\N',
  };
}

function compressionOf(kind: OutputFormat['kind'], given: string): string {
  const known = COMPRESSIONS[kind][given.toUpperCase()];
  if (known !== undefined) return known;
  throw new QueryFailure(
    `NOT_SUPPORTED: the compression ${given} cannot be written for ${kind} files here; ${Object.keys(COMPRESSIONS[kind]).join(', ')} can`,
  );
}

/** @throws QueryFailure for a compression that Parquet has not here */
export function parquetFormat(compression: string): OutputFormat {
  return { kind: 'parquet', compression: compressionOf('parquet', compression), delimiter: '', nullText: '' };
}

/** How files are added to a table: as its SerDe reads them. */
export function formatOfTable(table: Table): OutputFormat {
  const format = tableFormat(table);
  const declared =
    table.Parameters?.write_compression ??
    table.Parameters?.['parquet.compression'] ??
    table.Parameters?.compression ??
    'GZIP';
  switch (format.kind) {
    case 'parquet':
      return parquetFormat(declared);
    case 'json':
      return { kind: 'json', compression: compressionOf('json', declared), delimiter: '', nullText: '' };
    case 'delimited':
      if (format.skipLines > 0) {
        throw new QueryFailure(
          'NOT_SUPPORTED: Inserting into Hive table with value of skip.header.line.count property greater than 1 is not supported',
        );
      }
      return {
        kind: 'text',
        compression: compressionOf('text', declared),
        delimiter: format.delimiter,
        nullText: format.nullText,
      };
    case 'avro':
    case 'orc':
    case 'quoted-csv':
      throw new QueryFailure(
        `NOT_SUPPORTED: rows cannot be inserted into tables of ${table.StorageDescriptor?.SerdeInfo?.SerializationLibrary} here`,
      );
  }
}

/** The part of a new table's descriptor that says how its files are read. */
export function descriptorOf({ kind, delimiter }: OutputFormat): StorageDescriptor {
  const classes = formatClasses(kind === 'parquet' ? 'PARQUET' : 'TEXTFILE');
  const parameters: Record<string, string> =
    kind === 'text'
      ? { 'field.delim': delimiter, 'serialization.format': delimiter }
      : { 'serialization.format': '1' };
  return {
    InputFormat: classes.inputFormat,
    OutputFormat: classes.outputFormat,
    SerdeInfo: {
      SerializationLibrary: kind === 'json' ? HCATALOG_JSON : classes.serde,
      Parameters: parameters,
    },
  };
}
