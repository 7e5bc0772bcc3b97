// Which of a query's columns go into which of a table's, and as what.
import { isCoercible } from '../select/common-type.js';
import { coerce } from '../select/convert.js';
import { formatType, type TrinoType } from '../select/trino-type.js';
import { nullOf } from '../select/typed-sql.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { OutputColumn } from './stage-files.js';

/**
 * The query's columns as the table's, by the names that were given; what was not named is null.
 * @param first the place of the first of them in the query
 */
export function insertedValues(
  names: readonly string[],
  columns: readonly { name: string; type: TrinoType }[],
  given: readonly { type: TrinoType }[],
  first = 0,
): OutputColumn[] {
  const unknown = names.find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined)
    throw new QueryFailure(
      `COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: ${unknown}`,
    );
  const wanted = names.map(
    (name) => columns.find((column) => column.name === name) as { name: string; type: TrinoType },
  );
  const fits =
    wanted.length === given.length &&
    wanted.every(({ type }, index) => isInsertable((given[index] as { type: TrinoType }).type, type));
  if (!fits) {
    const shown = (types: readonly { type: TrinoType }[]) =>
      types.map(({ type }) => formatType(type)).join(', ');
    throw new QueryFailure(
      `TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [${shown(wanted)}], Query: [${shown(given)}]`,
    );
  }
  return columns.map(({ name, type }) => {
    const index = names.indexOf(name);
    if (index < 0) return { name, type, sql: nullOf(type) };
    return {
      name,
      type,
      sql: coerce({ sql: `q.c${first + index}`, type: (given[index] as { type: TrinoType }).type }, type).sql,
    };
  });
}

/** A longer text may be given for a shorter one as long as it fits; that is seen when it is written. */
function isInsertable(from: TrinoType, to: TrinoType): boolean {
  return isCoercible(from, to) || (from.kind === 'varchar' && (to.kind === 'varchar' || to.kind === 'char'));
}
