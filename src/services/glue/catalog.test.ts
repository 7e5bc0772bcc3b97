// The Data Catalog through the SDK's client, in process.
import type { Glue, PartitionInput } from '@aws-sdk/client-glue';
import { paginateGetPartitions, paginateGetTables } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steppingClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const ACCOUNT = '123456789012';
const clock = steppingClock(new Date('2024-05-01T10:00:00.700Z'));

let embedded: Embedded;
let glue: Glue;

beforeEach(async () => {
  embedded = await openEmbedded({ clock });
  glue = embedded.clients().glue;
});

afterEach(() => embedded.close());

const named = (name: string) => expect.objectContaining({ name }) as unknown;

async function makeTable(keys = [{ Name: 'year', Type: 'int' }]) {
  await glue.createDatabase({ DatabaseInput: { Name: 'Sales' } });
  await glue.createTable({
    DatabaseName: 'sales',
    TableInput: {
      Name: 'Orders',
      TableType: 'EXTERNAL_TABLE',
      PartitionKeys: keys,
      StorageDescriptor: { Columns: [{ Name: 'id', Type: 'bigint', Comment: 'order number' }] },
    },
  });
}

const years = (from: number, to: number): PartitionInput[] =>
  Array.from({ length: to - from }, (_, index) => ({
    Values: [String(from + index)],
    StorageDescriptor: { Location: `s3://b/${from + index}/`, Columns: [{ Name: 'id', Type: 'bigint' }] },
  }));

describe('databases', () => {
  it('are created, answered, changed, listed and deleted', async () => {
    expect(await glue.createDatabase({ DatabaseInput: { Name: 'A', Description: 'd' } })).not.toHaveProperty(
      'Name',
    );
    await glue.createDatabase({ DatabaseInput: { Name: 'b', LocationUri: 's3://b/' } });
    const { Database } = await glue.getDatabase({ Name: 'A', CatalogId: ACCOUNT });
    expect(Database).toMatchObject({ Name: 'a', Description: 'd', CatalogId: ACCOUNT });
    expect(Database?.CreateTime?.getMilliseconds()).toBe(0);
    await glue.updateDatabase({ Name: 'a', DatabaseInput: { Name: 'a', Parameters: { p: '1' } } });
    const { DatabaseList, NextToken } = await glue.getDatabases({ MaxResults: 1 });
    expect(DatabaseList).toMatchObject([{ Name: 'a', Parameters: { p: '1' } }]);
    const second = await glue.getDatabases({ MaxResults: 1, NextToken });
    expect(second.DatabaseList).toMatchObject([{ Name: 'b' }]);
    expect(second).not.toHaveProperty('NextToken');
    expect((await glue.getDatabases({ AttributesToGet: ['NAME'] })).DatabaseList).toEqual([
      { Name: 'a' },
      { Name: 'b' },
    ]);
    expect((await glue.getDatabases({ ResourceShareType: 'FOREIGN' })).DatabaseList).toEqual([]);
    await glue.deleteDatabase({ Name: 'B' });
    await expect(glue.getDatabase({ Name: 'b' })).rejects.toEqual(named('EntityNotFoundException'));
  });

  it('of another account are not found', async () => {
    await glue.createDatabase({ DatabaseInput: { Name: 'a' } });
    await expect(glue.getDatabase({ Name: 'a', CatalogId: '999999999999' })).rejects.toEqual(
      named('EntityNotFoundException'),
    );
  });
});

