// The columns of a result, as GetQueryResults and the metadata file have them.
import type { ColumnInfo } from '@aws-sdk/client-athena';
import { athenaType } from '../select/athena-type.js';
import { isText, type TrinoType } from '../select/trino-type.js';

/** Columns without a name are `_col0`, `_col1`, ... by their place. */
export function columnInfo({ name, type }: { name?: string; type: TrinoType }, index: number): ColumnInfo {
  const label = name ?? `_col${index}`;
  return { ...plainColumnInfo(label, athenaType(type)), CaseSensitive: isText(type) };
}

/** Of a DDL statement's answer, whose types are names. */
export function plainColumnInfo(
  name: string,
  { Type, Precision = 0, Scale = 0 }: { Type: string; Precision?: number; Scale?: number },
): ColumnInfo {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type,
    Precision,
    Scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: Type === 'string' || Type === 'varchar',
  };
}
