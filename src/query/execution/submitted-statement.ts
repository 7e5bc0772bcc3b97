// What StartQueryExecution makes of a text: a statement, a refusal, or a query that fails as soon as it runs.
import { parseExpressionText, parseQuery } from '../select/parse-query.js';
import { parseRowChange } from '../select/parse-row-change.js';
import { inPlace } from '../select/query-text.js';
import { parseStatement } from '../statement/parse-statement.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { Statement, StatementType } from '../statement/statement.js';
import { invalidRequest } from './invalid-request.js';

/** What Hive's parser refuses: Athena takes it in, and then the query fails (seen in PyAthena's reports). */
export interface UnreadStatement {
  kind: 'unread';
  type: StatementType;
  substatement?: undefined;
  failure: QueryFailure;
}

export type SubmittedStatement = Statement | UnreadStatement;

/** @throws AwsError InvalidRequestException for what Trino's parser refuses, and for what Athena has no statement of */
export function submittedStatement(
  text: string,
  parameters: readonly string[] | undefined,
): SubmittedStatement {
  try {
    const statement = parseStatement(text);
    requireReadable(statement);
    parameters?.forEach(parseExpressionText);
    return statement;
  } catch (error) {
    if (!(error instanceof QueryFailure)) throw error;
    if (error.at === 'submission') throw invalidRequest(error.message, 'MALFORMED_QUERY', error);
    return { kind: 'unread', type: isUtility(text) ? 'UTILITY' : 'DDL', failure: error };
  }
}

/** Trino parses all of a statement when it is handed in, also the queries inside. @throws QueryFailure */
function requireReadable(statement: Statement): void {
  if ('statement' in statement) requireReadable(statement.statement);
  else if (statement.kind === 'select') parseQuery(inPlace(statement.text, statement.place));
  else if ('query' in statement) parseQuery(inPlace(statement.query, statement.place));
  else if (statement.kind === 'execute') statement.arguments.forEach(parseExpressionText);
  else if (statement.kind === 'update' || statement.kind === 'delete' || statement.kind === 'merge')
    parseRowChange(inPlace(statement.text, statement.place));
}

/** Statements that only tell, by their first word; what Athena says of those that do not parse is not known. */
const isUtility = (text: string): boolean => /^\s*(SHOW|DESC|DESCRIBE)\b/i.test(text);