describe('tables', () => {
  it('are made by the caller, and updated from the version that was read', async () => {
    await makeTable();
    const { Table } = await glue.getTable({ DatabaseName: 'sales', Name: 'orders' });
    expect(Table).toMatchObject({
      CreatedBy: `arn:aws:iam::${ACCOUNT}:root`,
      VersionId: '0',
      UpdateTime: Table?.CreateTime,
    });
    const update = { DatabaseName: 'sales', TableInput: { Name: 'orders' }, VersionId: '0' };
    await glue.updateTable(update);
    await expect(glue.updateTable(update)).rejects.toEqual(named('ConcurrentModificationException'));
    const { TableVersions } = await glue.getTableVersions({ DatabaseName: 'sales', TableName: 'orders' });
    expect(TableVersions?.map((version) => version.VersionId)).toEqual(['1', '0']);
    await expect(
      glue.deleteTableVersion({ DatabaseName: 'sales', TableName: 'orders', VersionId: '1' }),
    ).rejects.toEqual(named('InvalidInputException'));
    expect(
      await glue.batchDeleteTableVersion({
        DatabaseName: 'sales',
        TableName: 'orders',
        VersionIds: ['0', '7'],
      }),
    ).toMatchObject({
      Errors: [
        { TableName: 'orders', VersionId: '7', ErrorDetail: { ErrorCode: 'EntityNotFoundException' } },
      ],
    });
    const { TableVersion } = await glue.getTableVersion({ DatabaseName: 'sales', TableName: 'orders' });
    expect(TableVersion?.VersionId).toBe('1');
    expect(TableVersion?.Table?.UpdateTime).toBeInstanceOf(Date);
  });

  it('are walked in pages', async () => {
    await glue.createDatabase({ DatabaseInput: { Name: 'd' } });
    const names = Array.from({ length: 250 }, (_, index) => `t${String(index).padStart(3, '0')}`);
    for (const Name of names) await glue.createTable({ DatabaseName: 'd', TableInput: { Name } });
    const found: (string | undefined)[] = [];
    const sizes: number[] = [];
    for await (const page of paginateGetTables({ client: glue }, { DatabaseName: 'd' })) {
      sizes.push(page.TableList?.length ?? 0);
      found.push(...(page.TableList ?? []).map((table) => table.Name));
    }
    expect(found).toEqual(names);
    expect(sizes).toEqual([100, 100, 50]);
    const filtered = await glue.getTables({
      DatabaseName: 'd',
      Expression: 't00[1-3]',
      AttributesToGet: ['NAME'],
    });
    expect(filtered.TableList).toEqual([{ Name: 't001' }, { Name: 't002' }, { Name: 't003' }]);
  });

  it('are deleted in a batch that reports the missing', async () => {
    await makeTable();
    expect(
      await glue.batchDeleteTable({ DatabaseName: 'sales', TablesToDelete: ['nothing', 'ORDERS'] }),
    ).toMatchObject({
      Errors: [{ TableName: 'nothing', ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }],
    });
    expect((await glue.getTables({ DatabaseName: 'sales' })).TableList).toEqual([]);
    await expect(glue.batchDeleteTable({ DatabaseName: 'no', TablesToDelete: ['t'] })).rejects.toEqual(
      named('EntityNotFoundException'),
    );
  });

  it('cannot be renamed, nor made of nothing', async () => {
    await makeTable();
    await expect(
      glue.updateTable({ DatabaseName: 'sales', Name: 'orders', TableInput: { Name: 'other' } }),
    ).rejects.toThrow(/cannot be renamed/);
    await expect(glue.createTable({ DatabaseName: 'sales' })).rejects.toThrow(/TableInput is missing/);
  });

  it('are searched by text, property and time, and sorted', async () => {
    await makeTable();
    await clock.sleep(3600_000);
    for (const Name of ['customer-link', 'xx-link-yy', 'xxlinkyy']) {
      await glue.createTable({
        DatabaseName: 'sales',
        TableInput: { Name, Description: `About ${Name}`, Parameters: { classification: 'csv' } },
      });
    }
    const search = async (input: Parameters<Glue['searchTables']>[0]) =>
      (await glue.searchTables(input as object)).TableList?.map((table) => table.Name);
    expect(await search({ SearchText: 'LINK' })).toEqual(['customer-link', 'xx-link-yy', 'xxlinkyy']);
    expect(await search({ SearchText: 'order number' })).toEqual(['orders']);
    expect(await search({ SearchText: '"id"' })).toEqual(['orders']);
    expect(await search({ SearchText: '"about"' })).toEqual([]);
    expect(await search({ Filters: [{ Key: 'Name', Value: 'link' }] })).toEqual([
      'customer-link',
      'xx-link-yy',
    ]);
    expect(
      await search({
        Filters: [
          { Key: 'DatabaseName', Value: 'sales' },
          { Key: 'TableType', Value: 'EXTERNAL_TABLE' },
        ],
      }),
    ).toEqual(['orders']);
    expect(await search({ Filters: [{ Key: 'classification', Value: 'csv' }] })).toHaveLength(3);
    const noon = new Date(clock.now().getTime() - 60_000).toISOString();
    const before = [{ Key: 'CreateTime', Value: noon, Comparator: 'LESS_THAN' as const }];
    expect(await search({ Filters: before })).toEqual(['orders']);
    const first = await glue.searchTables({
      SortCriteria: [{ FieldName: 'Name', Sort: 'DESC' }],
      MaxResults: 3,
    });
    expect(first.TableList?.map((table) => table.Name)).toEqual(['xxlinkyy', 'xx-link-yy', 'orders']);
    const rest = await glue.searchTables({
      SortCriteria: [{ FieldName: 'Name', Sort: 'DESC' }],
      MaxResults: 3,
      NextToken: first.NextToken,
    });
    expect(rest.TableList?.map((table) => table.Name)).toEqual(['customer-link']);
  });

  it('refuse a regular expression that is none, and a token that they did not give', async () => {
    await makeTable();
    await expect(glue.getTables({ DatabaseName: 'sales', Expression: '[a' })).rejects.toEqual(
      named('InvalidInputException'),
    );
    await expect(glue.getTables({ DatabaseName: 'sales', NextToken: 'bad token' })).rejects.toEqual(
      named('InvalidInputException'),
    );
    await glue.createDatabase({ DatabaseInput: { Name: 'other' } });
    const { NextToken } = await glue.getDatabases({ MaxResults: 1 });
    await expect(glue.getTables({ DatabaseName: 'sales', NextToken })).rejects.toThrow(
      /is not one that GetTables answered with/,
    );
  });
});

