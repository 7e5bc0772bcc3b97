// The columns of what is written: names, types that tables have, and partition keys at the end.
import type { Column } from '@aws-sdk/client-glue';
import { toHiveType } from '../select/hive-columns.js';
import { formatType, isSimple, type TrinoType } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { OutputColumn } from './stage-files.js';

export function outputColumn(
  { name, type }: { name?: string; type: TrinoType },
  index: number,
): OutputColumn {
  if (name === undefined)
    throw new QueryFailure(
      `COLUMN_NAME_NOT_SPECIFIED: line 1:1: Column name not specified at position ${index + 1}`,
    );
  if (isSimple(type, 'unknown'))
    throw new QueryFailure(`COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown at position ${index + 1}`);
  if (toHiveType(type) === undefined)
    throw new QueryFailure(`NOT_SUPPORTED: Unsupported Hive type: ${formatType(type)}`);
  return { name: name.toLowerCase(), type, sql: `q.c${index}` };
}

export function requireDistinct(columns: readonly OutputColumn[]): void {
  const again = columns.find(
    ({ name }, index) => columns.findIndex((other) => other.name === name) !== index,
  );
  if (again)
    throw new QueryFailure(
      `DUPLICATE_COLUMN_NAME: line 1:1: Column name '${again.name}' specified more than once`,
    );
}

/** The last columns, which must be those that the property names. */
export function keyColumns(columns: readonly OutputColumn[], names: readonly string[]): OutputColumn[] {
  if (names.length === 0) return [];
  const last = columns.slice(columns.length - names.length);
  if (columns.length <= names.length || names.some((name, index) => last[index]?.name !== name)) {
    throw new QueryFailure(
      `HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the table properties: [${names.join(', ')}]`,
    );
  }
  return last;
}

export function catalogColumn({ name, type }: OutputColumn): Column {
  return { Name: name, Type: toHiveType(type) };
}
