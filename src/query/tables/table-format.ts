// How a table's files are to be read: its SerDe and what it is told.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { QueryFailure } from '../statement/query-failure.js';

export interface DelimitedFormat {
  kind: 'delimited';
  delimiter: string;
  escape?: string;
  collectionDelimiter: string;
  mapKeyDelimiter: string;
  nullText: string;
  skipLines: number;
}

export interface QuotedCsvFormat {
  kind: 'quoted-csv';
  delimiter: string;
  quote: string;
  escape: string;
  skipLines: number;
}

export interface JsonFormat {
  kind: 'json';
  /** Keys by column, where they are not the column's name. */
  mapping: Readonly<Record<string, string>>;
  isCaseSensitive: boolean;
  /** Whether a line that is no JSON is a row of nulls. */
  ignoresMalformed: boolean;
}

export interface OrcFormat {
  kind: 'orc';
  /** Whether columns are those at their places in the files, whatever they are called there. */
  isByPlace: boolean;
}

export type TableFormat =
  DelimitedFormat | QuotedCsvFormat | JsonFormat | OrcFormat | { kind: 'parquet' | 'avro' };

const DELIMITED = new Set([
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
  'org.apache.hadoop.hive.serde2.MetadataTypedColumnsetSerDe',
]);
const QUOTED_CSV = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
const OPENX_JSON = 'org.openx.data.jsonserde.JsonSerDe';
const JSON_SERDES = new Set([
  OPENX_JSON,
  'org.apache.hive.hcatalog.data.JsonSerDe',
  'org.apache.hadoop.hive.serde2.JsonSerDe',
]);
const AVRO = 'org.apache.hadoop.hive.serde2.avro.AvroSerDe';
const ORC = 'org.apache.hadoop.hive.ql.io.orc.OrcSerde';
export const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const PARQUET = new Set([PARQUET_SERDE, 'parquet.hive.serde.ParquetHiveSerDe']);

/** @throws QueryFailure naming the SerDe that cannot be read */
export function tableFormat(
  table: Table,
  descriptor: StorageDescriptor = table.StorageDescriptor ?? {},
): TableFormat {
  const library = descriptor.SerdeInfo?.SerializationLibrary ?? '';
  const parameters = descriptor.SerdeInfo?.Parameters ?? {};
  const skipLines = skippedLines(table, parameters);
  if (PARQUET.has(library)) return { kind: 'parquet' };
  if (library === AVRO) return { kind: 'avro' };
  // AWS docs, "Handling schema updates": ORC is read by index unless the SerDe is told otherwise.
  if (library === ORC) {
    return { kind: 'orc', isByPlace: parameters['orc.column.index.access']?.toLowerCase() !== 'false' };
  }
  if (JSON_SERDES.has(library)) {
    const mapping = Object.entries(parameters).flatMap(([name, key]) =>
      name.startsWith('mapping.') ? [[name.slice('mapping.'.length).toLowerCase(), key]] : [],
    );
    return {
      kind: 'json',
      mapping: Object.fromEntries(mapping) as Record<string, string>,
      isCaseSensitive: parameters['case.insensitive']?.toLowerCase() === 'false',
      ignoresMalformed: parameters['ignore.malformed.json']?.toLowerCase() === 'true',
    };
  }
  if (library === QUOTED_CSV) {
    return {
      kind: 'quoted-csv',
      delimiter: parameters.separatorChar ?? ',',
      quote: parameters.quoteChar ?? '"',
      escape: parameters.escapeChar ?? '\\',
      skipLines,
    };
  }
  if (DELIMITED.has(library)) {
    const escape = parameters['escape.delim'];
    return {
      kind: 'delimited',
      delimiter: character(parameters['field.delim'] ?? parameters['serialization.format'], '\u0001'),
      // Hive's own spelling of the parameter lacks a letter.
      collectionDelimiter: character(
        parameters['colelction.delim'] ?? parameters['collection.delim'],
        '\u0002',
      ),
      mapKeyDelimiter: character(parameters['mapkey.delim'], '\u0003'),
      nullText: parameters['serialization.null.format'] ?? '\\N',
      skipLines,
      ...(escape !== undefined && { escape: character(escape, '\\') }),
    };
  }
  throw new QueryFailure(
    `HIVE_UNSUPPORTED_FORMAT: tables with the SerDe '${library}' cannot be read here: Parquet, ORC, Avro, JSON and delimited text can`,
  );
}

function skippedLines(table: Table, parameters: Record<string, string>): number {
  const text = table.Parameters?.['skip.header.line.count'] ?? parameters['skip.header.line.count'] ?? '0';
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/** A delimiter is the character, its escape, or its code: `,`, `\t`, `1`. */
function character(text: string | undefined, otherwise: string): string {
  if (text === undefined || text === '') return otherwise;
  if (text === '\\t') return '\t';
  return /^\d+$/.test(text) && Number(text) < 128 ? String.fromCharCode(Number(text)) : text;
}
