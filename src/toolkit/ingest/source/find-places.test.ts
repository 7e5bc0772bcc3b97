// Where a spec's tables are: what a policy for reading them is made of.
import type { Table } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../../embedded.js';
import { findPlaces } from './find-places.js';

let aws: Embedded;
beforeAll(async () => {
  aws = await openEmbedded();
});
afterAll(() => aws.close());

const at = (Location: string, more: Partial<Table> = {}): Table => ({
  Name: 't',
  StorageDescriptor: { Location },
  ...more,
});

describe('the places of tables', () => {
  it.each<[string, Table[], string[], string[]]>([
    ['a table each', [at('s3://b/y/'), at('s3://b/x')], ['s3://b/x', 's3://b/y'], []],
    [
      'one inside of another, whatever sorts between',
      [at('s3://b/a/b/'), at('s3://b/a-b'), at('s3://b/a')],
      ['s3://b/a', 's3://b/a-b'],
      [],
    ],
    ['the same place twice, and in Hadoop’s words', [at('s3a://b/x/'), at('s3n://b/x')], ['s3://b/x'], []],
    ['a whole bucket', [at('s3://b/'), at('s3://b/x'), at('s3://b2/x')], ['s3://b', 's3://b2/x'], []],
    ['a view', [at('s3://b/view', { TableType: 'VIRTUAL_VIEW' })], [], []],
    [
      'tables of databases',
      [
        at('db.public.t', { Parameters: { connectionName: 'pg' } }),
        at('db.public.u', { Parameters: { connectionName: 'pg' } }),
      ],
      [],
      ['pg'],
    ],
    ['something else', [at('arn:aws:dynamodb:us-east-1:123456789012:table/t'), { Name: 'none' }], [], []],
  ])('are known of %s', async (_, tables, sources, connections) => {
    expect(await findPlaces(tables, aws.clients())).toEqual({ sources, connections });
  });

  it('are those of partitions, too, where these are elsewhere', async () => {
    const { glue } = aws.clients();
    await glue.createDatabase({ DatabaseInput: { Name: 'd' } });
    await glue.createTable({
      DatabaseName: 'd',
      TableInput: {
        Name: 't',
        StorageDescriptor: { Location: 's3://b/t/' },
        PartitionKeys: [{ Name: 'day', Type: 'string' }],
      },
    });
    const PartitionInputList = ['s3://b/t/day=1/', 's3://old/t/day=0/'].map((Location, index) => ({
      Values: [String(index)],
      StorageDescriptor: { Location },
    }));
    await glue.batchCreatePartition({ DatabaseName: 'd', TableName: 't', PartitionInputList });
    const { Table } = await glue.getTable({ DatabaseName: 'd', Name: 't' });
    expect((await findPlaces([Table as Table], { glue })).sources).toEqual(['s3://b/t', 's3://old/t/day=0']);
  });
});
