// DynamoDB through its SDK client.
import type { CreateTableCommandInput, DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const clock = manualClock(new Date('2024-05-01T00:00:00Z'));
let aws: Embedded;
let db: DynamoDB;
beforeAll(async () => {
  aws = await openEmbedded({ clock });
  db = aws.clients().dynamodb;
});
afterAll(() => aws.close());

const onDemand = (name: string, more: Partial<CreateTableCommandInput> = {}): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  ...more,
});

describe('tables', () => {
  it('are there at once, and described with what was asked for', async () => {
    const made = await db.createTable({
      TableName: 'orders',
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2 },
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      SSESpecification: { Enabled: true, KMSMasterKeyId: '1234abcd' },
      Tags: [{ Key: 'team', Value: 'shop' }],
    });
    expect(made.TableDescription?.TableStatus).toBe('CREATING');
    const { Table } = await db.describeTable({ TableName: 'orders' });
    expect(Table).toMatchObject({
      TableName: 'orders',
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/orders',
      CreationDateTime: new Date('2024-05-01T00:00:00Z'),
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2, NumberOfDecreasesToday: 0 },
      SSEDescription: {
        Status: 'ENABLED',
        SSEType: 'KMS',
        KMSMasterKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/1234abcd',
      },
      DeletionProtectionEnabled: false,
      ItemCount: 0,
      TableSizeBytes: 0,
    });
    expect(Table?.BillingModeSummary).toBeUndefined();
    const { Tags } = await db.listTagsOfResource({ ResourceArn: Table?.TableArn });
    expect(Tags).toEqual([{ Key: 'team', Value: 'shop' }]);
  });

  it.each([
    [
      'a table that is there',
      () => db.createTable(onDemand('orders')),
      'ResourceInUseException',
      /already exists: orders/,
    ],
    [
      'a key without definition',
      () => db.createTable(onDemand('bad', { KeySchema: [{ AttributeName: 'x', KeyType: 'HASH' }] })),
      'ValidationException',
      /not defined in AttributeDefinitions/,
    ],
    ['a name that is too short', () => db.createTable(onDemand('ab')), 'ValidationException', /3/],
    [
      'a stream',
      () => db.createTable(onDemand('streamed', { StreamSpecification: { StreamEnabled: true } })),
      'ValidationException',
      /StreamSpecification of CreateTable is not supported/,
    ],
    [
      'a table that is not there',
      () => db.describeTable({ TableName: 'nowhere' }),
      'ResourceNotFoundException',
      /Table: nowhere not found/,
    ],
    ['an operation that is not there', () => db.listExports({}), 'UnknownOperationException', /ListExports/],
  ])('refuse %s', async (_case, act, name, message) => {
    await expect(act()).rejects.toMatchObject({ name, message: expect.stringMatching(message) as string });
  });

  it('count their items and bytes as they are now, and those of their indexes', async () => {
    await db.createTable(
      onDemand('counted', {
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'state', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-state',
            KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    );
    const sizes = async () => {
      const { Table } = await db.describeTable({ TableName: 'counted' });
      const [index] = Table?.GlobalSecondaryIndexes ?? [];
      return [Table?.ItemCount, Table?.TableSizeBytes, index?.ItemCount, index?.IndexSizeBytes];
    };
    await db.putItem({ TableName: 'counted', Item: { id: { S: 'a' }, state: { S: 'new' }, n: { N: '12' } } });
    await db.putItem({ TableName: 'counted', Item: { id: { S: 'b' } } });
    // id+a 3, state+new 8, n+12 3; id+b 3.
    expect(await sizes()).toEqual([2, 17, 1, 11]);
    await db.updateItem({
      TableName: 'counted',
      Key: { id: { S: 'a' } },
      UpdateExpression: 'REMOVE #s',
      ExpressionAttributeNames: { '#s': 'state' },
    });
    expect(await sizes()).toEqual([2, 9, 0, 0]);
    await db.deleteItem({ TableName: 'counted', Key: { id: { S: 'a' } } });
    expect(await sizes()).toEqual([1, 3, 0, 0]);
  });

  it('get and lose indexes, which are filled with what is there', async () => {
    await db.createTable(onDemand('grown'));
    await db.putItem({ TableName: 'grown', Item: { id: { S: 'a' }, kind: { N: '1' } } });
    await db.putItem({ TableName: 'grown', Item: { id: { S: 'b' } } });
    await db.updateTable({
      TableName: 'grown',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'kind', AttributeType: 'N' },
      ],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'by-kind',
            KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        },
      ],
    });
    const { Items } = await db.query({
      TableName: 'grown',
      IndexName: 'by-kind',
      KeyConditionExpression: 'kind = :k',
      ExpressionAttributeValues: { ':k': { N: '1.0' } },
    });
    expect(Items).toEqual([{ id: { S: 'a' }, kind: { N: '1' } }]);
    await db.updateTable({
      TableName: 'grown',
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-kind' } }],
    });
    const { Table } = await db.describeTable({ TableName: 'grown' });
    expect(Table?.GlobalSecondaryIndexes).toBeUndefined();
    expect(Table?.AttributeDefinitions).toEqual([{ AttributeName: 'id', AttributeType: 'S' }]);
  });

  it('change their billing and throughput, and refuse what they have already', async () => {
    await db.createTable(onDemand('billed'));
    await db.updateTable({
      TableName: 'billed',
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
    });
    const { Table } = await db.describeTable({ TableName: 'billed' });
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PROVISIONED');
    expect(Table?.ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 3, WriteCapacityUnits: 4 });
    await expect(
      db.updateTable({
        TableName: 'billed',
        ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
      }),
    ).rejects.toThrow('The provisioned throughput for the table will not change.');
  });

  it('are protected from deletion as long as they say so', async () => {
    await db.createTable(onDemand('kept', { DeletionProtectionEnabled: true }));
    await expect(db.deleteTable({ TableName: 'kept' })).rejects.toThrow('protected against deletion');
    await db.updateTable({ TableName: 'kept', DeletionProtectionEnabled: false });
    const { TableDescription } = await db.deleteTable({ TableName: 'kept' });
    expect(TableDescription?.TableStatus).toBe('DELETING');
    await expect(db.describeTable({ TableName: 'kept' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('leave nothing of their items behind', async () => {
    await db.createTable(onDemand('again'));
    await db.putItem({ TableName: 'again', Item: { id: { S: 'old' } } });
    await db.deleteTable({ TableName: 'again' });
    await db.createTable(onDemand('again'));
    expect((await db.scan({ TableName: 'again' })).Items).toEqual([]);
  });

  it('are listed in pages', async () => {
    const other = await openEmbedded();
    const { dynamodb } = other.clients();
    for (const name of ['ccc', 'aaa', 'bbb']) await dynamodb.createTable(onDemand(name));
    const first = await dynamodb.listTables({ Limit: 2 });
    expect(first).toMatchObject({ TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
    const rest = await dynamodb.listTables({ ExclusiveStartTableName: 'bbb' });
    expect(rest.TableNames).toEqual(['ccc']);
    expect(rest.LastEvaluatedTableName).toBeUndefined();
    await other.close();
  });

  it('have tags in pages, up to 50', async () => {
    await db.createTable(onDemand('tagged'));
    const ResourceArn = 'arn:aws:dynamodb:us-east-1:123456789012:table/tagged';
    const numbered = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        Key: `k${String(index).padStart(2, '0')}`,
        Value: 'v',
      }));
    await db.tagResource({ ResourceArn, Tags: numbered(12) });
    const first = await db.listTagsOfResource({ ResourceArn });
    expect(first.Tags).toHaveLength(10);
    const rest = await db.listTagsOfResource({ ResourceArn, NextToken: first.NextToken });
    expect(rest.Tags?.map(({ Key }) => Key)).toEqual(['k10', 'k11']);
    await db.untagResource({ ResourceArn, TagKeys: ['k00', 'k01', 'k02'] });
    expect((await db.listTagsOfResource({ ResourceArn })).Tags).toHaveLength(9);
    await expect(db.tagResource({ ResourceArn, Tags: numbered(51) })).rejects.toThrow('at most 50 tags');
  });

  it('tell EventBridge of themselves as CloudTrail does', async () => {
    const { events, sqs } = aws.clients();
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'new-tables' });
    await events.putRule({
      Name: 'new-tables',
      EventPattern: JSON.stringify({
        source: ['aws.dynamodb'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventSource: ['dynamodb.amazonaws.com'], eventName: ['CreateTable', 'DeleteTable'] },
      }),
    });
    await events.putTargets({
      Rule: 'new-tables',
      Targets: [{ Id: 'q', Arn: 'arn:aws:sqs:us-east-1:123456789012:new-tables' }],
    });
    await db.createTable(onDemand('told'));
    await db.deleteTable({ TableName: 'told' });
    const told: unknown[] = [];
    for (let turn = 0; turn < 50 && told.length < 2; turn++) {
      await clock.advance(100);
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      told.push(...Messages.map(({ Body }) => JSON.parse(Body as string) as unknown));
    }
    expect(told).toMatchObject([
      {
        source: 'aws.dynamodb',
        detail: {
          eventName: 'CreateTable',
          requestParameters: { tableName: 'told', billingMode: 'PAY_PER_REQUEST' },
        },
      },
      { detail: { eventName: 'DeleteTable', requestParameters: { tableName: 'told' } } },
    ]);
  });
});

