// Values of several types brought to the one that Trino gives them.
import { failAt, type Environment } from './analysis.js';
import { coerce } from './convert.js';
import type { TypedSql } from './typed-sql.js';
import { commonType } from './common-type.js';
import { formatType, unknown, type TrinoType } from './trino-type.js';

/** All of one type, that to which Trino brings them. */
export function alike(
  values: TypedSql[],
  operator: string,
  { at }: { at: number },
  environment: Environment,
): TypedSql[] {
  let common: TrinoType = unknown;
  for (const { type } of values) {
    const next = commonType(common, type);
    if (!next) {
      const message =
        operator === 'array' || operator === 'CASE'
          ? `All ${operator === 'array' ? 'ARRAY elements' : 'CASE results'} must be the same type: ${formatType(common)}`
          : `Cannot apply operator: ${formatType(common)} ${operator} ${formatType(type)}`;
      return failAt(environment, at, 'TYPE_MISMATCH', message);
    }
    common = next;
  }
  return values.map((value) => coerce(value, common));
}
