// The patterns that GetTables takes for names of tables.
import { messageOf } from '../base/errors.js';
import { AwsError } from '../wire/aws-error.js';

/**
 * A test of the whole name. AWS docs: a regular expression; but Glue takes a star for any characters as well, as Hive
 * does (awswrangler's tests run against AWS and find tables by `*part*`, `prefix*` and `*suffix`). So a star that
 * follows what cannot be but a regular expression (`.`, a class, a group, an escape) repeats it, any other is `.*`.
 * @throws AwsError InvalidInputException for a pattern that is not a regular expression
 */
export function tableNamePattern(expression: string): (name: string) => boolean {
  const withoutGlobs = expression.replace(QUANTIFIED_OR_STAR, (_, quantified?: string) => quantified ?? '.*');
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${withoutGlobs})$`, 'su');
  } catch (error) {
    throw new AwsError(
      'InvalidInputException',
      `Expression '${expression}' is not a regular expression: ${messageOf(error)}`,
      { cause: error },
    );
  }
  return (name) => pattern.test(name);
}

const QUANTIFIED_OR_STAR = /(\\.\*?|\[(?:\\.|[^\]\\])*\]\*?|[.)]\*)|\*/gsu;