describe('items', () => {
  beforeAll(async () => {
    await db.createTable(
      onDemand('things', {
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'n', AttributeType: 'N' },
          { AttributeName: 'state', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'n', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-state',
            KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
  });

  it('keep every type of value', async () => {
    const Item = {
      id: { S: 'typed' },
      n: { N: '1' },
      bytes: { B: new Uint8Array([0, 255]) },
      yes: { BOOL: true },
      nothing: { NULL: true },
      map: { M: { inner: { L: [{ N: '1.5' }, { S: '' }, { M: {} }] } } },
      texts: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2'] },
      blobs: { BS: [new Uint8Array([1])] },
    };
    await db.putItem({ TableName: 'things', Item });
    const Key = { id: { S: 'typed' }, n: { N: '1' } };
    expect((await db.getItem({ TableName: 'things', Key })).Item).toEqual(Item);
    const byArn = await db.getItem({
      TableName: 'arn:aws:dynamodb:us-east-1:123456789012:table/things',
      Key,
    });
    expect(byArn.Item).toEqual(Item);
  });

  it('are written on conditions, and keep the old when those fail', async () => {
    const put = (value: string) =>
      db.putItem({
        TableName: 'things',
        Item: { id: { S: 'once' }, n: { N: '1' }, v: { S: value } },
        ConditionExpression: 'attribute_not_exists(id)',
      });
    await put('first');
    await expect(put('second')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    const Key = { id: { S: 'once' }, n: { N: '1' } };
    expect((await db.getItem({ TableName: 'things', Key })).Item?.['v']).toEqual({ S: 'first' });
  });

  it('are found in the order of their range key, both ways and in pages', async () => {
    const numbers = ['-10', '-1', '0', '0.5', '2', '10', '100'];
    for (const n of numbers) await db.putItem({ TableName: 'things', Item: { id: { S: 'q' }, n: { N: n } } });
    const pages = async (ScanIndexForward: boolean, Limit: number) => {
      const found: (string | undefined)[] = [];
      let ExclusiveStartKey: Record<string, { S: string }> | undefined;
      do {
        const page = await db.query({
          TableName: 'things',
          KeyConditionExpression: 'id = :id',
          ExpressionAttributeValues: { ':id': { S: 'q' } },
          ScanIndexForward,
          Limit,
          ExclusiveStartKey,
        });
        found.push(...(page.Items ?? []).map((item) => item['n']?.N));
        ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
      } while (ExclusiveStartKey);
      return found;
    };
    expect(await pages(true, 3)).toEqual(numbers);
    expect(await pages(false, 2)).toEqual([...numbers].reverse());
  });

  it('are scanned whole by segments and pages, each once', async () => {
    await db.createTable(onDemand('wide'));
    for (let from = 0; from < 600; from += 25) {
      await db.batchWriteItem({
        RequestItems: {
          wide: Array.from({ length: 25 }, (_, index) => ({
            PutRequest: { Item: { id: { S: `item ${from + index}` } } },
          })),
        },
      });
    }
    const found: string[] = [];
    for (let Segment = 0; Segment < 3; Segment++) {
      let ExclusiveStartKey: Record<string, { S: string }> | undefined;
      do {
        const page = await db.scan({
          TableName: 'wide',
          TotalSegments: 3,
          Segment,
          Limit: 70,
          ExclusiveStartKey,
        });
        found.push(...(page.Items ?? []).map((item) => item['id']?.S as string));
        ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
      } while (ExclusiveStartKey);
    }
    expect(found).toHaveLength(600);
    expect(new Set(found).size).toBe(600);
    expect((await db.scan({ TableName: 'wide', Select: 'COUNT' })).Count).toBe(600);
  });

  it('stand side by side in an index even when hashes of their keys agree', async () => {
    // dynalite tells entries of one index key apart by 24 bits of MD5; these two ids share them.
    const twins = ['id-6757', 'id-7088'];
    await db.createTable(
      onDemand('twins', {
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'state', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-state',
            KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
    for (const id of twins) {
      await db.putItem({ TableName: 'twins', Item: { id: { S: id }, state: { S: 'open' } } });
    }
    const query = (more: object) =>
      db.query({
        TableName: 'twins',
        IndexName: 'by-state',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': { S: 'open' } },
        ...more,
      });
    expect((await query({})).Count).toBe(2);
    for (const ScanIndexForward of [true, false]) {
      const first = await query({ Limit: 1, ScanIndexForward });
      const second = await query({
        Limit: 1,
        ScanIndexForward,
        ExclusiveStartKey: first.LastEvaluatedKey,
      });
      const ids = [first, second].map(({ Items }) => Items?.[0]?.['id']?.S);
      expect([...ids].sort()).toEqual([...twins].sort());
      const third = await query({ Limit: 1, ScanIndexForward, ExclusiveStartKey: second.LastEvaluatedKey });
      expect(third.Items).toEqual([]);
    }
  });

  it('are all refused when one of a batch is bad', async () => {
    await expect(
      db.batchWriteItem({
        RequestItems: {
          things: [
            { PutRequest: { Item: { id: { S: 'good' }, n: { N: '1' } } } },
            { PutRequest: { Item: { id: { S: 'bad' } } } },
          ],
        },
      }),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    const Key = { id: { S: 'good' }, n: { N: '1' } };
    expect((await db.getItem({ TableName: 'things', Key })).Item).toBeUndefined();
  });
});
