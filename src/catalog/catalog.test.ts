import { describe, expect, it } from 'vitest';
import { documentsSchema } from '../state/documents.js';
import { openState } from '../state/state.js';
import { openCatalog } from './open-catalog.js';
import { everyItem } from './page.js';
import { catalogSchema } from './schema.js';

function open() {
  let nowMs = Date.parse('2024-05-01T10:00:00.700Z');
  const clock = {
    now: () => new Date(nowMs),
    sleep: (ms: number) => {
      nowMs += ms;
      return Promise.resolve();
    },
  };
  const state = openState(':memory:', [documentsSchema, catalogSchema]);
  const catalog = openCatalog(state, { clock, accountId: '123456789012', region: 'eu-west-1' });
  return { catalog, clock };
}

function openWithTable() {
  const opened = open();
  opened.catalog.createDatabase({ Name: 'Sales' });
  opened.catalog.createTable(
    'sales',
    {
      Name: 'Orders',
      Description: 'all of them',
      PartitionKeys: [
        { Name: 'year', Type: 'int' },
        { Name: 'region', Type: 'string' },
      ],
      StorageDescriptor: { Columns: [{ Name: 'Id', Type: 'bigint' }], Location: 's3://b/orders/' },
    },
    { createdBy: 'arn:aws:iam::123456789012:root' },
  );
  return opened;
}

describe('databases', () => {
  it('are stored in lower case and answered with their defaults', () => {
    const { catalog } = open();
    catalog.createDatabase({ Name: 'Sales', Description: 'd', Parameters: { a: '1' } });
    expect(catalog.getDatabase('SALES')).toEqual({
      Name: 'sales',
      Description: 'd',
      Parameters: { a: '1' },
      CreateTime: new Date('2024-05-01T10:00:00Z'),
      CreateTableDefaultPermissions: [
        { Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] },
      ],
      CatalogId: '123456789012',
    });
  });

  it('cannot be made twice, nor under another case', () => {
    const { catalog } = open();
    catalog.createDatabase({ Name: 'sales' });
    expect(() => catalog.createDatabase({ Name: 'SALES' })).toThrow(
      expect.objectContaining({ name: 'AlreadyExistsException', message: 'Database already exists.' }),
    );
  });

  it('are replaced whole by an update, except for their creation time', async () => {
    const { catalog, clock } = open();
    catalog.createDatabase({ Name: 'sales', Description: 'd', LocationUri: 's3://b/' });
    await clock.sleep(5000);
    catalog.updateDatabase('Sales', { Name: 'sales', Parameters: { b: '2' } });
    const database = catalog.getDatabase('sales');
    expect(database).toMatchObject({ CreateTime: new Date('2024-05-01T10:00:00Z'), Parameters: { b: '2' } });
    expect(database).not.toHaveProperty('Description');
    expect(database).not.toHaveProperty('LocationUri');
  });

  it('cannot be renamed', () => {
    const { catalog } = open();
    catalog.createDatabase({ Name: 'sales' });
    expect(() => catalog.updateDatabase('sales', { Name: 'trade' })).toThrow(/cannot be renamed/);
  });

  it('take everything in them along when they are deleted', () => {
    const { catalog } = openWithTable();
    catalog.createPartitions('sales', 'orders', [{ Values: ['2024', 'eu'] }]);
    catalog.deleteDatabase('sales');
    expect(() => catalog.getDatabase('sales')).toThrow('Database sales not found.');
    expect(() => catalog.getTable('sales', 'orders')).toThrow('Database sales not found.');
    catalog.createDatabase({ Name: 'sales' });
    expect(catalog.listTables('sales').items).toEqual([]);
  });

  it('are listed by name, in pages', () => {
    const { catalog } = open();
    for (const Name of ['c', 'a', 'd', 'b']) catalog.createDatabase({ Name });
    expect(catalog.listDatabases({ count: 3 })).toMatchObject({
      items: [{ Name: 'a' }, { Name: 'b' }, { Name: 'c' }],
      next: 'c',
    });
    expect(catalog.listDatabases({ count: 3, after: 'c' })).toEqual({ items: [catalog.getDatabase('d')] });
    expect([...everyItem((options) => catalog.listDatabases(options), 1)].map((item) => item.Name)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });
});

