// Members of Glue inputs that would change what happens and that nothing here does: refused, never ignored.
import { AwsError } from '../../wire/aws-error.js';

const REFUSED: Readonly<Record<string, string>> = {
  // AWS docs: governed tables, the only ones with transactions, ended with the year 2024.
  TransactionId: 'no table here is a governed one, and others have no transactions',
  QueryAsOfTime: 'no table here is a governed one, and others have no earlier contents to read',
  ExecutionRoleSessionPolicy: 'a run has all that its role allows; give it a role that allows less',
};

/** @throws AwsError InvalidInputException naming the member and why */
export function refuseUnsupported(input: object): void {
  for (const name in REFUSED) {
    if ((input as Record<string, unknown>)[name] !== undefined) {
      throw new AwsError(
        'InvalidInputException',
        `${name} is not supported here: ${REFUSED[name]}. Leave it out.`,
      );
    }
  }
}
