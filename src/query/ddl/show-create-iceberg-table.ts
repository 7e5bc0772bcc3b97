// SHOW CREATE TABLE of an Iceberg table: what its metadata file says.
import type { Table } from '@aws-sdk/client-glue';
import type { DdlScope } from './ddl-scope.js';
import { readIcebergTable, type IcebergTable } from './iceberg-table.js';
import { back, quotedText } from './quoted-text.js';

/** In the layout of Athena's answers for Iceberg tables. @throws QueryFailure when the metadata is not there */
export async function showCreateIcebergTable(scope: DdlScope, table: Table): Promise<string> {
  const { properties: all, partitionFields } = await readIcebergTable(scope, table);
  const columns = (table.StorageDescriptor?.Columns ?? []).map(
    ({ Name = '', Type = 'string', Comment }) =>
      `  ${back(Name)} ${Type}${Comment === undefined ? '' : ` COMMENT ${quotedText(Comment)}`}`,
  );
  const { comment, ...properties } = all;
  const shown = Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `CREATE TABLE ${back(`${table.DatabaseName}.${table.Name}`)} (\n${columns.join(',\n')})`,
    ...(comment === undefined ? [] : [`COMMENT ${quotedText(comment)}`]),
    ...(partitionFields.length > 0
      ? [`PARTITIONED BY (${partitionFields.map(partitionText).join(', ')})`]
      : []),
    `LOCATION ${quotedText(table.StorageDescriptor?.Location ?? '')}`,
    `TBLPROPERTIES (\n${[['table_type', 'iceberg'], ...shown]
      .map(([key = '', value = '']) => `  ${quotedText(key)}=${quotedText(value)}`)
      .join(',\n')}\n)`,
  ].join('\n');
}

const WITH_COUNT = /^(bucket|truncate)\[(\d+)\]$/;

function partitionText({ transform, column }: IcebergTable['partitionFields'][number]): string {
  if (transform === 'identity') return back(column);
  const [, name, count] = WITH_COUNT.exec(transform) ?? [];
  if (name === undefined) return `${transform}(${back(column)})`;
  return name === 'bucket' ? `bucket(${count}, ${back(column)})` : `truncate(${back(column)}, ${count})`;
}
