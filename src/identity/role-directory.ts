// Roles as Glue and STS see them: may this service assume that role, yet?
import { AwsError } from '../wire/aws-error.js';
import type { PolicyTable } from './managed-policy.js';
import { parsePolicyDocument } from './policy-document.js';
import type { RoleTable } from './role.js';
import {
  policiesOf,
  roleSession,
  unboundedSession,
  type RoleSession,
  type SessionContext,
} from './role-session.js';
import { trusts } from './trust.js';

export interface AssumableRole {
  roleName: string;
  arn: string;
}

export interface RoleDirectory {
  /**
   * The role by name, path-qualified name (`service-role/Name`) or ARN, when it exists, is visible (IAM is eventually
   * consistent: see the `iamDelayMs` setting) and its trust policy lets `servicePrincipal` assume it. `sourceArn` is
   * the resource on whose behalf the service asks, for trust policies with a condition on aws:SourceArn.
   * @throws AwsError InvalidInputException with the message that Glue gives
   */
  requireAssumable(role: string, servicePrincipal: string, sourceArn?: string): AssumableRole;
  /** A session of the role as it is now, to be asked before what it reads and writes. */
  openSession(role: AssumableRole, sessionName: string): RoleSession;
}

export interface DirectoryContext extends SessionContext {
  policies: PolicyTable;
  /** False: every session may do everything. */
  isEnforced: boolean;
}

export function openRoleDirectory(roles: RoleTable, context: DirectoryContext): RoleDirectory {
  const { accountId, policies, isEnforced } = context;
  return {
    openSession({ roleName }, sessionName) {
      const role = roles.get(roleName);
      return isEnforced
        ? roleSession(role, policiesOf(role, policies), sessionName, context)
        : unboundedSession(role, sessionName, accountId);
    },
    requireAssumable(role, servicePrincipal, sourceArn) {
      const found = findRole(roles, role);
      const document = found && roles.visibleTrustPolicy(found);
      if (
        !document ||
        !trusts(parsePolicyDocument(document, 'trust'), {
          service: servicePrincipal,
          accountId,
          ...(sourceArn === undefined ? {} : { sourceArn }),
        })
      ) {
        // Glue says the same in all three cases, which is why callers that just made the role retry on this sentence
        // (Terraform does: hashicorp/terraform-provider-aws, internal/service/glue/crawler.go).
        throw new AwsError(
          'InvalidInputException',
          "Service is unable to assume provided role. Please verify role's TrustPolicy",
        );
      }
      return { roleName: found.RoleName, arn: found.Arn };
    },
  };
}

function findRole(roles: RoleTable, role: string) {
  const isArn = role.startsWith('arn:');
  const found = roles.find(role.slice(role.lastIndexOf('/') + 1));
  // ARNs and paths are told apart by case; names are not.
  const isMeant =
    found &&
    (isArn
      ? found.Arn === role
      : !role.includes('/') || found.Arn.endsWith(`:role/${role.replace(/^\//, '')}`));
  return isMeant ? found : undefined;
}