describe('partitions', () => {
  const place = { DatabaseName: 'sales', TableName: 'orders' };

  it('are written, read, renamed and deleted one by one and in batches', async () => {
    await makeTable();
    await glue.createPartition({ ...place, PartitionInput: { Values: ['2019'], Parameters: { p: '1' } } });
    await expect(glue.createPartition({ ...place, PartitionInput: { Values: ['2019'] } })).rejects.toEqual(
      named('AlreadyExistsException'),
    );
    await expect(
      glue.createPartition({ ...place, PartitionInput: { Values: ['2019', 'x'] } }),
    ).rejects.toThrow(/^The number of partition keys do not match the number of partition values/);
    expect(
      (await glue.batchCreatePartition({ ...place, PartitionInputList: years(2019, 2022) })).Errors,
    ).toMatchObject([{ PartitionValues: ['2019'], ErrorDetail: { ErrorCode: 'AlreadyExistsException' } }]);
    await glue.updatePartition({
      ...place,
      PartitionValueList: ['2019'],
      PartitionInput: { Values: ['2018'] },
    });
    await expect(
      glue.updatePartition({ ...place, PartitionValueList: ['2018'], PartitionInput: { Values: ['2020'] } }),
    ).rejects.toEqual(named('AlreadyExistsException'));
    await expect(glue.getPartition({ ...place, PartitionValues: ['2019'] })).rejects.toThrow(
      'Cannot find partition.',
    );
    const got = await glue.batchGetPartition({
      ...place,
      PartitionsToGet: [{ Values: ['2021'] }, { Values: ['1999'] }, { Values: ['2018'] }],
    });
    expect(got.Partitions?.map((partition) => partition.Values)).toEqual([['2021'], ['2018']]);
    expect(got.UnprocessedKeys).toEqual([]);
    expect(got.Partitions?.[0]?.CreationTime).toBeInstanceOf(Date);
    expect(
      await glue.batchUpdatePartition({
        ...place,
        Entries: [
          { PartitionValueList: ['2020'], PartitionInput: { Values: ['2020'], Parameters: { p: '2' } } },
          { PartitionValueList: ['1999'], PartitionInput: { Values: ['1999'] } },
        ],
      }),
    ).toMatchObject({
      Errors: [{ PartitionValueList: ['1999'], ErrorDetail: { ErrorCode: 'EntityNotFoundException' } }],
    });
    const { Partition } = await glue.getPartition({ ...place, PartitionValues: ['2020'] });
    expect(Partition?.Parameters).toEqual({ p: '2' });
    await glue.deletePartition({ ...place, PartitionValues: ['2020'] });
    await expect(glue.deletePartition({ ...place, PartitionValues: ['2020'] })).rejects.toThrow(
      'Cannot find partition.',
    );
    const deleted = await glue.batchDeletePartition({
      ...place,
      PartitionsToDelete: [{ Values: ['2021'] }, { Values: ['2021'] }],
    });
    expect(deleted.Errors).toHaveLength(1);
    expect((await glue.getPartitions(place)).Partitions?.map((item) => item.Values)).toEqual([['2018']]);
  });

  it('are filtered, paged, segmented, and shown without columns', async () => {
    await makeTable();
    for (let year = 1000; year < 1300; year += 100) {
      await glue.batchCreatePartition({ ...place, PartitionInputList: years(year, year + 100) });
    }
    const expression = { ...place, Expression: 'year >= 1100 AND year < 1200' };
    const filtered: (string | undefined)[] = [];
    for await (const page of paginateGetPartitions({ client: glue, pageSize: 30 }, expression)) {
      filtered.push(...(page.Partitions ?? []).map((item) => item.Values?.[0]));
    }
    expect(filtered).toEqual(years(1100, 1200).map((item) => item.Values?.[0]));
    const segments = await Promise.all(
      [0, 1, 2].map((SegmentNumber) =>
        glue.getPartitions({ ...place, Segment: { SegmentNumber, TotalSegments: 3 } }),
      ),
    );
    const sizes = segments.map((segment) => segment.Partitions?.length ?? 0);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(300);
    expect(Math.min(...sizes)).toBeGreaterThan(50);
    const [partition] =
      (await glue.getPartitions({ ...place, ExcludeColumnSchema: true, MaxResults: 1 })).Partitions ?? [];
    expect(partition?.StorageDescriptor).toMatchObject({ Location: 's3://b/1000/' });
    expect(partition?.StorageDescriptor).not.toHaveProperty('Columns');
    expect((await glue.getPartitions({ ...place, Expression: '' })).Partitions).toHaveLength(300);
  });

  it('are found among many that a filter leaves out, in one answer, while others are served', async () => {
    await makeTable([
      { Name: 'id', Type: 'int' },
      { Name: 'kind', Type: 'string' },
    ]);
    for (let id = 0; id < 12_000; id += 100) {
      const list = Array.from({ length: 100 }, (_, index) => [
        String(id + index),
        id === 11_900 ? 'rare' : 'usual',
      ]);
      await glue.batchCreatePartition({ ...place, PartitionInputList: list.map((Values) => ({ Values })) });
    }
    const found = glue.getPartitions({ ...place, Expression: "kind like '%are'" });
    const order: string[] = [];
    await Promise.all([
      found.then(() => order.push('partitions')),
      glue.getTable({ DatabaseName: 'sales', Name: 'orders' }).then(() => order.push('table')),
    ]);
    expect((await found).Partitions).toHaveLength(100);
    expect(await found).not.toHaveProperty('NextToken');
    expect(order).toEqual(['table', 'partitions']);
  });

  it('refuse filters, segments and tokens that make no sense', async () => {
    await makeTable();
    const refused = async (input: object, message: RegExp) => {
      await expect(glue.getPartitions({ ...place, ...input })).rejects.toEqual(
        expect.objectContaining({ message: expect.stringMatching(message) as string }),
      );
    };
    await refused({ Expression: 'year = = 2' }, /^Unsupported expression 'year = = 2'/);
    await refused({ Expression: "month = '1'" }, /^Unknown column 'month'/);
    await refused({ Segment: { SegmentNumber: 3, TotalSegments: 3 } }, /SegmentNumber 3/);
    await refused({ NextToken: 'e30' }, /is not one that GetPartitions answered with/);
    await refused({ MaxResults: 1001 }, /maxResults/i);
    await refused({ TableName: 'nothing' }, /Table nothing not found/);
  });

  it('that the type of their key does not fit fail a comparison with them, and no other', async () => {
    await makeTable([
      { Name: 'region', Type: 'string' },
      { Name: 'year', Type: 'int' },
    ]);
    const values = [
      ['eu', '2024'],
      ['us', '__HIVE_DEFAULT_PARTITION__'],
      ['us', 'unknown'],
    ];
    await glue.batchCreatePartition({ ...place, PartitionInputList: values.map((Values) => ({ Values })) });
    const matching = async (Expression: string) =>
      ((await glue.getPartitions({ ...place, Expression })).Partitions ?? []).map(
        ({ Values }) => Values?.[1],
      );
    expect(await matching("region = 'us'")).toHaveLength(2);
    for (const expression of ['year = 2024', 'year > 2000', 'NOT (year = 5)']) {
      expect(await matching(`region = 'eu' AND ${expression}`)).toEqual(['2024']);
      await expect(matching(expression)).rejects.toMatchObject({
        name: 'InvalidStateException',
        message: 'For input string: "unknown" is not an integer.',
      });
    }
    expect((await glue.getPartitions({ ...place, Expression: 'year is null' })).Partitions).toHaveLength(1);
  });
});

