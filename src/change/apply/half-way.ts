// Changes that take several calls: what an object may be like when only some of them were made.
import type { ColumnStatistics } from '@aws-sdk/client-glue';
import { isSameDefinition } from '../canonical-definition.js';
import type { CatalogObject, CatalogObjectKey, Definition } from '../catalog-object.js';
import type { Change } from '../plan.js';

/** Whether one of the calls can be refused, and another not. */
export function takesSeveralCalls({ kind }: CatalogObjectKey): boolean {
  return kind === 'partition-index' || kind === 'table-statistics' || kind === 'partition-statistics';
}

/** An index that is replaced is absent in between; statistics are written some columns at a time. */
export function isHalfWay({ key, current, wanted }: Change, object: CatalogObject | undefined): boolean {
  if (!takesSeveralCalls(key)) return false;
  if (key.kind === 'partition-index') return object === undefined;
  const column = (definition: Definition | undefined, name: string | undefined) =>
    ((definition ?? []) as ColumnStatistics[]).filter(({ ColumnName }) => ColumnName === name);
  const states = [current, object?.definition, wanted] as const;
  const names = new Set(
    states.flatMap((state) => (state ?? []) as ColumnStatistics[]).map((one) => one.ColumnName),
  );
  return [...names].every((name) => {
    const [before, now, after] = states.map((state) => column(state, name));
    return [before, after].some((one) => isSameDefinition('table-statistics', one, now));
  });
}
