// Decide: marking a table as one whose data is gone.
import type { Table } from '@aws-sdk/client-glue';
import type { TableChange, TableDecision } from './catalog-change.js';
import { tableInputOf } from '../../catalog/stored-definition.js';

export function isDeprecated(table: Table): boolean {
  return table.Parameters?.DEPRECATED_BY_CRAWLER !== undefined;
}

/** Adds to `decision` that the table gets the flag with the crawl's instant, and says so in the log. */
export function deprecate(
  decision: TableDecision,
  stored: Table,
  nowMs: number,
  reason: string,
): TableDecision {
  const input = tableInputOf(stored);
  const flag = { DEPRECATED_BY_CRAWLER: String(nowMs) };
  const change: TableChange = {
    kind: 'table',
    action: 'update',
    table: decision.table,
    before: stored,
    after: {
      ...input,
      StorageDescriptor: {
        ...input.StorageDescriptor,
        Parameters: { ...input.StorageDescriptor?.Parameters, ...flag },
      },
      Parameters: { ...input.Parameters, ...flag },
    },
    reason,
  };
  decision.changes.push(change);
  decision.lines.push({
    level: 'INFO',
    text: `Table ${decision.table} is marked deprecated because a matching schema was not found at the table's location.`,
  });
  return decision;
}
