// IAM operations on users, of which there is only the root of the account.
import type { Identity } from '../../identity/identity.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';

// The account is as old as the first day of IAM's own documentation examples; nothing depends on it.
const ACCOUNT_CREATED = new Date('2013-01-01T00:00:00Z');

export function userOperations(identity: Identity) {
  return {
    GetUser({ UserName }, { accessKeyId }) {
      if (UserName !== undefined) {
        throw new AwsError('NoSuchEntityException', `The user with name ${UserName} cannot be found.`);
      }
      const { arn, userId, roleArn } = identity.callerOf(accessKeyId);
      if (roleArn !== undefined) {
        throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
      }
      // The root has no name (as seen in answers of IAM), though the model says that a user has.
      return {
        User: { UserId: userId, Arn: arn, CreateDate: ACCOUNT_CREATED, Path: '/', UserName: undefined },
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-iam')>;
}
