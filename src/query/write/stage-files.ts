// Writes a query's rows to files that nobody sees before all of them are complete.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { Duckdb } from '../../tabular/duckdb.js';
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import { valueText } from '../results/value-text.js';
import { duckdbTypeOf, isNumeric, isSimple, isText, type TrinoType } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { OutputFormat } from './output-format.js';
import { DEFAULT_PARTITION } from './written-partitions.js';

export interface OutputColumn {
  name: string;
  type: TrinoType;
  /** Its value in the query called `q`. */
  sql: string;
}

export interface StagedFile {
  path: string;
  /** Values of the partition keys, null for Hive's default partition. */
  values: (string | null)[];
}

/** AWS docs: a query writes to at most so many partitions. */
const PARTITIONS_MAX = 100;

/**
 * @param from `WITH ... SELECT ...` of the rows, as a subquery called `q`
 * @throws QueryFailure for more than 100 partitions, DuckdbError
 */
export async function stageFiles(
  from: { withClause: string; sql: string },
  columns: readonly OutputColumn[],
  keys: readonly OutputColumn[],
  format: OutputFormat,
  { duckdb, storage, signal }: { duckdb: Duckdb; storage: ObjectStorage; signal: AbortSignal },
  leftovers: string[],
): Promise<{ files: StagedFile[]; rowCount: number }> {
  const path = storage.temporaryPath();
  leftovers.push(path);
  const keyList = keys.map(({ sql, type }, index) => `nullif(${valueText(sql, type)}, '') AS k${index}`);
  const list = [...dataList(columns, format), ...keyList].join(', ');
  const partitions =
    keys.length > 0 ? [`PARTITION_BY (${keys.map((_, index) => `k${index}`).join(', ')})`] : [];
  const options = [...formatOptions(format), ...partitions].join(', ');
  const rowCount = await duckdb.run(
    `COPY (${from.withClause}SELECT ${list} FROM (${from.sql}) AS q) TO ${duckdbText(path)} (${options})`,
    signal,
  );
  if (rowCount === 0) return { files: [], rowCount };
  const files = keys.length > 0 ? partitionFiles(path) : [{ path, values: [] }];
  if (new Set(files.map(({ values }) => JSON.stringify(values))).size > PARTITIONS_MAX) {
    throw new QueryFailure(
      `HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of ${PARTITIONS_MAX} open writers for partitions/buckets`,
    );
  }
  return { files, rowCount };
}

function dataList(columns: readonly OutputColumn[], format: OutputFormat): string[] {
  switch (format.kind) {
    case 'parquet':
      return columns.map(
        ({ name, type, sql }) => `CAST(${sql} AS ${duckdbTypeOf(type)}) AS ${duckdbName(name)}`,
      );
    case 'json': {
      const members = columns.map(({ name, type, sql }) => `${duckdbName(name)} := ${jsonValue(sql, type)}`);
      return [`to_json(struct_pack(${members.join(', ')})) AS json`];
    }
    case 'text':
      return columns.map(({ name, type, sql }) => {
        if (type.kind === 'array' || type.kind === 'map' || type.kind === 'row') {
          throw new QueryFailure(
            `NOT_SUPPORTED: the column ${name} is nested, which cannot be written as TEXTFILE here`,
          );
        }
        return `${isSimple(type, 'varbinary') ? `to_base64(${sql})` : valueText(sql, type)} AS ${duckdbName(name)}`;
      });
  }
}

/** What JSON has, as it is; the rest as the text that Athena shows. */
function jsonValue(sql: string, type: TrinoType): string {
  if (isText(type) || isSimple(type, 'boolean') || (isNumeric(type) && type.kind !== 'decimal')) return sql;
  if (type.kind === 'decimal' || type.kind === 'array' || type.kind === 'map' || type.kind === 'row')
    return sql;
  return isSimple(type, 'varbinary') ? `to_base64(${sql})` : valueText(sql, type);
}

function formatOptions({ kind, compression, delimiter, nullText, fieldIds }: OutputFormat): string[] {
  switch (kind) {
    case 'parquet':
      return ['FORMAT parquet', `COMPRESSION ${compression}`, ...(fieldIds === undefined ? [] : [fieldIds])];
    case 'json':
      // Each row is one text: DuckDB's own JSON writer cannot make partitions.
      return [
        'FORMAT csv',
        `COMPRESSION ${compression}`,
        'HEADER false',
        `DELIMITER ${duckdbText('\n')}`,
        `QUOTE ''`,
        `ESCAPE ''`,
      ];
    case 'text':
      return [
        'FORMAT csv',
        `COMPRESSION ${compression}`,
        'HEADER false',
        `DELIMITER ${duckdbText(delimiter)}`,
        `QUOTE ''`,
        `ESCAPE ''`,
        `NULLSTR ${duckdbText(nullText)}`,
      ];
  }
}

/** Files below DuckDB's folders, whose names are URI-encoded. */
function partitionFiles(root: string): StagedFile[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const values = relative(root, entry.parentPath)
        .split(sep)
        .map((step) => {
          const value = decodeURIComponent(step.slice(step.indexOf('=') + 1));
          return value === DEFAULT_PARTITION ? null : value;
        });
      return { path: join(entry.parentPath, entry.name), values };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