describe('partition indexes', () => {
  it('are created, become active, and go', async () => {
    await makeTable();
    const place = { DatabaseName: 'sales', TableName: 'orders' };
    const list = async () => (await glue.getPartitionIndexes(place)).PartitionIndexDescriptorList;
    await glue.createPartitionIndex({ ...place, PartitionIndex: { IndexName: 'by_year', Keys: ['year'] } });
    const index = { IndexName: 'by_year', Keys: [{ Name: 'year', Type: 'int' }], BackfillErrors: [] };
    expect(await list()).toEqual([{ ...index, IndexStatus: 'CREATING' }]);
    await clock.sleep(1000);
    expect(await list()).toEqual([{ ...index, IndexStatus: 'ACTIVE' }]);
    await expect(
      glue.createPartitionIndex({ ...place, PartitionIndex: { IndexName: 'by_year', Keys: ['year'] } }),
    ).rejects.toEqual(named('AlreadyExistsException'));
    await expect(
      glue.createPartitionIndex({ ...place, PartitionIndex: { IndexName: 'other', Keys: ['id'] } }),
    ).rejects.toThrow(/id is not a partition key of table orders, which has: year/);
    await glue.deletePartitionIndex({ ...place, IndexName: 'by_year' });
    expect(await list()).toEqual([{ ...index, IndexStatus: 'DELETING' }]);
    await clock.sleep(1000);
    expect(await list()).toEqual([]);
    await expect(glue.deletePartitionIndex({ ...place, IndexName: 'by_year' })).rejects.toEqual(
      named('EntityNotFoundException'),
    );
  });

  it('come with a new table, three at most', async () => {
    await glue.createDatabase({ DatabaseInput: { Name: 'd' } });
    const keys = ['a', 'b', 'c', 'd'];
    const create = (count: number) =>
      glue.createTable({
        DatabaseName: 'd',
        TableInput: { Name: 't', PartitionKeys: keys.map((Name) => ({ Name, Type: 'string' })) },
        PartitionIndexes: keys.slice(0, count).map((key) => ({ IndexName: key, Keys: [key] })),
      });
    await expect(create(4)).rejects.toThrow();
    await expect(glue.getTable({ DatabaseName: 'd', Name: 't' })).rejects.toEqual(
      named('EntityNotFoundException'),
    );
    await create(3);
    const { PartitionIndexDescriptorList } = await glue.getPartitionIndexes({
      DatabaseName: 'd',
      TableName: 't',
    });
    expect(PartitionIndexDescriptorList).toHaveLength(3);
  });
});

