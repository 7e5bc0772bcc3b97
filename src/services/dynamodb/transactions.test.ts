// DynamoDB's transactions through its SDK client: all of it or nothing, and why.
import {
  TransactionCanceledException,
  type DynamoDB,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const clock = manualClock();
let aws: Embedded;
let db: DynamoDB;
beforeAll(async () => {
  aws = await openEmbedded({ clock });
  db = aws.clients().dynamodb;
  for (const TableName of ['accounts', 'moves']) {
    await db.createTable({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'owner', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-owner',
          KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
  }
});
afterAll(() => aws.close());
beforeEach(async () => {
  for (const TableName of ['accounts', 'moves']) {
    for (const { id } of (await db.scan({ TableName })).Items ?? []) {
      await db.deleteItem({ TableName, Key: { id: id! } });
    }
  }
  await db.putItem({
    TableName: 'accounts',
    Item: { id: { S: 'a' }, owner: { S: 'Ada' }, total: { N: '10' } },
  });
  await db.putItem({
    TableName: 'accounts',
    Item: { id: { S: 'b' }, owner: { S: 'Bob' }, total: { N: '0' } },
  });
});

const withdraw = (id: string, amount: string): TransactWriteItem => ({
  Update: {
    TableName: 'accounts',
    Key: { id: { S: id } },
    UpdateExpression: 'SET #t = #t - :n',
    ConditionExpression: '#t >= :n',
    ExpressionAttributeNames: { '#t': 'total' },
    ExpressionAttributeValues: { ':n': { N: amount } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});
const deposit = (id: string, amount: string): TransactWriteItem => ({
  Update: {
    TableName: 'accounts',
    Key: { id: { S: id } },
    UpdateExpression: 'ADD #t :n',
    ExpressionAttributeNames: { '#t': 'total' },
    ExpressionAttributeValues: { ':n': { N: amount } },
  },
});
const note = (id: string): TransactWriteItem => ({
  Put: {
    TableName: 'moves',
    Item: { id: { S: id }, owner: { S: 'Ada' }, raw: { B: new Uint8Array([1, 2]) } },
    ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});
const totals = async () => {
  const { Responses } = await db.transactGetItems({
    TransactItems: ['a', 'b'].map((id) => ({ Get: { TableName: 'accounts', Key: { id: { S: id } } } })),
  });
  return Responses?.map(({ Item }) => Item?.['total']?.N);
};
const cancelled = async (...TransactItems: TransactWriteItem[]) => {
  const error: unknown = await db.transactWriteItems({ TransactItems }).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  return error as TransactionCanceledException;
};

describe('TransactWriteItems', () => {
  it('does all of it, in tables and their indexes', async () => {
    await db.transactWriteItems({ TransactItems: [withdraw('a', '4'), deposit('b', '4'), note('1')] });
    expect(await totals()).toEqual(['6', '4']);
    const { Items } = await db.query({
      TableName: 'moves',
      IndexName: 'by-owner',
      KeyConditionExpression: '#o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': { S: 'Ada' } },
    });
    expect(Items?.map(({ id }) => id?.S)).toEqual(['1']);
  });

  it('does nothing when a condition fails, and gives a reason for each action with the item that was there', async () => {
    await db.transactWriteItems({ TransactItems: [note('1')] });
    const error = await cancelled(deposit('b', '40'), withdraw('a', '40'), note('1'), {
      Delete: { TableName: 'accounts', Key: { id: { S: 'c' } } },
    });
    expect(error.message).toBe(
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed, None]',
    );
    expect(error.CancellationReasons).toEqual([
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { id: { S: 'a' }, owner: { S: 'Ada' }, total: { N: '10' } },
      },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { id: { S: '1' }, owner: { S: 'Ada' }, raw: { B: new Uint8Array([1, 2]) } },
      },
      { Code: 'None' },
    ]);
    expect(await totals()).toEqual(['10', '0']);
  });

  it('checks an item that it does not change', async () => {
    const check = (ConditionExpression: string): TransactWriteItem => ({
      ConditionCheck: { TableName: 'accounts', Key: { id: { S: 'b' } }, ConditionExpression },
    });
    await db.transactWriteItems({ TransactItems: [check('attribute_exists(id)'), withdraw('a', '1')] });
    const error = await cancelled(check('attribute_not_exists(id)'), withdraw('a', '1'));
    expect(error.CancellationReasons?.map(({ Code }) => Code)).toEqual(['ConditionalCheckFailed', 'None']);
    expect(await totals()).toEqual(['9', '0']);
  });

  it('is cancelled by an update that does not fit its item, or a key that is none of the table', async () => {
    await db.updateItem({
      TableName: 'accounts',
      Key: { id: { S: 'b' } },
      UpdateExpression: 'SET #t = :s',
      ExpressionAttributeNames: { '#t': 'total' },
      ExpressionAttributeValues: { ':s': { S: 'text' } },
    });
    const error = await cancelled(withdraw('a', '1'), deposit('b', '1'), {
      Delete: { TableName: 'accounts', Key: { wrong: { S: 'x' } } },
    });
    expect(error.CancellationReasons?.map(({ Code }) => Code)).toEqual([
      'None',
      'ValidationError',
      'ValidationError',
    ]);
    expect((await totals())?.[0]).toBe('10');
  });

  it('of one token is done once, for ten minutes, and not with another request', async () => {
    const ClientRequestToken = 'token';
    const TransactItems = [withdraw('a', '1'), deposit('b', '1')];
    await db.transactWriteItems({ TransactItems, ClientRequestToken });
    await db.transactWriteItems({ TransactItems, ClientRequestToken });
    expect(await totals()).toEqual(['9', '1']);
    await expect(
      db.transactWriteItems({ TransactItems: [withdraw('a', '2')], ClientRequestToken }),
    ).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    await clock.advance(10 * 60_000);
    await db.transactWriteItems({ TransactItems, ClientRequestToken });
    expect(await totals()).toEqual(['8', '2']);
  });

  it('that is cancelled leaves its token to be used again', async () => {
    const ClientRequestToken = 'again';
    const request = { TransactItems: [withdraw('b', '5')], ClientRequestToken };
    await expect(db.transactWriteItems(request)).rejects.toThrow('ConditionalCheckFailed');
    await db.transactWriteItems({ TransactItems: [deposit('b', '5')] });
    await db.transactWriteItems(request);
    expect(await totals()).toEqual(['10', '0']);
  });

  it.each([
    [
      'two actions on one item',
      [withdraw('a', '1'), deposit('a', '1')],
      'cannot include multiple operations on one item',
    ],
    ['an action of no kind', [{}], 'can only contain one of Check, Put, Update or Delete'],
    ['two kinds in one', [{ ...withdraw('a', '1'), ...note('1') }], 'can only contain one of'],
    [
      'an expression that is none',
      [{ Delete: { TableName: 'moves', Key: { id: { S: '1' } }, ConditionExpression: 'a ==' } }],
      'Invalid ConditionExpression',
    ],
  ])('refuses %s', async (_, TransactItems, message) => {
    await expect(db.transactWriteItems({ TransactItems })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as string,
    });
    expect(await totals()).toEqual(['10', '0']);
  });

  it('of a table that is not there finds no resource', async () => {
    const TransactItems = [{ Delete: { TableName: 'nowhere', Key: { id: { S: '1' } } } }];
    await expect(db.transactWriteItems({ TransactItems })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('counts twice what the writes by themselves take', async () => {
    const { ConsumedCapacity } = await db.transactWriteItems({
      TransactItems: [withdraw('a', '1'), deposit('b', '1'), note('9')],
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(ConsumedCapacity).toEqual([
      { TableName: 'accounts', CapacityUnits: 4, WriteCapacityUnits: 4 },
      { TableName: 'moves', CapacityUnits: 2, WriteCapacityUnits: 2 },
    ]);
  });
});

describe('TransactGetItems', () => {
  it('answers in order, with nothing for what is not there, projected, and twice the capacity', async () => {
    const { Responses, ConsumedCapacity } = await db.transactGetItems({
      TransactItems: [
        { Get: { TableName: 'accounts', Key: { id: { S: 'b' } }, ProjectionExpression: 'id' } },
        { Get: { TableName: 'moves', Key: { id: { S: 'none' } } } },
        { Get: { TableName: 'accounts', Key: { id: { S: 'a' } } } },
      ],
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(Responses).toEqual([
      { Item: { id: { S: 'b' } } },
      {},
      { Item: { id: { S: 'a' }, owner: { S: 'Ada' }, total: { N: '10' } } },
    ]);
    expect(ConsumedCapacity).toEqual([
      { TableName: 'accounts', CapacityUnits: 4, ReadCapacityUnits: 4 },
      { TableName: 'moves', CapacityUnits: 2, ReadCapacityUnits: 2 },
    ]);
  });
});

it('a write whose condition fails gives the item that was there, when it is asked for', async () => {
  await expect(
    db.deleteItem({
      TableName: 'accounts',
      Key: { id: { S: 'a' } },
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }),
  ).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { id: { S: 'a' }, owner: { S: 'Ada' }, total: { N: '10' } },
  });
});
