// STS operations: who is calling, and temporary credentials.
import type { Identity } from '../../identity/identity.js';
import { parsePolicyDocument } from '../../identity/policy-document.js';
import { trusts } from '../../identity/trust.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';

const HOUR_SECONDS = 3600;

export function sessionOperations(identity: Identity) {
  const { accountId, roles, credentials } = identity;
  return {
    GetCallerIdentity(_input, { accessKeyId }) {
      const { arn, userId } = identity.callerOf(accessKeyId);
      return { UserId: userId, Account: accountId, Arn: arn };
    },
    /** Permissions are not evaluated here, so that a session policy is checked and has no effect, and session tags have none. */
    AssumeRole(input, { accessKeyId }) {
      const caller = identity.callerOf(accessKeyId);
      const { RoleArn, RoleSessionName, ExternalId, SourceIdentity, DurationSeconds = HOUR_SECONDS } = input;
      if (input.Policy !== undefined) parsePolicyDocument(input.Policy, 'permissions');
      const role = roles.find(RoleArn.slice(RoleArn.lastIndexOf('/') + 1));
      const trustPolicy = role?.Arn === RoleArn ? roles.visibleTrustPolicy(role) : undefined;
      const assumer = {
        arn: caller.arn,
        ...(caller.roleArn === undefined ? {} : { roleArn: caller.roleArn }),
        accountId,
        ...(ExternalId === undefined ? {} : { externalId: ExternalId }),
        sessionName: RoleSessionName,
      };
      // STS does not tell a role that is not there from one that does not trust the caller.
      if (!role || trustPolicy === undefined || !trusts(parsePolicyDocument(trustPolicy, 'trust'), assumer)) {
        throw new AwsError(
          'AccessDenied',
          `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
          { statusCode: 403 },
        );
      }
      checkDuration(DurationSeconds, role.MaxSessionDuration, caller.roleArn !== undefined);
      const holder = {
        arn: `arn:aws:sts::${accountId}:assumed-role/${role.RoleName}/${RoleSessionName}`,
        userId: `${role.RoleId}:${RoleSessionName}`,
      };
      const credential = credentials.issue({
        ...holder,
        roleArn: role.Arn,
        durationSeconds: DurationSeconds,
      });
      return {
        Credentials: toCredentials(credential),
        AssumedRoleUser: { AssumedRoleId: holder.userId, Arn: holder.arn },
        ...(SourceIdentity === undefined ? {} : { SourceIdentity }),
      };
    },
    GetSessionToken({ DurationSeconds = 12 * HOUR_SECONDS }, { accessKeyId }) {
      const { arn, userId, roleArn } = identity.callerOf(accessKeyId);
      if (roleArn !== undefined) {
        throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', {
          statusCode: 403,
        });
      }
      // AWS docs: GetSessionToken, "for account owners ... a maximum of 3,600 seconds".
      const durationSeconds = Math.min(DurationSeconds, HOUR_SECONDS);
      return { Credentials: toCredentials(credentials.issue({ arn, userId, durationSeconds })) };
    },
    GetAccessKeyInfo() {
      return { Account: accountId };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-sts')>;
}

function checkDuration(seconds: number, maxSeconds: number, isChained: boolean): void {
  if (isChained && seconds > HOUR_SECONDS) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (seconds > maxSeconds) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
}

function toCredentials(credential: ReturnType<Identity['credentials']['issue']>) {
  return {
    AccessKeyId: credential.accessKeyId,
    SecretAccessKey: credential.secretAccessKey,
    SessionToken: credential.sessionToken,
    Expiration: credential.expiration,
  };
}
