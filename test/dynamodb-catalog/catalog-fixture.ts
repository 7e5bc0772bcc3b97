// An embedded AWS with DynamoDB tables in it, and the calls that change something, by their names.
import type { AttributeValue, CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../src/base/clock.js';
import {
  openEmbedded,
  type Embedded,
  type EmbeddedClients,
  type EmbeddedOptions,
} from '../../src/embedded.js';
import {
  applyCatalog,
  checkSettings,
  openCatalogScope,
  planCatalog,
  type CatalogScope,
  type CatalogSettings,
} from '../../src/toolkit/dynamodb-catalog/index.js';

export interface CatalogFixture {
  aws: Embedded;
  clients: EmbeddedClients;
  scope: CatalogScope;
  /** Operations that changed something, by name, since tables or items were made. */
  writes: string[];
  createTables(...names: string[]): Promise<void>;
  put(TableName: string, ...items: Record<string, AttributeValue>[]): Promise<void>;
  plan(settings?: Partial<CatalogSettings>): ReturnType<typeof planCatalog>;
  apply(settings?: Partial<CatalogSettings>): ReturnType<typeof applyCatalog>;
}

const READS = /^(?:Get|List|Describe|BatchGet|Scan|Query)/;

export async function openCatalogFixture(
  options: EmbeddedOptions & { toolkitClock?: Clock } = {},
): Promise<CatalogFixture> {
  const aws = await openEmbedded(options);
  const clients = aws.clients();
  const writes: string[] = [];
  for (const client of [clients.glue, clients.iam, clients.dynamodb]) countWrites(client, writes);
  const scope = await openCatalogScope(clients, 'ddb_tables', { clock: options.toolkitClock });
  const settingsOf = (given: Partial<CatalogSettings>) => checkSettings({ schemas: false, ...given });
  return {
    aws,
    clients,
    scope,
    writes,
    async createTables(...names) {
      for (const TableName of names) await clients.dynamodb.createTable(tableOf(TableName));
      writes.length = 0;
    },
    async put(TableName, ...items) {
      for (const Item of items) await clients.dynamodb.putItem({ TableName, Item });
      writes.length = 0;
    },
    plan: (given = {}) => planCatalog(scope, settingsOf(given)),
    apply: async (given = {}) => applyCatalog(scope, await planCatalog(scope, settingsOf(given))),
  };
}

/** The clients' stacks differ in their inputs only, and those are not looked at. */
function countWrites(client: Pick<object, never>, writes: string[]): void {
  const { middlewareStack } = client as Pick<EmbeddedClients['glue'], 'middlewareStack'>;
  middlewareStack.add(
    (next, { commandName = '' }) =>
      (call) => {
        const name = commandName.replace(/Command$/, '');
        if (!READS.test(name)) writes.push(name);
        return next(call);
      },
    { step: 'initialize', name: 'count-writes' },
  );
}

export function tableOf(TableName: string): CreateTableCommandInput {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  };
}