describe('tables', () => {
  it('are answered with what was given and what the service adds', () => {
    const { catalog } = openWithTable();
    expect(catalog.getTable('SALES', 'orders')).toEqual({
      Name: 'orders',
      DatabaseName: 'sales',
      Description: 'all of them',
      Retention: 0,
      PartitionKeys: [
        { Name: 'year', Type: 'int' },
        { Name: 'region', Type: 'string' },
      ],
      StorageDescriptor: {
        Columns: [{ Name: 'Id', Type: 'bigint' }],
        Location: 's3://b/orders/',
        Compressed: false,
        NumberOfBuckets: 0,
        SortColumns: [],
        StoredAsSubDirectories: false,
      },
      CreateTime: new Date('2024-05-01T10:00:00Z'),
      UpdateTime: new Date('2024-05-01T10:00:00Z'),
      CreatedBy: 'arn:aws:iam::123456789012:root',
      IsRegisteredWithLakeFormation: false,
      IsMultiDialectView: false,
      CatalogId: '123456789012',
      VersionId: '0',
    });
  });

  it('need their database', () => {
    const { catalog } = open();
    expect(() => catalog.createTable('nowhere', { Name: 't' }, { createdBy: 'me' })).toThrow(
      expect.objectContaining({ name: 'EntityNotFoundException', message: 'Database nowhere not found.' }),
    );
  });

  it('cannot be made twice', () => {
    const { catalog } = openWithTable();
    expect(() => catalog.createTable('sales', { Name: 'ORDERS' }, { createdBy: 'me' })).toThrow(
      expect.objectContaining({ name: 'AlreadyExistsException', message: 'Table already exists.' }),
    );
  });

  it('are told apart from missing ones', () => {
    const { catalog } = openWithTable();
    expect(catalog.findTable('sales', 'nothing')).toBeUndefined();
    expect(() => catalog.getTable('sales', 'nothing')).toThrow('Table nothing not found.');
    expect(() => catalog.deleteTable('sales', 'nothing')).toThrow('Table nothing not found.');
  });

  it('keep a history: every update counts up, and archives the old version unless told not to', async () => {
    const { catalog, clock } = openWithTable();
    await clock.sleep(60_000);
    catalog.updateTable('sales', { Name: 'orders', Description: 'second' });
    catalog.updateTable('sales', { Name: 'orders', Description: 'third' }, { skipArchive: true });
    catalog.updateTable('sales', { Name: 'orders', Description: 'fourth' });
    const versions = catalog.listTableVersions('sales', 'orders').items;
    expect(versions.map(({ VersionId, Table }) => [VersionId, Table?.Description])).toEqual([
      ['3', 'fourth'],
      ['2', 'third'],
      ['0', 'all of them'],
    ]);
    expect(versions[2]?.Table?.UpdateTime).toEqual(new Date('2024-05-01T10:00:00Z'));
    expect(catalog.getTable('sales', 'orders')).toMatchObject({
      CreateTime: new Date('2024-05-01T10:00:00Z'),
      UpdateTime: new Date('2024-05-01T10:01:00Z'),
      CreatedBy: 'arn:aws:iam::123456789012:root',
      VersionId: '3',
    });
    expect(catalog.getTable('sales', 'orders')).not.toHaveProperty('StorageDescriptor');
    expect(catalog.getTableVersion('sales', 'orders').VersionId).toBe('3');
    expect(catalog.getTableVersion('sales', 'orders', '0').Table?.Description).toBe('all of them');
    expect(() => catalog.getTableVersion('sales', 'orders', '1')).toThrow('Version not found.');
    expect(() => catalog.getTableVersion('sales', 'orders', 'latest')).toThrow('Version not found.');
    expect(catalog.listTableVersions('sales', 'orders', { count: 1, after: '3' })).toMatchObject({
      items: [{ VersionId: '2' }],
      next: '2',
    });
  });

  it('refuse an update made from an old version', () => {
    const { catalog } = openWithTable();
    catalog.updateTable('sales', { Name: 'orders' }, { versionId: '0' });
    expect(() => catalog.updateTable('sales', { Name: 'orders' }, { versionId: '0' })).toThrow(
      expect.objectContaining({ name: 'ConcurrentModificationException' }),
    );
    expect(catalog.getTable('sales', 'orders').VersionId).toBe('1');
  });

  it('are listed by name, by a regular expression of the whole name, in pages', () => {
    const { catalog } = openWithTable();
    for (const Name of ['b_orders', 'a_orders', 'orders_old']) {
      catalog.createTable('sales', { Name }, { createdBy: 'me' });
    }
    const names = (options?: Parameters<typeof catalog.listTables>[1]) =>
      catalog.listTables('sales', options).items.map((table) => table.Name);
    expect(names()).toEqual(['a_orders', 'b_orders', 'orders', 'orders_old']);
    expect(names({ expression: 'orders' })).toEqual(['orders']);
    expect(names({ expression: '.*orders' })).toEqual(['a_orders', 'b_orders', 'orders']);
    expect(names({ expression: 'a.*|orders' })).toEqual(['a_orders', 'orders']);
    expect(names({ expression: '.*orders', count: 2 })).toEqual(['a_orders', 'b_orders']);
    expect(names({ expression: '.*orders', count: 2, after: 'b_orders' })).toEqual(['orders']);
    expect(() => names({ expression: '(' })).toThrow(
      expect.objectContaining({ name: 'InvalidInputException' }),
    );
  });

  it('forget their history and partitions when deleted', () => {
    const { catalog } = openWithTable();
    catalog.updateTable('sales', { Name: 'orders', PartitionKeys: [{ Name: 'year', Type: 'int' }] });
    catalog.createPartitions('sales', 'orders', [{ Values: ['2024'] }]);
    catalog.deleteTable('sales', 'Orders');
    catalog.createTable('sales', { Name: 'orders' }, { createdBy: 'me' });
    expect(catalog.listTableVersions('sales', 'orders').items).toHaveLength(1);
    expect(catalog.listPartitions('sales', 'orders').items).toEqual([]);
  });
});

