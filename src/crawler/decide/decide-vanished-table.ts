// Decide: what becomes of a crawler's own table at whose location nothing was found.
import type { Table } from '@aws-sdk/client-glue';
import type { CatalogView, PartitionChange, TableDecision } from './catalog-change.js';
import type { ChangeRules } from './change-rules.js';
import { deprecate, isDeprecated } from './deprecate-table.js';

/** @param nowMs instant of the crawl in milliseconds since the epoch, which goes into DEPRECATED_BY_CRAWLER */
export function decideVanishedTable(
  stored: Table,
  catalog: CatalogView,
  nowMs: number,
  rules: ChangeRules,
  isDamaged: (location: string | undefined) => boolean,
): TableDecision {
  const name = stored.Name as string;
  const location = stored.StorageDescriptor?.Location;
  const reason = `No matching schema was found at ${location}.`;
  const decision: TableDecision = { table: name, reasons: [reason], changes: [], lines: [] };
  if (isDamaged(location)) {
    decision.lines.push({
      level: 'WARN',
      text: `Table ${name} is left as it is: the objects at its location could not be read.`,
    });
    return decision;
  }
  // A table that was deprecated once is left alone, whatever the policy says now: AWS is reported to do so.
  if (isDeprecated(stored)) return decision;
  switch (rules.deleteBehavior) {
    case 'LOG':
      decision.lines.push({
        level: 'INFO',
        text: `No matching schema was found at the location of table ${name}; it is left as it is, because DeleteBehavior is LOG.`,
      });
      return decision;
    case 'DEPRECATE_IN_DATABASE':
      return deprecate(decision, stored, nowMs, reason);
    case 'DELETE_FROM_DATABASE':
      decision.changes.push(
        ...catalog.partitionsOf(name).map((before): PartitionChange => ({
          kind: 'partition',
          action: 'delete',
          table: name,
          values: before.Values ?? [],
          before,
          reason: 'Its table is deleted.',
        })),
        { kind: 'table', action: 'delete', table: name, before: stored, reason },
      );
      decision.lines.push({
        level: 'INFO',
        text: `Table ${name} is deleted because a matching schema was not found at the table's location.`,
      });
      return decision;
  }
}
