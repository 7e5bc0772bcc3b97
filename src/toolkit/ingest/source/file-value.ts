// A scalar of a file as a value of the catalog's type. What a cast would round or cut off fails with the column's name.
import { failure } from './json-value.js';
import type { SourceColumn } from './relation.js';

const WHOLE = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$|^U?HUGEINT$/;
const scaleOf = (type: string) => Number(/^DECIMAL\(\d+, ?(\d+)\)$/.exec(type)?.[1] ?? NaN);

/** SQL of the value, `sql` itself where nothing is to be done. @param from DuckDB's name of the type in the file */
export function fileValue(sql: string, from: string, { name, duckdbType: to }: SourceColumn): string {
  // A text that is stored as binary is what old writers make of it.
  if (from === 'BLOB' && to === 'VARCHAR') return `decode(${sql})`;
  const isSame = losslessTest(sql, from, to);
  if (isSame === undefined) return sql;
  const otherwise = failure(`CAST(${sql} AS VARCHAR)`, `no ${to}`, name);
  return `CASE WHEN ${sql} IS NULL THEN NULL WHEN ${isSame} THEN CAST(${sql} AS ${to}) ELSE ${otherwise} END`;
}

/** SQL: whether the cast keeps the value; undefined where every cast does, or fails by itself. */
function losslessTest(sql: string, from: string, to: string): string | undefined {
  if (from === 'VARCHAR' && WHOLE.test(to)) return `regexp_full_match(${sql}, '\\s*[+-]?[0-9]+(\\.0+)?\\s*')`;
  return isLossy(from, to) ? `CAST(TRY_CAST(${sql} AS ${to}) AS ${from}) = ${sql}` : undefined;
}

function isLossy(from: string, to: string): boolean {
  const isFloating = from === 'FLOAT' || from === 'DOUBLE';
  const scale = scaleOf(from);
  if (WHOLE.test(to)) return isFloating || scale > 0;
  if (to.startsWith('DECIMAL')) return isFloating || scale > scaleOf(to);
  if (to === 'DATE') return from.startsWith('TIMESTAMP');
  return to === 'BOOLEAN' && (isFloating || WHOLE.test(from) || !Number.isNaN(scale));
}
