// An Iceberg table made by the letter of the specification: metadata, manifests, data and deletes, for tests.
import avsc from 'avsc';
import type { IngestFixture } from './ingest-fixture.js';

export interface IcebergEntry {
  /** Name of the object below data/. */
  file: string;
  /** 0 was there, 1 added, 2 removed. */
  status?: 0 | 1 | 2;
  /** 0 data, 1 deletes of places, 2 deletes of values. */
  content?: 0 | 1 | 2;
  format?: string;
  rowCount?: number;
  /** By column. */
  upperBounds?: Record<number, Buffer>;
  nullCounts?: Record<number, number>;
}

export interface IcebergTable {
  name: string;
  fields: object[];
  /** Of the catalog, by name. */
  columns: Record<string, string>;
  entries: IcebergEntry[];
  version?: number;
  properties?: Record<string, string>;
  summary?: Record<string, string>;
}

const mapOf = (name: string, value: 'long' | 'bytes') => ({
  name,
  type: [
    'null',
    {
      type: 'array',
      items: {
        type: 'record',
        name: `${name}_entry`,
        fields: [
          { name: 'key', type: 'int' },
          { name: 'value', type: value },
        ],
      },
    },
  ],
});
const entriesOf = (values: Record<number, unknown> | undefined) =>
  values === undefined ? null : Object.entries(values).map(([key, value]) => ({ key: Number(key), value }));

async function avro(fields: object[], records: object[]): Promise<Buffer> {
  const type = avsc.Type.forSchema({ type: 'record', name: 'r', fields } as avsc.Schema, {
    wrapUnions: 'never',
  });
  const encoder = new avsc.streams.BlockEncoder(type);
  for (const record of records) encoder.write(record);
  encoder.end();
  return Buffer.concat((await encoder.toArray()) as Buffer[]);
}

let versions = 0;

/** Makes the table, or points it at a new version. */
export async function putIcebergTable(lake: IngestFixture, table: IcebergTable): Promise<void> {
  const { name, fields, columns, entries, version = 2, properties = {}, summary = {} } = table;
  const root = `s3://lake/ice/${name}`;
  const number = ++versions;
  const dataFile = {
    type: 'record',
    name: 'f',
    fields: [
      { name: 'content', type: 'int' },
      { name: 'file_path', type: 'string' },
      { name: 'file_format', type: 'string' },
      { name: 'record_count', type: 'long' },
      { name: 'file_size_in_bytes', type: 'long' },
      mapOf('null_value_counts', 'long'),
      mapOf('upper_bounds', 'bytes'),
    ],
  };
  const manifest = await avro(
    [
      { name: 'status', type: 'int' },
      { name: 'data_file', type: dataFile },
    ],
    entries.map((entry) => ({
      status: entry.status ?? 1,
      data_file: {
        content: entry.content ?? 0,
        file_path: `${root}/data/${entry.file}`,
        file_format: entry.format ?? 'PARQUET',
        record_count: entry.rowCount ?? 1,
        file_size_in_bytes: 1,
        null_value_counts: entriesOf(entry.nullCounts),
        upper_bounds: entriesOf(entry.upperBounds),
      },
    })),
  );
  await lake.put(`ice/${name}/metadata/m-${number}.avro`, manifest);
  const list = await avro(
    [{ name: 'manifest_path', type: 'string' }],
    [{ manifest_path: `${root}/metadata/m-${number}.avro` }],
  );
  await lake.put(`ice/${name}/metadata/list-${number}.avro`, list);
  const metadata = {
    'format-version': version,
    location: root,
    'current-schema-id': 1,
    'current-snapshot-id': number,
    properties,
    schemas: [{ 'schema-id': 1, fields }],
    snapshots: [{ 'snapshot-id': number, 'manifest-list': `${root}/metadata/list-${number}.avro`, summary }],
  };
  await lake.put(`ice/${name}/metadata/${number}.metadata.json`, JSON.stringify(metadata));
  const { glue } = lake.clients;
  const TableInput = {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: { table_type: 'ICEBERG', metadata_location: `${root}/metadata/${number}.metadata.json` },
    StorageDescriptor: {
      Location: root,
      Columns: Object.entries(columns).map(([Name, Type]) => ({ Name, Type })),
    },
  };
  const isThere = await glue.getTable({ DatabaseName: 'shop', Name: name }).then(
    () => true,
    () => false,
  );
  if (isThere) await glue.updateTable({ DatabaseName: 'shop', TableInput });
  else await glue.createTable({ DatabaseName: 'shop', TableInput });
}

/** A bound of a timestamp or long as manifests have it. */
export function longBound(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}
