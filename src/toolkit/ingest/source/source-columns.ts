// The columns of a catalog table in the catalog's language and DuckDB's.
import type { Table } from '@aws-sdk/client-glue';
import { parseHiveType } from '../../../tabular/hive-type.js';
import { duckdbTypeOf } from '../duckdb-type.js';
import type { SourceColumn } from './relation.js';

/** Iceberg's own Glue catalog leaves columns that a table had once in its definition, marked by this. */
const CURRENT_FIELD = 'iceberg.field.current';

/** Columns of a table, partition keys behind the others. @throws GluepotError `unsupported` for a type that is not read */
export function sourceColumns(table: Table): SourceColumn[] {
  return [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])]
    .filter(({ Parameters }) => Parameters?.[CURRENT_FIELD] !== 'false')
    .map(({ Name = '', Type = 'string' }) => ({
      name: Name.toLowerCase(),
      hiveType: Type,
      duckdbType: duckdbTypeOf(parseHiveType(Type)),
    }));
}
