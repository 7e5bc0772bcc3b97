// 500 DynamoDB tables catalogued by a server, twice: the second time nothing is written.
import { join } from 'node:path';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Glue } from '@aws-sdk/client-glue';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { mapConcurrently } from '../src/base/map-concurrently.js';
import {
  applyCatalog,
  checkSettings,
  openCatalogScope,
  planCatalog,
  type CatalogScope,
} from '../src/toolkit/dynamodb-catalog/index.js';
import type { Bench } from './bench.js';
import { compare, timeMs } from './measure.js';
import { startGluepot } from './server-process.js';

const TABLES = 500;
const settings = checkSettings({});

export const dynamodbCatalog: Bench = {
  name: 'dynamodb-catalog',
  summary: 'apply of a catalog of 500 DynamoDB tables, and apply again',
  async run(context) {
    const count = context.isQuick ? TABLES / 10 : TABLES;
    const { endpoint } = await startGluepot(context, { dataDir: join(context.folder, 'data') });
    const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
    const configuration = { endpoint, region: 'us-east-1', credentials };
    const clients = {
      dynamodb: new DynamoDB(configuration),
      glue: new Glue(configuration),
      iam: new IAM(configuration),
      logs: new CloudWatchLogs(configuration),
      sts: new STS(configuration),
    };
    context.defer(() => Object.values(clients).forEach((client) => client.destroy()));
    context.note(`making ${count} tables`);
    const names = Array.from({ length: count }, (_, index) => `table-${index}`);
    await mapConcurrently(names, 8, (TableName) =>
      clients.dynamodb.createTable({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    const scope = await openCatalogScope(clients, settings.DatabaseName);
    const first = await timeMs(() => applyAll(scope, 'changed'));
    const second = await timeMs(() => applyAll(scope, 'unchanged'));
    const share = count / TABLES;
    return [
      compare({
        name: 'catalog of 500 DynamoDB tables, first apply',
        unit: 'ms',
        measured: [first],
        limit: { name: 'allowed', samples: 30_000 * share },
        target: { atMost: 1 },
      }),
      compare({
        name: 'the same, second apply, nothing written',
        unit: 'ms',
        measured: [second],
        limit: { name: 'allowed', samples: 5000 * share },
        target: { atMost: 1 },
      }),
    ];
  },
};

async function applyAll(scope: CatalogScope, outcome: 'changed' | 'unchanged'): Promise<void> {
  const { results } = await applyCatalog(scope, await planCatalog(scope, settings));
  const other = results.find((result) => result.outcome !== outcome);
  if (other) throw new Error(`${other.TableName} is ${other.outcome}, not ${outcome}: ${other.message}`);
}
