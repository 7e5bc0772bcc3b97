// What DDL reads of an Iceberg table's metadata file.
import { readFile } from 'node:fs/promises';
import type { Table } from '@aws-sdk/client-glue';
import { parseS3Uri } from '../../storage/object-storage.js';
import type { HiveType } from '../../tabular/hive-type.js';
import type { DdlScope } from './ddl-scope.js';
import { taskFailure } from './ddl-failure.js';

/** What is read of the metadata. Source: the Iceberg table specification, "Table Metadata". */
interface Metadata {
  schemas: { 'schema-id': number; fields: { id: number; name: string }[] }[];
  'current-schema-id': number;
  'partition-specs': {
    'spec-id': number;
    fields: { 'source-id': number; name: string; transform: string }[];
  }[];
  'default-spec-id': number;
  properties?: Record<string, string>;
}

export interface IcebergTable {
  properties: Record<string, string>;
  /** `ts_day`, `day`, `ts`. */
  partitionFields: { name: string; transform: string; column: string }[];
}

/** @throws QueryFailure when the metadata file is not there */
export async function readIcebergTable({ storage }: DdlScope, table: Table): Promise<IcebergTable> {
  const location = table.Parameters?.['metadata_location'] ?? '';
  const uri = parseS3Uri(location);
  if (!uri || !storage.hasBucket(uri.bucket) || !storage.head(uri.bucket, uri.key)) {
    throw taskFailure(
      `The Iceberg metadata of ${table.Name} is not there: ${location || 'no metadata_location'}`,
    );
  }
  const metadata = JSON.parse(await readFile(storage.path(uri.bucket, uri.key), 'utf8')) as Metadata;
  const schema = metadata.schemas.find((each) => each['schema-id'] === metadata['current-schema-id']);
  const spec = metadata['partition-specs'].find((each) => each['spec-id'] === metadata['default-spec-id']);
  return {
    properties: metadata.properties ?? {},
    partitionFields: (spec?.fields ?? []).map(({ 'source-id': source, name, transform }) => ({
      name,
      transform,
      column: schema?.fields.find(({ id }) => id === source)?.name ?? '',
    })),
  };
}

/** Iceberg's spelling of a type, with spaces: `struct<a: int>`, `map<string, int>`, `decimal(10, 2)`. */
export function icebergTypeText(type: HiveType): string {
  switch (type.kind) {
    case 'primitive':
      return type.name.replace(/,\s*/, ', ');
    case 'array':
      return `array<${icebergTypeText(type.item)}>`;
    case 'map':
      return `map<${icebergTypeText(type.key)}, ${icebergTypeText(type.value)}>`;
    case 'struct':
      return `struct<${type.members.map((member) => `${member.name}: ${icebergTypeText(member.type)}`).join(', ')}>`;
  }
}
