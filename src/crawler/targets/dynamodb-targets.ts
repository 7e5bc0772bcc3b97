// DynamoDB targets: one table each.
import { discoveredTables } from '../decide/discovery.js';
import { scanTable, type ScannedTable } from '../observe/scan-table.js';
import { parseDynamodbTarget } from './dynamodb-target.js';
import type { TargetKind } from './target-kind.js';

export const dynamodbTargets: TargetKind = {
  member: 'DynamoDBTargets',
  define({ DynamoDBTargets = [] }) {
    DynamoDBTargets.forEach(parseDynamodbTarget);
    return { DynamoDBTargets };
  },
  async look({ Name, Targets }, _configuration, context) {
    const scanned: ScannedTable[] = [];
    for (const target of (Targets.DynamoDBTargets ?? []).map(parseDynamodbTarget)) {
      scanned.push(await scanTable(target, context));
    }
    return {
      discoveries: discoveredTables(scanned, { crawlerName: Name, crawlId: context.crawlId }),
      hasLookedAt: (location) => scanned.some((table) => table.location === location),
      unreadable: [],
    };
  },
};
