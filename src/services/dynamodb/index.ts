// The DynamoDB service: tables, items, tags.
import type { DynamoDb } from '../../dynamodb/open-dynamodb.js';
import { dynamodbConstraints } from '../../wire/constraints/dynamodb.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Service } from '../../wire/service.js';
import { itemOperations } from './items.js';
import { tableOperations } from './tables.js';
import { tagOperations } from './tags.js';

export function dynamodbService(dynamodb: DynamoDb): Service {
  return {
    signingName: 'dynamodb',
    protocol: 'json-1.0',
    targetPrefix: 'DynamoDB_20120810',
    get client() {
      return sdkModule('dynamodb');
    },
    constraints: dynamodbConstraints,
    validationErrorName: 'ValidationException',
    operations: {
      ...tableOperations(dynamodb),
      ...itemOperations(dynamodb),
      ...tagOperations(dynamodb),
    },
  };
}
