// The `.metadata` file beside a result: a protocol buffer that JDBC drivers read instead of asking GetQueryResults.
import type { ColumnInfo } from '@aws-sdk/client-athena';
import protobuf from 'protobufjs/minimal.js';

/** Field numbers as athena-jdbc, an open driver, reads them from Athena's own files. */
const FILE = { queryId: 1, column: 4 };
const COLUMN = {
  catalog: 1,
  schema: 2,
  table: 3,
  name: 4,
  label: 5,
  type: 6,
  precision: 7,
  scale: 8,
  nullable: 9,
  caseSensitive: 10,
};
const NULLABLE_UNKNOWN = 3;

const text = (field: number) => (field << 3) | 2;
const number = (field: number) => field << 3;

export function metadataFile(queryId: string, columns: readonly ColumnInfo[]): Uint8Array {
  const writer = protobuf.Writer.create().uint32(text(FILE.queryId)).string(queryId);
  for (const column of columns) {
    writer.uint32(text(FILE.column)).fork();
    writer.uint32(text(COLUMN.catalog)).string(column.CatalogName ?? '');
    writer.uint32(text(COLUMN.schema)).string(column.SchemaName ?? '');
    writer.uint32(text(COLUMN.table)).string(column.TableName ?? '');
    writer.uint32(text(COLUMN.name)).string(column.Name ?? '');
    writer.uint32(text(COLUMN.label)).string(column.Label ?? '');
    writer.uint32(text(COLUMN.type)).string(column.Type ?? '');
    writer.uint32(number(COLUMN.precision)).uint32(column.Precision ?? 0);
    writer.uint32(number(COLUMN.scale)).uint32(column.Scale ?? 0);
    writer.uint32(number(COLUMN.nullable)).uint32(NULLABLE_UNKNOWN);
    writer.uint32(number(COLUMN.caseSensitive)).uint32(column.CaseSensitive === true ? 1 : 0);
    writer.ldelim();
  }
  return writer.finish();
}
