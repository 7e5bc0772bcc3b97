// How a table's files are to be read: its SerDe and what it is told.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';
import {
  delimitedFormat,
  type DelimitedFormat,
  type QuotedCsvFormat,
} from '../../tabular/delimited-format.js';
import { QueryFailure } from '../statement/query-failure.js';

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
  const delimited = delimitedFormat(table, descriptor);
  if (delimited) return delimited;
  throw new QueryFailure(
    `HIVE_UNSUPPORTED_FORMAT: tables with the SerDe '${library}' cannot be read here: Parquet, ORC, Avro, JSON and delimited text can`,
  );
}
