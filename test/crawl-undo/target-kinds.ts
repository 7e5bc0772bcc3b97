// A crawler for each kind of target, with what there is for its first crawl, and what came, changed and went by the second.
import type { CreateCrawlerRequest } from '@aws-sdk/client-glue';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { csv, type UndoFixture } from './undo-fixture.js';

export interface TargetKind {
  crawler: Partial<CreateCrawlerRequest>;
  setUp(lake: UndoFixture): Promise<void> | void;
  change(lake: UndoFixture): Promise<void> | void;
}

const DELETING = { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DELETE_FROM_DATABASE' } as const;
const LOGGING = { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' } as const;
const DEPRECATING = { ...DELETING, DeleteBehavior: 'DEPRECATE_IN_DATABASE' } as const;

const ROWS = csv('id,amount', '1,2.5', '2,3.5');
const OTHER_ROWS = csv('id,amount,city', '1,x,Oslo', '2,y,Rome');

function s3(overrides: Partial<CreateCrawlerRequest>): TargetKind {
  return {
    crawler: {
      Targets: { S3Targets: [{ Path: 's3://bucket/data/' }, { Path: 's3://bucket/more/' }] },
      TablePrefix: 'a_',
      ...overrides,
    },
    setUp(lake) {
      lake.put({ 'data/orders/day=1/a.csv': ROWS, 'data/orders/day=2/a.csv': ROWS, 'data/gone/a.csv': ROWS });
      lake.put({ 'more/items/a.json': '{"a":1,"b":{"c":2}}\n' });
    },
    change(lake) {
      lake.put({
        'data/orders/day=1/a.csv': OTHER_ROWS,
        'data/orders/day=3/a.csv': ROWS,
        'more/new/a.csv': ROWS,
      });
      lake.put({ 'more/items/a.json': '{"a":"x","b":{"c":2,"d":1}}\n' });
      lake.remove('data/orders/day=2', 'data/gone');
    },
  };
}

const configured = (configuration: object) => ({
  Configuration: JSON.stringify({ Version: 1, ...configuration }),
});

async function makeDynamodbTable(lake: UndoFixture, TableName: string) {
  const { dynamodb } = lake.aws.clients();
  await dynamodb.createTable({
    TableName,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await dynamodb.putItem({ TableName, Item: { id: { S: '1' }, amount: { N: '1' } } });
}

const dynamodb: TargetKind = {
  crawler: {
    Targets: { DynamoDBTargets: [{ Path: 'orders' }, { Path: 'gone' }] },
    SchemaChangePolicy: DEPRECATING,
  },
  async setUp(lake) {
    for (const name of ['orders', 'gone']) await makeDynamodbTable(lake, name);
  },
  async change(lake) {
    const { dynamodb } = lake.aws.clients();
    await dynamodb.putItem({
      TableName: 'orders',
      Item: { id: { S: '2' }, amount: { S: 'x' }, more: { BOOL: true } },
    });
    await dynamodb.deleteTable({ TableName: 'gone' });
    await makeDynamodbTable(lake, 'new');
    const DynamoDBTargets = [{ Path: 'orders' }, { Path: 'new' }];
    await lake.glue.updateCrawler({ Name: 'crawler', Targets: { DynamoDBTargets } });
  },
};

const lines = (...actions: object[]) => actions.map((action) => `${JSON.stringify(action)}\n`).join('');

/** A commit to a Delta table that is partitioned by day, of a file a day. */
function deltaCommit(
  name: string,
  version: number,
  columns: Record<string, string>,
  days: Record<string, 'add' | 'remove'>,
) {
  const fields = Object.entries({ ...columns, day: 'string' }).map(([name, type]) => ({
    name,
    type,
    nullable: true,
    metadata: {},
  }));
  const metaData = {
    id: name,
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify({ type: 'struct', fields }),
    partitionColumns: ['day'],
    configuration: {},
  };
  const files = Object.entries(days).map(([day, action]) => ({
    [action]: {
      path: `day=${day}/a.parquet`,
      partitionValues: { day },
      size: 1,
      modificationTime: 1,
      dataChange: true,
    },
  }));
  const protocol = { protocol: { minReaderVersion: 1, minWriterVersion: 2 } };
  return {
    [`delta/${name}/_delta_log/${String(version).padStart(20, '0')}.json`]: lines(
      protocol,
      { metaData },
      ...files,
    ),
  };
}

function delta(target: object): TargetKind {
  const DeltaTables = ['orders', 'gone', 'new'].map((name) => `s3://bucket/delta/${name}/`);
  return {
    crawler: { Targets: { DeltaTargets: [{ DeltaTables, ...target }] }, SchemaChangePolicy: DELETING },
    setUp(lake) {
      lake.put(deltaCommit('orders', 0, { id: 'long' }, { 1: 'add', 2: 'add' }));
      lake.put(deltaCommit('gone', 0, { id: 'long' }, { 1: 'add' }));
    },
    change(lake) {
      lake.put(deltaCommit('orders', 1, { id: 'string', more: 'double' }, { 1: 'remove', 3: 'add' }));
      lake.put(deltaCommit('new', 0, { id: 'long' }, { 1: 'add' }));
      lake.remove('delta/gone');
    },
  };
}

function icebergMetadata(name: string, version: number, ...columns: string[]) {
  const location = `s3://bucket/warehouse/${name}`;
  const fields = columns.map((column, index) => ({
    id: index + 1,
    name: column,
    required: false,
    type: 'long',
  }));
  const schemas = [{ 'schema-id': 0, type: 'struct', fields }];
  const metadata = {
    'format-version': 2,
    'table-uuid': name,
    location,
    'last-updated-ms': version,
    'current-schema-id': 0,
    schemas,
  };
  return { [`warehouse/${name}/metadata/0000${version}-a.metadata.json`]: JSON.stringify(metadata) };
}

const iceberg: TargetKind = {
  crawler: {
    Targets: { IcebergTargets: [{ Paths: ['s3://bucket/warehouse/'] }] },
    SchemaChangePolicy: DEPRECATING,
  },
  setUp: (lake) => lake.put({ ...icebergMetadata('orders', 0, 'id'), ...icebergMetadata('gone', 0, 'id') }),
  change(lake) {
    lake.put({ ...icebergMetadata('orders', 1, 'id', 'more'), ...icebergMetadata('new', 0, 'id') });
    lake.remove('warehouse/gone');
  },
};

function catalog(UpdateBehavior: 'UPDATE_IN_DATABASE' | 'LOG'): TargetKind {
  return {
    crawler: {
      Targets: { CatalogTargets: [{ DatabaseName: DATABASE, Tables: ['orders', 'items'] }] },
      SchemaChangePolicy: { UpdateBehavior, DeleteBehavior: 'LOG' },
      DatabaseName: '',
    },
    async setUp(lake) {
      lake.put({ 'sales/2024/a.csv': ROWS, 'items/a.csv': ROWS });
      for (const [Name, folder, keys] of [
        ['orders', 'sales', ['year']],
        ['items', 'items', []],
      ] as const) {
        const StorageDescriptor = {
          Location: `s3://bucket/${folder}/`,
          Columns: [{ Name: 'id', Type: 'int', Comment: 'ours' }],
        };
        const PartitionKeys = keys.map((key) => ({ Name: key, Type: 'int' }));
        const TableInput = { Name, Owner: 'us', PartitionKeys, StorageDescriptor, Parameters: { team: 'x' } };
        await lake.glue.createTable({ DatabaseName: DATABASE, TableInput });
      }
    },
    change: (lake) =>
      lake.put({ 'sales/2024/a.csv': OTHER_ROWS, 'sales/2025/a.csv': ROWS, 'items/a.csv': OTHER_ROWS }),
  };
}

/** Tables that are no more than a definition: all of them is taken back. */
export const PLAIN: Readonly<Record<string, TargetKind>> = {
  'folders, deleting': s3({ SchemaChangePolicy: DELETING }),
  'folders, deprecating, with new columns merged and partitions that inherit': s3({
    ...configured({
      CrawlerOutput: {
        Tables: { AddOrUpdateBehavior: 'MergeNewColumns' },
        Partitions: { AddOrUpdateBehavior: 'InheritFromTable' },
      },
    }),
    SchemaChangePolicy: DEPRECATING,
  }),
  'folders of a level, combined, without indexes': s3({
    ...configured({
      Grouping: { TableLevelConfiguration: 2, TableGroupingPolicy: 'CombineCompatibleSchemas' },
      CreatePartitionIndex: false,
    }),
    SchemaChangePolicy: DELETING,
  }),
  'new folders only': s3({
    RecrawlPolicy: { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' },
    SchemaChangePolicy: LOGGING,
  }),
  'manifests of Delta tables': delta({ WriteManifest: true }),
  'DynamoDB tables': dynamodb,
  'tables of the catalog': catalog('UPDATE_IN_DATABASE'),
  'tables of the catalog, left as they are but for partitions': catalog('LOG'),
};

/** Tables whose definition points at a state of their data. */
export const FORMATS: Readonly<Record<string, TargetKind>> = {
  'native Delta tables': delta({ CreateNativeDeltaTable: true }),
  'Iceberg tables': iceberg,
};