describe('partitions', () => {
  it('are answered with their table, their times and their own descriptor', () => {
    const { catalog } = openWithTable();
    const errors = catalog.createPartitions('sales', 'orders', [
      {
        Values: ['2024', 'eu'],
        Parameters: { objectCount: '3' },
        LastAccessTime: new Date('2024-04-30T00:00:00Z'),
        StorageDescriptor: {
          Columns: [{ Name: 'Id', Type: 'bigint' }],
          Location: 's3://b/orders/year=2024/region=eu/',
          Parameters: { sizeKey: '17' },
          SerdeInfo: { Parameters: { 'serialization.format': '1' } },
        },
      },
      { Values: ['2024', 'us'] },
    ]);
    expect(errors).toEqual([]);
    expect(catalog.getPartition('sales', 'ORDERS', ['2024', 'eu'])).toEqual({
      Values: ['2024', 'eu'],
      DatabaseName: 'sales',
      TableName: 'orders',
      CatalogId: '123456789012',
      CreationTime: new Date('2024-05-01T10:00:00Z'),
      LastAccessTime: new Date('2024-04-30T00:00:00Z'),
      Parameters: { objectCount: '3' },
      StorageDescriptor: {
        Columns: [{ Name: 'Id', Type: 'bigint' }],
        Location: 's3://b/orders/year=2024/region=eu/',
        Parameters: { sizeKey: '17' },
        SerdeInfo: { Parameters: { 'serialization.format': '1' } },
        Compressed: false,
        NumberOfBuckets: 0,
        SortColumns: [],
        StoredAsSubDirectories: false,
      },
    });
    expect(catalog.getPartition('sales', 'orders', ['2024', 'us'])).not.toHaveProperty('StorageDescriptor');
    const listed = catalog.listPartitions('sales', 'orders', { withoutColumns: true }).items;
    expect(listed[0]?.StorageDescriptor).toMatchObject({ Location: 's3://b/orders/year=2024/region=eu/' });
    expect(listed[0]?.StorageDescriptor).not.toHaveProperty('Columns');
  });

  it('report each that fails and write the others', () => {
    const { catalog } = openWithTable();
    const errors = catalog.createPartitions('sales', 'orders', [
      { Values: ['2024', 'eu'], Parameters: { first: 'yes' } },
      { Values: ['2024'] },
      { Values: ['2024', 'eu'] },
      { Values: ['2025', 'eu'] },
    ]);
    expect(errors).toMatchObject([
      { PartitionValues: ['2024'], ErrorDetail: { ErrorCode: 'InvalidInputException' } },
      {
        PartitionValues: ['2024', 'eu'],
        ErrorDetail: { ErrorCode: 'AlreadyExistsException', ErrorMessage: 'Partition already exists.' },
      },
    ]);
    expect(catalog.listPartitions('sales', 'orders').items.map((item) => item.Values)).toEqual([
      ['2024', 'eu'],
      ['2025', 'eu'],
    ]);
    expect(catalog.getPartition('sales', 'orders', ['2024', 'eu']).Parameters).toEqual({ first: 'yes' });
    expect(
      catalog.deletePartitions('sales', 'orders', [
        ['2024', 'eu'],
        ['2024', 'xx'],
      ]),
    ).toMatchObject([
      {
        PartitionValues: ['2024', 'xx'],
        ErrorDetail: { ErrorCode: 'EntityNotFoundException', ErrorMessage: 'Cannot find partition.' },
      },
    ]);
  });

  it('may be renamed by an update, but not onto another', async () => {
    const { catalog, clock } = openWithTable();
    catalog.createPartitions('sales', 'orders', [{ Values: ['2024', 'eu'] }, { Values: ['2024', 'us'] }]);
    await clock.sleep(60_000);
    const errors = catalog.updatePartitions('sales', 'orders', [
      { values: ['2024', 'eu'], input: { Values: ['2024', 'uk'], Parameters: { moved: 'yes' } } },
      { values: ['2024', 'us'], input: { Values: ['2024', 'uk'] } },
      { values: ['2023', 'us'], input: { Parameters: {} } },
    ]);
    expect(errors).toMatchObject([
      { PartitionValueList: ['2024', 'us'], ErrorDetail: { ErrorCode: 'AlreadyExistsException' } },
      { PartitionValueList: ['2023', 'us'], ErrorDetail: { ErrorCode: 'EntityNotFoundException' } },
    ]);
    expect(catalog.findPartition('sales', 'orders', ['2024', 'eu'])).toBeUndefined();
    expect(catalog.getPartition('sales', 'orders', ['2024', 'uk'])).toMatchObject({
      Parameters: { moved: 'yes' },
      CreationTime: new Date('2024-05-01T10:00:00Z'),
    });
  });

  it('are kept apart by their text and ordered by the value of their types', () => {
    const { catalog } = openWithTable();
    const values = [
      ['10', 'a'],
      ['9', 'b'],
      ['-1', 'c'],
      ['09', 'b'],
      ['__HIVE_DEFAULT_PARTITION__', 'z'],
      ['9', ''],
    ];
    catalog.createPartitions(
      'sales',
      'orders',
      values.map((Values) => ({ Values })),
    );
    expect(catalog.listPartitions('sales', 'orders').items.map((item) => item.Values)).toEqual([
      ['-1', 'c'],
      ['09', 'b'],
      ['9', ''],
      ['9', 'b'],
      ['10', 'a'],
      ['__HIVE_DEFAULT_PARTITION__', 'z'],
    ]);
  });

  it('are sorted anew when the type of a key changes', () => {
    const { catalog } = openWithTable();
    catalog.createPartitions('sales', 'orders', [{ Values: ['10', 'a'] }, { Values: ['9', 'b'] }]);
    const order = () => catalog.listPartitions('sales', 'orders').items.map((item) => item.Values?.[0]);
    expect(order()).toEqual(['9', '10']);
    catalog.updateTable('sales', {
      Name: 'orders',
      PartitionKeys: [
        { Name: 'year', Type: 'string' },
        { Name: 'region', Type: 'string' },
      ],
    });
    expect(order()).toEqual(['10', '9']);
    expect(catalog.getPartition('sales', 'orders', ['9', 'b']).Values).toEqual(['9', 'b']);
  });
});
