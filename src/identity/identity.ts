// Identity of one account: roles, policies, temporary credentials, and who is calling.
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import type { State } from '../state/state.js';
import { openPolicyTable, type PolicyTable } from './managed-policy.js';
import { openRoleTable, type RoleTable } from './role.js';
import { openRoleDirectory, type RoleDirectory } from './role-directory.js';
import { rolePolicies, type RolePolicies } from './role-policies.js';
import { openTemporaryCredentials, type TemporaryCredentials } from './temporary-credentials.js';

export interface Identity {
  accountId: string;
  roles: RoleTable;
  policies: PolicyTable;
  rolePolicies: RolePolicies;
  credentials: TemporaryCredentials;
  /** What other services ask before they use a role. */
  directory: RoleDirectory;
  /** Whose access key it is: the holder of temporary credentials, and the root of the account for any other key. */
  callerOf(accessKeyId: string): Caller;
}

export interface Caller {
  arn: string;
  userId: string;
  /** The role behind temporary credentials. */
  roleArn?: string;
}

export interface IdentityOptions {
  clock: Clock;
  ids: Ids;
  accountId: string;
  /**
   * How long after its change a role or its trust policy becomes visible to services, in milliseconds: AWS takes some
   * seconds, and callers have to retry. 0 makes it visible at once.
   */
  iamDelayMs?: number;
  /** What sessions find as aws:RequestedRegion; us-east-1 when not given. */
  region?: string;
  /** False: crawlers and jobs may do everything, whatever the policies of their roles say. */
  enforceIam?: boolean;
}

/** `state` must have been opened with documentsSchema. */
export function openIdentity(
  state: State,
  { clock, ids, accountId, iamDelayMs = 0, region = 'us-east-1', enforceIam = true }: IdentityOptions,
): Identity {
  const roles = openRoleTable(state, { clock, ids, accountId, iamDelayMs });
  const policies = openPolicyTable(state, { clock, ids, accountId });
  const credentials = openTemporaryCredentials(state, { clock, ids });
  return {
    accountId,
    roles,
    policies,
    rolePolicies: rolePolicies(roles, policies),
    credentials,
    directory: openRoleDirectory(roles, { policies, clock, accountId, region, isEnforced: enforceIam }),
    callerOf(accessKeyId) {
      const credential = credentials.find(accessKeyId);
      if (!credential) return { arn: `arn:aws:iam::${accountId}:root`, userId: accountId };
      const { arn, userId, roleArn } = credential;
      return { arn, userId, ...(roleArn === undefined ? {} : { roleArn }) };
    },
  };
}
