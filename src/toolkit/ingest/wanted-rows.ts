// Which rows a source may confine itself to: those that the run would take from all of them.
import { lowerBound } from './cursor.js';
import { canBeDeletedOutOfRange } from './deletes-out-of-range.js';
import type { SourceColumn } from './source/relation.js';
import type { WantedRows } from './source/source-kind.js';
import type { TableSettings } from './spec.js';
import type { Generation } from './tracker.js';

/** Undefined when all are needed: for a full load, for keys that the source no longer has, by a cursor that is no column. */
export function wantedRows(
  base: Generation | undefined,
  settings: TableSettings,
  columns: readonly Pick<SourceColumn, 'name'>[],
  backfill: { lower: bigint; upper: bigint } | undefined,
): WantedRows | undefined {
  const cursor = base?.cursor;
  if (!cursor || !columns.some(({ name }) => name === cursor.name)) return undefined;
  const { disposition } = base;
  const of = {
    column: cursor.name,
    kind: cursor.kind,
    ...(canBeDeletedOutOfRange({ settings, disposition, backfill }) && settings.key
      ? { wholeKey: settings.key }
      : {}),
  };
  if (backfill) return { ...of, ...backfill, withNulls: false };
  if (settings.reconcileDeletes || cursor.watermark === undefined) return undefined;
  const lower = lowerBound(cursor, BigInt(cursor.watermark), settings);
  return { ...of, lower, withNulls: settings.nullCursor !== 'exclude' };
}
