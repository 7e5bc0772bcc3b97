// The patterns that GetTables takes for names of tables.
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { AwsError } from '../wire/aws-error.js';

/**
 * A test of the whole name. AWS docs: a regular expression; but Glue takes a star for any characters as well, as Hive
 * does (awswrangler's tests run against AWS and find tables by `*part*`, `prefix*` and `*suffix`). So a star that
 * follows what cannot be but a regular expression (`.`, a class, a group, an escape) repeats it, any other is `.*`.
 * @throws AwsError InvalidInputException for a pattern that is not a regular expression
 */
export function tableNamePattern(expression: string): (name: string) => boolean {
  const withoutGlobs = expression.replace(QUANTIFIED_OR_STAR, (_, quantified?: string) => quantified ?? '.*');
  const pattern = compile(expression, withoutGlobs);
  return (name) => pattern.matches(name);
}

// Not RegExp: that may take exponential time, during which nobody else is answered.
function compile(expression: string, pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw new AwsError(
      'InvalidInputException',
      `Expression '${expression}' is not a regular expression that is matched in linear time (so no look-around, ` +
        `back-references or possessive quantifiers): ${error.message}`,
      { cause: error },
    );
  }
}

const QUANTIFIED_OR_STAR = /(\\.\*?|\[(?:\\.|[^\]\\])*\]\*?|[.)]\*)|\*/gsu;
