// What the new rows of UPDATE and MERGE consist of, as the table's columns.
import type { Assignment, RowChange } from '../select/parse-row-change.js';
import { placeOf } from '../select/query-text.js';
import type { ChangeCase } from '../select/row-change-query.js';
import { CASE } from '../select/row-change-query.js';
import type { TrinoType } from '../select/trino-type.js';
import { nullOf } from '../select/typed-sql.js';
import { QueryFailure } from '../statement/query-failure.js';
import { insertedValues } from './inserted-values.js';
import type { OutputColumn } from './stage-files.js';

interface Column {
  name: string;
  type: TrinoType;
}

/**
 * @param given the types of the query's columns
 * @throws QueryFailure for values that are none of their columns
 */
export function changedValues(
  cases: readonly ChangeCase[],
  columns: readonly Column[],
  given: readonly { type: TrinoType }[],
): OutputColumn[] {
  const branches = cases.map(({ kind, names, firstValue }) =>
    kind === 'delete'
      ? undefined
      : insertedValues(
          names,
          columns,
          given.slice(firstValue, nextPlace(firstValue, cases, given)),
          firstValue,
        ),
  );
  return columns.map(({ name, type }, index) => {
    const whens = branches.flatMap((values, number) =>
      values ? [`WHEN ${number} THEN ${(values[index] as OutputColumn).sql}`] : [],
    );
    const sql = whens.length === 0 ? nullOf(type) : `CASE q.c${CASE} ${whens.join(' ')} END`;
    return { name, type, sql };
  });
}

function nextPlace(place: number, cases: readonly ChangeCase[], given: readonly unknown[]): number {
  return cases.find(({ firstValue }) => firstValue > place)?.firstValue ?? given.length;
}

/** @throws QueryFailure for a column that is not there, or is given more than one value */
export function requireAssignable(change: RowChange, columns: readonly Column[], text: string): void {
  const cases = change.kind === 'merge' ? change.cases : [change];
  for (const each of cases) {
    if (each.kind === 'update') requireDistinct(each.assignments, columns, text);
    if (each.kind === 'insert' && each.columns)
      requireDistinct(
        each.columns.map((column) => ({ column, at: each.at })),
        columns,
        text,
      );
  }
}

function requireDistinct(
  assigned: readonly Pick<Assignment, 'column' | 'at'>[],
  columns: readonly Column[],
  text: string,
): void {
  const seen = new Set<string>();
  for (const { column, at } of assigned) {
    if (!columns.some(({ name }) => name === column))
      throw new QueryFailure(
        `COLUMN_NOT_FOUND: ${placeOf(text, at)}: The target column ${column} does not exist in the table`,
      );
    if (seen.has(column))
      throw new QueryFailure(
        `DUPLICATE_COLUMN_NAME: ${placeOf(text, at)}: The target column ${column} is given more than one value`,
      );
    seen.add(column);
  }
}
