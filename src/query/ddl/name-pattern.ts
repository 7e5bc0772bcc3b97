// The patterns of SHOW DATABASES, TABLES and VIEWS.
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { tableNamePattern } from '../../catalog/table-name-pattern.js';
import { AwsError } from '../../wire/aws-error.js';
import { semanticFailure } from './ddl-failure.js';

/** A test of a whole name. */
type Matches = (name: string) => boolean;

/** AWS docs, SHOW TABLES: `*` and `.*` stand for any characters, `|` for a choice. @throws QueryFailure */
export function tablesLike(pattern: string | undefined): Matches {
  if (pattern === undefined) return () => true;
  try {
    return tableNamePattern(pattern.toLowerCase());
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw semanticFailure(error.message);
  }
}

/**
 * AWS docs, SHOW DATABASES: a regular expression, and nothing else: `we*` finds no `web` (seen in answers).
 * @throws QueryFailure
 */
export function databasesLike(pattern: string | undefined): Matches {
  if (pattern === undefined) return () => true;
  try {
    const compiled = RE2JS.compile(pattern.toLowerCase(), RE2JS.DOTALL);
    return (name) => compiled.matches(name);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw semanticFailure(`Expression '${pattern}' is not a regular expression: ${error.message}`);
  }
}
