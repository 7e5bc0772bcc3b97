// Credentials for programs that a service runs in the name of a role: Batch jobs, Lambda functions, programs of Glue jobs.
import type { Clock } from '../base/clock.js';
import type { Identity } from './identity.js';
import type { TemporaryCredential } from './temporary-credentials.js';

const SESSION_SECONDS = 12 * 3600;

/** A session is given out again until this much of it is left: how long a program may rely on what it got. */
export const SESSION_LEFT_SECONDS_MIN = 6 * 3600;

export interface ProgramSession {
  /** Its ARN or name. Without a role the program acts as the account itself. */
  roleArn?: string;
  /** Who has to be trusted by the role, e.g. `lambda.amazonaws.com`. */
  servicePrincipal: string;
  /** On whose behalf the service asks, for trust policies with a condition on aws:SourceArn. */
  sourceArn?: string;
  sessionName: string;
}

export interface ProgramSessions {
  /**
   * Valid for at least SESSION_LEFT_SECONDS_MIN.
   * @throws AwsError when the role is not there or does not trust the service
   */
  credentialsFor(session: ProgramSession): TemporaryCredential;
}

export function openProgramSessions(
  { directory, roles, credentials, accountId }: Identity,
  clock: Clock,
): ProgramSessions {
  const issued = new Map<string, TemporaryCredential>();
  return {
    credentialsFor({ roleArn, servicePrincipal, sourceArn, sessionName }) {
      const role =
        roleArn === undefined ? undefined : directory.requireAssumable(roleArn, servicePrincipal, sourceArn);
      const key = JSON.stringify([role?.arn, sessionName]);
      const known = issued.get(key);
      const leftMs = (known?.expiration.getTime() ?? 0) - clock.now().getTime();
      if (known && leftMs >= SESSION_LEFT_SECONDS_MIN * 1000) return known;
      const credential = credentials.issue({
        ...(role
          ? {
              arn: `arn:aws:sts::${accountId}:assumed-role/${role.roleName}/${sessionName}`,
              userId: `${roles.find(role.roleName)?.RoleId}:${sessionName}`,
              roleArn: role.arn,
            }
          : { arn: `arn:aws:iam::${accountId}:root`, userId: accountId }),
        durationSeconds: SESSION_SECONDS,
      });
      issued.set(key, credential);
      return credential;
    },
  };
}
