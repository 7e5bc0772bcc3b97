// An expression that names and types were found for: DuckDB's text of it, and Trino's type of its value.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { duckdbTypeOf, isSimple, type TrinoType } from './trino-type.js';

export interface TypedSql {
  sql: string;
  type: TrinoType;
  /** Of literals: their value, for what has to be known before the query runs. */
  constant?: string | number | bigint;
}

/** What stands around Trino's name of an error in a message that a running query fails with. */
export const RAISED = /⟦([A-Z_]+)⟧([\s\S]*?)⟦end⟧/;

/**
 * An expression that fails the query when it is evaluated, with an error of Trino's. DuckDB's own error() cannot stand
 * inside TRY, so this is a conversion that never succeeds. `message` is SQL of a text.
 */
export function raiseSql(errorName: string, message: string, type: TrinoType): string {
  const text = `${duckdbText(`⟦${errorName}⟧`)} || ${message} || '⟦end⟧'`;
  const failing = `CAST(${text} AS INTEGER)`;
  const wanted = duckdbTypeOf(type);
  if (wanted === 'INTEGER') return failing;
  if (/^(TINYINT|SMALLINT|BIGINT|FLOAT|DOUBLE|VARCHAR|BOOLEAN|DECIMAL.*)$/.test(wanted)) {
    return `CAST(${failing} AS ${wanted})`;
  }
  if (isSimple(type, 'varbinary')) return `encode(CAST(${failing} AS VARCHAR))`;
  return `CAST(CAST(${failing} AS VARCHAR) AS ${wanted})`;
}

export function nullOf(type: TrinoType): string {
  return `CAST(NULL AS ${duckdbTypeOf(type)})`;
}
