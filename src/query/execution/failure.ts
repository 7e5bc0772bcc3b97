// Why a query failed, as GetQueryExecution tells it.
import type { AthenaError } from '@aws-sdk/client-athena';
import { messageOf } from '../../base/errors.js';
import { DuckdbError } from '../../tabular/duckdb.js';
import { AwsError } from '../../wire/aws-error.js';
import { RAISED } from '../select/typed-sql.js';
import { QueryFailure } from '../statement/query-failure.js';

const SYSTEM = 1;
const USER = 2;

/** ErrorType of what is a defect of ours. */
export const INTERNAL_ERROR = 500;

/** AWS docs, Athena error catalog: types of user errors by what begins the message. */
const ERROR_TYPES: readonly [RegExp, number][] = [
  [/^(SYNTAX_ERROR|TYPE_MISMATCH|COLUMN_NOT_FOUND|FUNCTION_NOT_FOUND|line \d)/, 1006],
  [/^(TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND)/, 1301],
  [/^NOT_SUPPORTED/, 1200],
];

export interface Failure {
  reason: string;
  error: AthenaError;
}

export function failureOf(error: unknown): Failure {
  const { message, category, errorType } = readable(error);
  const known = ERROR_TYPES.find(([pattern]) => pattern.test(message))?.[1];
  return {
    reason: message,
    error: {
      ErrorCategory: category,
      ErrorType: known ?? errorType,
      Retryable: false,
      ErrorMessage: message,
    },
  };
}

function readable(error: unknown): { message: string; category: number; errorType: number } {
  if (error instanceof QueryFailure) return error;
  if (error instanceof DuckdbError)
    return { message: duckdbMessage(error.message), category: USER, errorType: 1000 };
  if (error instanceof AwsError)
    return { message: `${error.name}: ${error.message}`, category: USER, errorType: 1000 };
  return {
    message: `GENERIC_INTERNAL_ERROR: ${messageOf(error)}`,
    category: SYSTEM,
    errorType: INTERNAL_ERROR,
  };
}

const MESSAGES: readonly [pattern: RegExp, message: (match: RegExpExecArray) => string][] = [
  [RAISED, ([, name, text]) => `${name}: ${text}`],
  [/^Out of Range Error: (?:Overflow in )?(.*)/s, ([, text]) => `NUMERIC_VALUE_OUT_OF_RANGE: ${text}`],
  [
    /More than one row returned by a subquery/,
    () => 'SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows',
  ],
  [/Map keys must be unique/, () => 'INVALID_FUNCTION_ARGUMENT: Duplicate map keys are not allowed'],
  [
    /Malformed JSON in file "([^"]+)", at (.*?): (.*)/s,
    ([, file, place, text]) =>
      `HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: ${text} (${file}, ${place})`,
  ],
  [
    /must appear in the GROUP BY clause|cannot mix aggregates with non-aggregated/,
    () =>
      `EXPRESSION_NOT_AGGREGATE: an expression in the select list, HAVING or ORDER BY must be an aggregate expression or appear in GROUP BY clause`,
  ],
  [
    /(?:WHERE|GROUP BY|JOIN) clause cannot contain (aggregates|window functions)/,
    ([, what]) =>
      `EXPRESSION_NOT_SCALAR: WHERE, GROUP BY and JOIN clauses cannot contain ${what === 'aggregates' ? 'aggregations' : 'window functions'}`,
  ],
  [/^Out of Memory Error: (.*)/s, ([, text]) => `EXCEEDED_LOCAL_MEMORY_LIMIT: ${text}`],
  [/^Conversion Error: (.*)/s, ([, text]) => `INVALID_CAST_ARGUMENT: ${text}`],
  [/^Invalid Input Error: (.*)/s, ([, text]) => `INVALID_FUNCTION_ARGUMENT: ${text}`],
];

/** DuckDB's message in the form of Trino's. */
function duckdbMessage(message: string): string {
  for (const [pattern, text] of MESSAGES) {
    const match = pattern.exec(message);
    if (match) return text(match);
  }
  return `GENERIC_USER_ERROR: ${message}`;
}
