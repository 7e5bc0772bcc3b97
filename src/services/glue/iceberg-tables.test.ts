// Tables in an open table format, through the SDK's client.
import type { CreateTableCommandInput, Glue } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';

let aws: Embedded;
let glue: Glue;
let s3: EmbeddedClients['s3'];
beforeAll(async () => {
  aws = await openEmbedded();
  ({ glue, s3 } = aws.clients());
  await s3.createBucket({ Bucket: 'lake' });
  await glue.createDatabase({ DatabaseInput: { Name: 'db' } });
});
afterAll(() => aws.close());

const create = (name: string, change: (input: CreateTableCommandInput) => void = () => {}) => {
  const input: CreateTableCommandInput = {
    DatabaseName: 'db',
    TableInput: {
      Name: name,
      StorageDescriptor: {
        Location: `s3://lake/${name}/`,
        Columns: [
          { Name: 'id', Type: 'bigint' },
          { Name: 'name', Type: 'string' },
        ],
      },
      Parameters: { 'write.format.default': 'parquet' },
    },
    OpenTableFormatInput: { IcebergInput: { MetadataOperation: 'CREATE', Version: '2' } },
  };
  change(input);
  return glue.createTable(input);
};

it('the metadata file is written beside the data, and the table points to it', async () => {
  await create('events');
  const { Table } = await glue.getTable({ DatabaseName: 'db', Name: 'events' });
  expect(Table).toMatchObject({ TableType: 'EXTERNAL_TABLE', Parameters: { table_type: 'ICEBERG' } });
  // What was given stays as it is, or Terraform would plan to change it back.
  expect(Table?.StorageDescriptor).toMatchObject({ Location: 's3://lake/events/' });
  expect(Table?.StorageDescriptor?.Columns?.[1]).toEqual({ Name: 'name', Type: 'string' });
  const place = Table?.Parameters?.['metadata_location'] ?? '';
  expect(place).toMatch(/^s3:\/\/lake\/events\/metadata\/00000-[0-9a-f-]{36}\.metadata\.json$/);
  const { Body } = await s3.getObject({ Bucket: 'lake', Key: place.replace('s3://lake/', '') });
  expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({
    'format-version': 2,
    location: 's3://lake/events',
    'last-column-id': 2,
    properties: { 'write.format.default': 'parquet' },
  });
});

it.each<[string, (input: CreateTableCommandInput) => void, RegExp]>([
  [
    'a version that does not exist',
    (input) => (input.OpenTableFormatInput!.IcebergInput!.Version = '9'),
    /Version 9/,
  ],
  [
    'partition keys',
    (input) => (input.TableInput!.PartitionKeys = [{ Name: 'y', Type: 'int' }]),
    /no PartitionKeys/,
  ],
  [
    'no location',
    (input) => (input.TableInput!.StorageDescriptor!.Location = undefined),
    /must be an S3 path/,
  ],
  [
    'a bucket that is not there',
    (input) => (input.TableInput!.StorageDescriptor!.Location = 's3://no-lake/x'),
    /does not exist/,
  ],
])('with %s it is refused and nothing is written', async (_case, change, message) => {
  await expect(create('refused', change)).rejects.toThrow(message);
  expect((await s3.listObjectsV2({ Bucket: 'lake', Prefix: 'refused' })).KeyCount).toBe(0);
});

it('of a name that is taken it is refused and leaves no second metadata file', async () => {
  await create('twice');
  await expect(create('twice')).rejects.toThrow(/already exists/);
  expect((await s3.listObjectsV2({ Bucket: 'lake', Prefix: 'twice/' })).KeyCount).toBe(1);
});
