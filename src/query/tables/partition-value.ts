// The value of a partition key, which the catalog keeps as text.
import { duckdbTypeOf, isInteger, isText, type TrinoType } from '../select/trino-type.js';

/** SQL of the key; what is no value of its type fails, as it does in Athena. */
export function keySql(text: string, type: TrinoType): string {
  if (isText(type)) return `CAST(${text} AS VARCHAR)`;
  if (isInteger(type)) return `CAST(CAST(${text} AS VARCHAR) AS ${duckdbTypeOf(type)})`;
  return `CAST(CAST(${text} AS VARCHAR) AS ${duckdbTypeOf(type)})`;
}
