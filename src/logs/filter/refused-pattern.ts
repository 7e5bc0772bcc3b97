// The error for a filter pattern that is none.
import { AwsError } from '../../wire/aws-error.js';

export function refusedPattern(pattern: string, why: string): AwsError {
  return new AwsError(
    'InvalidParameterException',
    `Invalid filter pattern: ${JSON.stringify(pattern)} ${why}. Allowed are terms such as: error "time out" -debug ?warn, ` +
      'fields of JSON such as: { $.level = "ERROR" && $.count > 3 }, fields of a line such as: [ip, ..., status = 4*], ' +
      'and a regular expression such as: %4[0-9]{2}%',
  );
}
