// Partitions of Iceberg tables: what the transforms make of a row, and how files tell of it.
// Source: the Iceberg table specification, "Partition Transforms".
import type { IcebergPartitionField } from '../../tabular/iceberg/iceberg-metadata.js';
import type { IcebergField } from '../../tabular/iceberg/iceberg-schema.js';
import { partitionType } from '../../tabular/iceberg/manifest-schema.js';
import { varchar } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { OutputColumn } from './stage-files.js';

export interface IcebergPartitioning {
  /** For the manifest. */
  partition: { field: IcebergPartitionField; type: string }[];
  /** Texts that files are parted by: null for null, otherwise the value behind an equals sign, so that '' is a value. */
  keys: OutputColumn[];
}

/** @throws QueryFailure for transforms and types that cannot be written here */
export function icebergPartitioning(
  spec: readonly IcebergPartitionField[],
  fields: readonly IcebergField[],
  columns: readonly OutputColumn[],
): IcebergPartitioning {
  const partition: IcebergPartitioning['partition'] = [];
  const keys: OutputColumn[] = [];
  for (const field of spec) {
    const index = fields.findIndex(({ id }) => id === field['source-id']);
    const source = fields[index];
    const column = columns[index];
    const type = source && partitionType(field, source);
    const sql =
      type !== undefined && column
        ? transformed(field.transform, column.sql, source?.type as string)
        : undefined;
    if (type === undefined || sql === undefined) {
      throw new QueryFailure(
        `NOT_SUPPORTED: the partition field ${field.name} is made by ${field.transform} of ${JSON.stringify(source?.type ?? null)}, which queries cannot write here`,
      );
    }
    partition.push({ field, type });
    keys.push({ name: field.name, type: varchar, sql: `'=' || CAST(${sql} AS VARCHAR)` });
  }
  return { partition, keys };
}

const EPOCH = `DATE '1970-01-01'`;

/** The SQL of a transform's value: a whole number, a text or a truth. Undefined for bucket, whose hash DuckDB has not. */
function transformed(transform: string, sql: string, type: string): string | undefined {
  const width = /^truncate\[(\d+)\]$/.exec(transform)?.[1];
  if (width !== undefined) {
    if (type === 'string') return `left(${sql}, ${width})`;
    return type === 'int' || type === 'long'
      ? `(${sql} - (((${sql} % ${width}) + ${width}) % ${width}))`
      : undefined;
  }
  const isTime = type === 'date' || type === 'timestamp';
  switch (transform) {
    case 'identity':
      return type === 'date' ? `(${sql} - ${EPOCH})` : sql;
    case 'year':
      return isTime ? `(year(${sql}) - 1970)` : undefined;
    case 'month':
      return isTime ? `((year(${sql}) - 1970) * 12 + month(${sql}) - 1)` : undefined;
    case 'day':
      return isTime ? `(CAST(${sql} AS DATE) - ${EPOCH})` : undefined;
    case 'hour':
      return type === 'timestamp' ? `CAST(floor(epoch(${sql}) / 3600) AS BIGINT)` : undefined;
    default:
      return undefined;
  }
}

/** A file's partition from its folder's texts. */
export function partitionValues(
  texts: readonly (string | null)[],
  partition: IcebergPartitioning['partition'],
): (number | string | boolean | null)[] {
  return partition.map(({ type }, index) => {
    const text = texts[index]?.slice(1);
    if (text === undefined) return null;
    if (type === 'boolean') return text === 'true';
    return type === 'int' || type === 'date' ? Number(text) : text;
  });
}
