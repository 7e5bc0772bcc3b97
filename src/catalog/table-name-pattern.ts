// The regular expressions that GetTables and GetUserDefinedFunctions take.
import { messageOf } from '../base/errors.js';
import { AwsError } from '../wire/aws-error.js';

/** A test of the whole name. @throws AwsError InvalidInputException for a pattern that is not a regular expression */
export function tableNamePattern(expression: string): (name: string) => boolean {
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${expression})$`, 'su');
  } catch (error) {
    throw new AwsError(
      'InvalidInputException',
      `Expression '${expression}' is not a regular expression: ${messageOf(error)}`,
      { cause: error },
    );
  }
  return (name) => pattern.test(name);
}
