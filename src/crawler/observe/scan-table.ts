// Observe: one DynamoDB table, its description and the attributes of its items.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../dynamodb/attribute-value.js';
import type { DynamoDb } from '../../dynamodb/open-dynamodb.js';
import { tableArn } from '../../dynamodb/table-name.js';
import type { RoleSession } from '../../identity/role-session.js';
import type { CrawlProgress } from '../crawl-progress.js';
import type { DynamodbTarget } from '../targets/dynamodb-target.js';
import { AttributeObservation } from './attribute-observation.js';

export interface ScannedTable {
  /** The table's ARN, under which it is catalogued. */
  location: string;
  description: TableDescription;
  /** By attribute, as DynamoDB spells it. */
  attributes: ReadonlyMap<string, AttributeObservation>;
  itemCount: number;
}

export interface ScanContext {
  dynamodb: DynamoDb;
  session: RoleSession;
  accountId: string;
  region: string;
  signal: AbortSignal;
  progress: CrawlProgress;
}

/**
 * Reads the whole table, or its first page for a sample. Part of a table says too little of it: one that goes while it is read
 * is as one that was not there.
 * @throws AwsError ResourceNotFoundException, and AccessDeniedException of the session; the signal's reason when it aborts
 */
export async function scanTable(target: DynamodbTarget, context: ScanContext): Promise<ScannedTable> {
  const { dynamodb, session, progress, signal, accountId, region } = context;
  const location = tableArn(region, accountId, target.table);
  progress.phase = 'reading';
  session.require('dynamodb:DescribeTable', location);
  const description = dynamodb.tables.describe(target.table);
  session.require('dynamodb:Scan', location);
  requireKey(description, context);
  const attributes = new Map<string, AttributeObservation>();
  let itemCount = 0;
  let ExclusiveStartKey: Item | undefined;
  do {
    signal.throwIfAborted();
    const page = (await dynamodb.read('scan', { TableName: target.table, ExclusiveStartKey })) as {
      Items: Item[];
      LastEvaluatedKey?: Item;
    };
    for (const item of page.Items) see(item, attributes);
    itemCount += page.Items.length;
    progress.objectCount += page.Items.length;
    ExclusiveStartKey = page.LastEvaluatedKey;
    await yieldToOthers();
  } while (ExclusiveStartKey && target.isScannedWhole);
  return { location, description, attributes, itemCount };
}

// AWS docs: DynamoDB encryption at rest: with a key of the customer's, who reads must be allowed to decrypt with it.
function requireKey({ SSEDescription }: TableDescription, { session, region }: ScanContext): void {
  const key = SSEDescription?.KMSMasterKeyArn;
  if (key === undefined || key.endsWith(':alias/aws/dynamodb')) return;
  session.require('kms:Decrypt', key, { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` });
}

function see(item: Item, attributes: Map<string, AttributeObservation>): void {
  for (const [name, value] of Object.entries(item)) {
    let observation = attributes.get(name);
    if (!observation) attributes.set(name, (observation = new AttributeObservation()));
    observation.see(value);
  }
}
