// DynamoDB operations on items. Their answers are ready for the wire and copied as they are.
import type {
  BatchGetItemCommandOutput,
  BatchWriteItemCommandOutput,
  DeleteItemCommandOutput,
  GetItemCommandOutput,
  PutItemCommandOutput,
  QueryCommandOutput,
  ScanCommandOutput,
  TransactGetItemsCommandOutput,
  TransactWriteItemsCommandOutput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDb, ReadAction, WriteAction } from '../../dynamodb/open-dynamodb.js';
import { EncodedJson, type Operations } from '../../wire/service.js';

export function itemOperations(dynamodb: DynamoDb) {
  const read =
    <T>(action: ReadAction) =>
    async (input: object) =>
      encoded<T>(await dynamodb.read(action, input));
  const write =
    <T>(action: WriteAction) =>
    (input: object) =>
      encoded<T>(dynamodb.write(action, input));
  return {
    GetItem: read<GetItemCommandOutput>('getItem'),
    BatchGetItem: read<BatchGetItemCommandOutput>('batchGetItem'),
    Query: read<QueryCommandOutput>('query'),
    Scan: read<ScanCommandOutput>('scan'),
    PutItem: write<PutItemCommandOutput>('putItem'),
    UpdateItem: write<UpdateItemCommandOutput>('updateItem'),
    DeleteItem: write<DeleteItemCommandOutput>('deleteItem'),
    BatchWriteItem: write<BatchWriteItemCommandOutput>('batchWriteItem'),
    TransactGetItems: (input) => encoded<TransactGetItemsCommandOutput>(dynamodb.transactions.get(input)),
    TransactWriteItems: (input) =>
      encoded<TransactWriteItemsCommandOutput>(dynamodb.transactions.write(input)),
  } satisfies Operations<typeof import('@aws-sdk/client-dynamodb')>;
}

function encoded<T>(answer: object): T {
  return new EncodedJson(JSON.stringify(answer)) as T;
}
