// Statements that write a relation to files.
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import type { OutputFormat } from '../../plan/file-format.js';
import type { Column, Relation, Write } from '../../plan/plan.js';
import { castSql } from './cast-sql.js';
import { primitive, formatHiveType } from '../../../tabular/hive-type.js';
import { textFileSql } from './expression-sql.js';
import { relationSql } from './relation-sql.js';
import type { ScanSetting } from './scan-sql.js';

/**
 * Distinct values with which a column of a row group (122,880 rows) still gets a dictionary: a tenth. DuckDB's own limit is a
 * fifth, up to which it collects the values of a column that has too many in vain, which takes a fifth of the time of writing.
 */
const DICTIONARY_VALUES_MAX = 12_288;

export interface CopySource {
  relation: Relation;
  setting: ScanSetting;
  /** Every nth row only, counted from `remainder`. */
  share?: { remainder: number; of: number };
}

/** Writes all columns but the partition columns to one file. */
export function copySql(source: CopySource, write: Write, path: string): string {
  const list = dataList(source.relation.columns, write).join(', ');
  return copy(source, write, list, path, []);
}

/** Writes a folder of files below `path`, in folders whose names partitionsIn() reads. */
export function partitionedCopySql(source: CopySource, write: Write, path: string): string {
  const { columns } = source.relation;
  const keys = write.partitionColumns.map((index, position) => {
    const text = castSql(`c${index}`, (columns[index] as Column).type, primitive('string'));
    // Hive has no folder for an empty text.
    return `nullif(${text}, '') AS ${partitionName(columns, position)}`;
  });
  const list = [...dataList(columns, write), ...keys].join(', ');
  const names = write.partitionColumns.map((_, position) => partitionName(columns, position));
  return copy(source, write, list, path, [`PARTITION_BY (${names.join(', ')})`]);
}

/** A name that none of the data's columns has. */
function partitionName(columns: readonly Column[], position: number): string {
  let name = `partition ${position}`;
  while (columns.some((column) => column.name.toLowerCase() === name)) name += ' ';
  return duckdbName(name);
}

/** The values of a file. JSON is one text a row: DuckDB's own JSON writer is the same, but cannot make partitions. */
function dataList(columns: readonly Column[], write: Write): string[] {
  const { kind } = write.format;
  const data = columns.flatMap((column, index) => {
    if (write.partitionColumns.includes(index)) return [];
    const value = kind === 'parquet' ? `c${index}` : textFileSql(`c${index}`, column.type, kind === 'json');
    return [{ name: duckdbName(column.name), value }];
  });
  if (kind !== 'json') return data.map(({ name, value }) => `${value} AS ${name}`);
  const members = data.map(({ name, value }) => `${name} := ${value}`);
  return [`to_json(struct_pack(${members.join(', ')})) AS json`];
}

function copy(source: CopySource, write: Write, list: string, path: string, more: string[]): string {
  const options = [...formatOptions(source.relation.columns, write), ...more].join(', ');
  return `COPY (${querySql(source, list)}) TO ${duckdbText(path)} (${options})`;
}

function querySql({ relation, setting, share }: CopySource, list: string): string {
  if (!share) return relationSql(relation, setting, list);
  const numbered = relationSql(relation, setting, '*, row_number() OVER () AS number');
  return `SELECT ${list} FROM (${numbered}) WHERE number % ${share.of} = ${share.remainder}`;
}

function formatOptions(columns: readonly Column[], write: Write): string[] {
  const format: OutputFormat = write.format;
  switch (format.kind) {
    case 'parquet':
      return [
        'FORMAT parquet',
        `COMPRESSION ${format.compression}`,
        `DICTIONARY_SIZE_LIMIT ${DICTIONARY_VALUES_MAX}`,
      ];
    case 'json':
      return [
        'FORMAT csv',
        `COMPRESSION ${textCompression(format)}`,
        'HEADER false',
        `DELIMITER ${duckdbText('\n')}`,
        `QUOTE ''`,
        `ESCAPE ''`,
      ];
    case 'csv': {
      const texts = columns.filter(
        (column, index) => !write.partitionColumns.includes(index) && isText(column),
      );
      const quoted = texts.map((column) => duckdbName(column.name)).join(', ');
      return [
        'FORMAT csv',
        `COMPRESSION ${textCompression(format)}`,
        `HEADER ${format.hasHeader}`,
        `DELIMITER ${duckdbText(format.delimiter)}`,
        `QUOTE ${duckdbText(format.quote)}`,
        `ESCAPE ${duckdbText(format.quote)}`,
        ...(format.quotesAllText && texts.length > 0 ? [`FORCE_QUOTE (${quoted})`] : []),
      ];
    }
  }
}

function textCompression({ compression }: { compression: 'none' | 'gzip' }): string {
  return compression === 'none' ? 'uncompressed' : compression;
}

function isText({ type }: Column): boolean {
  return type.kind !== 'primitive' || /^(string|binary)$/.test(formatHiveType(type));
}
