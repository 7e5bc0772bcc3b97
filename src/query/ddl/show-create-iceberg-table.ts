// SHOW CREATE TABLE of an Iceberg table: what its metadata file says.
import { readFile } from 'node:fs/promises';
import type { Table } from '@aws-sdk/client-glue';
import { parseS3Uri } from '../../storage/object-storage.js';
import type { DdlScope } from './ddl-scope.js';
import { taskFailure } from './ddl-failure.js';
import { back, quotedText } from './quoted-text.js';

/** What is read of the metadata. Source: the Iceberg table specification, "Table Metadata". */
interface Metadata {
  schemas: { 'schema-id': number; fields: { id: number; name: string }[] }[];
  'current-schema-id': number;
  'partition-specs': { 'spec-id': number; fields: { 'source-id': number; transform: string }[] }[];
  'default-spec-id': number;
  properties?: Record<string, string>;
}

/** In the layout of Athena's answers for Iceberg tables. @throws QueryFailure when the metadata is not there */
export async function showCreateIcebergTable(scope: DdlScope, table: Table): Promise<string> {
  const metadata = await readMetadata(scope, table);
  const columns = (table.StorageDescriptor?.Columns ?? []).map(
    ({ Name = '', Type = 'string', Comment }) =>
      `  ${back(Name)} ${Type}${Comment === undefined ? '' : ` COMMENT ${quotedText(Comment)}`}`,
  );
  const partitions = partitionTexts(metadata);
  const { comment, ...properties } = metadata.properties ?? {};
  const shown = Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `CREATE TABLE ${back(`${table.DatabaseName}.${table.Name}`)} (\n${columns.join(',\n')})`,
    ...(comment === undefined ? [] : [`COMMENT ${quotedText(comment)}`]),
    ...(partitions.length > 0 ? [`PARTITIONED BY (${partitions.join(', ')})`] : []),
    `LOCATION ${quotedText(table.StorageDescriptor?.Location ?? '')}`,
    `TBLPROPERTIES (\n${[['table_type', 'iceberg'], ...shown]
      .map(([key = '', value = '']) => `  ${quotedText(key)}=${quotedText(value)}`)
      .join(',\n')}\n)`,
  ].join('\n');
}

async function readMetadata({ storage }: DdlScope, table: Table): Promise<Metadata> {
  const location = table.Parameters?.['metadata_location'] ?? '';
  const uri = parseS3Uri(location);
  if (!uri || !storage.hasBucket(uri.bucket) || !storage.head(uri.bucket, uri.key)) {
    throw taskFailure(
      `The Iceberg metadata of ${table.Name} is not there: ${location || 'no metadata_location'}`,
    );
  }
  return JSON.parse(await readFile(storage.path(uri.bucket, uri.key), 'utf8')) as Metadata;
}

const WITH_COUNT = /^(bucket|truncate)\[(\d+)\]$/;

function partitionTexts(metadata: Metadata): string[] {
  const fields = metadata.schemas.find(
    (schema) => schema['schema-id'] === metadata['current-schema-id'],
  )?.fields;
  const spec = metadata['partition-specs'].find((each) => each['spec-id'] === metadata['default-spec-id']);
  return (spec?.fields ?? []).map(({ 'source-id': source, transform }) => {
    const column = back(fields?.find(({ id }) => id === source)?.name ?? '');
    if (transform === 'identity') return column;
    const [, name, count] = WITH_COUNT.exec(transform) ?? [];
    if (name === undefined) return `${transform}(${column})`;
    return name === 'bucket' ? `bucket(${count}, ${column})` : `truncate(${column}, ${count})`;
  });
}