describe('tags', () => {
  it('are kept by ARN while the resource is there', async () => {
    await glue.createDatabase({ DatabaseInput: { Name: 'Sales' }, Tags: { owner: 'me' } });
    await glue.createTable({ DatabaseName: 'sales', TableInput: { Name: 'orders' } });
    const ResourceArn = `arn:aws:glue:us-east-1:${ACCOUNT}:database/sales`;
    const table = `arn:aws:glue:us-east-1:${ACCOUNT}:table/sales/orders`;
    await glue.tagResource({ ResourceArn, TagsToAdd: { cost: '7', owner: 'you' } });
    expect((await glue.getTags({ ResourceArn })).Tags).toEqual({ owner: 'you', cost: '7' });
    await glue.untagResource({ ResourceArn, TagsToRemove: ['owner', 'nothing'] });
    expect((await glue.getTags({ ResourceArn })).Tags).toEqual({ cost: '7' });
    expect((await glue.getTags({ ResourceArn: table })).Tags).toEqual({});
    await glue.tagResource({ ResourceArn: table, TagsToAdd: { a: 'b' } });
    await glue.deleteDatabase({ Name: 'sales' });
    await expect(glue.getTags({ ResourceArn })).rejects.toEqual(named('EntityNotFoundException'));
    await glue.createDatabase({ DatabaseInput: { Name: 'Sales' } });
    await glue.createTable({ DatabaseName: 'sales', TableInput: { Name: 'orders' } });
    expect((await glue.getTags({ ResourceArn })).Tags).toEqual({});
    expect((await glue.getTags({ ResourceArn: table })).Tags).toEqual({});
  });

  it('are refused for what is not there, is no ARN, or is too many', async () => {
    await glue.createDatabase({ DatabaseInput: { Name: 'd' } });
    const arn = (path: string) => `arn:aws:glue:us-east-1:${ACCOUNT}:${path}`;
    const tag = (ResourceArn: string, TagsToAdd: Record<string, string> = { a: 'b' }) =>
      glue.tagResource({ ResourceArn, TagsToAdd });
    await expect(tag(arn('database/nothing'))).rejects.toEqual(named('EntityNotFoundException'));
    await expect(tag(arn('unheard-of/x'))).rejects.toEqual(named('EntityNotFoundException'));
    await expect(tag('arn:aws:glue:us-east-1:999999999999:database/d')).rejects.toEqual(
      named('EntityNotFoundException'),
    );
    await expect(tag('arn:aws:s3:::bucket')).rejects.toEqual(named('ValidationException'));
    await expect(tag(arn('database/d'), { 'aws:x': '1' })).rejects.toThrow(/begins with aws:/);
    const many = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`k${from + index}`, '']));
    await tag(arn('database/d'), many(0, 50));
    await expect(tag(arn('database/d'), many(50, 51))).rejects.toThrow(/at most 50 tags, not 51/);
  });
});
