// Reads a sample of a table by Scan, no faster than a share of its read capacity.
import { ScanCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { isAwsError } from '../../../aws/aws-failure.js';
import type { CatalogScope } from '../catalog-scope.js';
import type { DynamodbTable } from '../dynamodb-table.js';
import { paceOf } from '../estimate.js';
import type { CatalogSettings } from '../settings.js';

/** Enough to see an attribute that one item in a hundred has, almost surely. */
export const SAMPLE_ITEMS = 1000;

/** A large table is read at so many places, so that the sample is not of one partition only. */
const SEGMENTS = 4;
/** Items a page at most: what a page takes is only known when it was read. */
const PAGE_ITEMS = 100;
const BACK_OFF_MIN_MS = 500;
const BACK_OFF_MAX_MS = 20_000;
const TRIES_MAX = 8;

export type Pacing = Partial<Pick<CatalogSettings, 'scanRate' | 'maxReadUnits'>>;

export interface Sample {
  items: number;
  /** Read units that DynamoDB says it took. */
  readUnits: number;
  /** The whole table was read. */
  isWhole: boolean;
}

/**
 * @param options.scanRate share of the read capacity; as AWS's crawlers have it when undefined. `maxReadUnits` a second are never
 *   exceeded for longer than a page takes
 * @throws what DynamoDB throws, `ResourceNotFoundException` when the table goes meanwhile
 */
export async function scanSample(
  scope: CatalogScope,
  table: DynamodbTable,
  options: Pacing & { maxItems?: number },
  visit: (item: Record<string, AttributeValue>) => void,
): Promise<Sample> {
  const { maxItems = SAMPLE_ITEMS } = options;
  const unitsPerSecond = paceOf(table, options);
  const TotalSegments = table.ItemCount > maxItems ? SEGMENTS : 1;
  const perSegment = Math.ceil(maxItems / TotalSegments);
  const startMs = scope.clock.now().getTime();
  const sample: Sample = { items: 0, readUnits: 0, isWhole: true };
  for (let Segment = 0; Segment < TotalSegments; Segment++) {
    let left = perSegment;
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await scanPage(scope, {
        TableName: table.TableName,
        ExclusiveStartKey,
        Limit: Math.min(left, PAGE_ITEMS),
        ReturnConsumedCapacity: 'TOTAL',
        ...(TotalSegments > 1 ? { Segment, TotalSegments } : {}),
      });
      for (const item of page.Items ?? []) visit(item);
      const count = page.Items?.length ?? 0;
      sample.items += count;
      left -= count;
      sample.readUnits += page.ConsumedCapacity?.CapacityUnits ?? 0;
      ExclusiveStartKey = page.LastEvaluatedKey;
      const dueMs = startMs + (sample.readUnits / unitsPerSecond) * 1000;
      const aheadMs = dueMs - scope.clock.now().getTime();
      const isMore = (ExclusiveStartKey !== undefined && left > 0) || Segment + 1 < TotalSegments;
      if (isMore && aheadMs > 0) await scope.clock.sleep(aheadMs, scope.signal);
    } while (ExclusiveStartKey && left > 0);
    if (ExclusiveStartKey) sample.isWhole = false;
  }
  return sample;
}

/** Others read the table, too: where they have used it up, this waits for them, longer each time. */
async function scanPage(
  { clients, clock, signal }: CatalogScope,
  input: ConstructorParameters<typeof ScanCommand>[0],
) {
  for (
    let tries = 1, pauseMs = BACK_OFF_MIN_MS;
    ;
    tries++, pauseMs = Math.min(pauseMs * 2, BACK_OFF_MAX_MS)
  ) {
    try {
      return await clients.dynamodb.send(new ScanCommand(input), { abortSignal: signal });
    } catch (error) {
      const isThrottled = isAwsError(
        error,
        'ProvisionedThroughputExceededException',
        'ThrottlingException',
        'RequestLimitExceeded',
      );
      if (!isThrottled || tries === TRIES_MAX) throw error;
    }
    await clock.sleep(pauseMs, signal);
  }
}
