// A session of a role at work: what a crawler or a job asks before it reads or writes.
import type { Clock } from '../base/clock.js';
import { AwsError } from '../wire/aws-error.js';
import { decideAccess, type AccessDecision, type AccessPolicies } from './access.js';
import { conditionFacts, type ConditionFacts } from './condition.js';
import type { PolicyTable } from './managed-policy.js';
import { parsePolicyDocument } from './policy-document.js';
import type { RoleRecord } from './role.js';

export interface RoleSession {
  /** `arn:aws:sts::123456789012:assumed-role/Role/AWS-Crawler` */
  arn: string;
  /**
   * Returns when the role's policies allow `action` on each of `resources`, by ARN.
   * @param facts condition keys of this request, e.g. `s3:prefix`
   * @throws AwsError AccessDeniedException, S3's AccessDenied
   */
  require(action: string, resources: string | readonly string[], facts?: Record<string, string>): void;
}

export interface SessionContext {
  clock: Clock;
  accountId: string;
  region: string;
}

/** The policies are those of this moment: what is put on the role later counts from the next session on. */
export function roleSession(
  role: RoleRecord,
  policies: AccessPolicies,
  sessionName: string,
  context: SessionContext,
): RoleSession {
  const arn = `arn:aws:sts::${context.accountId}:assumed-role/${role.RoleName}/${sessionName}`;
  return {
    arn,
    require(action, resources, facts = {}) {
      for (const resource of [resources].flat()) {
        const decision = decideAccess(policies, {
          action,
          resource,
          facts: sessionFacts(role, sessionName, context, facts),
        });
        if (decision.decision !== 'allowed') throw accessDenied(arn, action, resource, decision);
      }
    },
  };
}

/** For an embedded AWS that does not ask. */
export function unboundedSession(role: RoleRecord, sessionName: string, accountId: string): RoleSession {
  return { arn: `arn:aws:sts::${accountId}:assumed-role/${role.RoleName}/${sessionName}`, require() {} };
}

export function policiesOf(role: RoleRecord, policies: PolicyTable): AccessPolicies {
  const documentOf = (policyArn: string) => {
    const { versions, DefaultVersionId } = policies.get(policyArn);
    const version = versions.find(({ VersionId }) => VersionId === DefaultVersionId);
    return parsePolicyDocument(version?.document ?? '', 'permissions');
  };
  return {
    identity: [
      ...role.inlinePolicies.map(({ document }) => parsePolicyDocument(document, 'permissions')),
      ...role.attachedPolicyArns.map(documentOf),
    ],
    boundary: role.PermissionsBoundaryArn === undefined ? undefined : documentOf(role.PermissionsBoundaryArn),
  };
}

/** AWS docs: "AWS global condition context keys", those that a service's session in the account's own region has. */
function sessionFacts(
  role: RoleRecord,
  sessionName: string,
  { clock, accountId, region }: SessionContext,
  facts: Record<string, string>,
): ConditionFacts {
  const now = clock.now();
  const tags = role.Tags.map(({ Key, Value }) => [`aws:PrincipalTag/${Key}`, Value ?? ''] as const);
  return conditionFacts({
    'aws:PrincipalArn': role.Arn,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalType': 'AssumedRole',
    'aws:userid': `${role.RoleId}:${sessionName}`,
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:ResourceAccount': accountId,
    'aws:RequestedRegion': region,
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    ...Object.fromEntries(tags),
    ...facts,
  });
}

/** AWS docs: "Troubleshoot access denied error messages". S3 has another name for it, and quotes the resource. */
function accessDenied(
  arn: string,
  action: string,
  resource: string,
  denial: Exclude<AccessDecision, { decision: 'allowed' }>,
): AwsError {
  const isS3 = action.startsWith('s3:');
  const why =
    denial.decision === 'explicitDeny'
      ? `with an explicit deny in ${denial.by === 'permissions boundary' ? 'a' : 'an'} ${denial.by}`
      : `because no ${denial.by} allows the ${action} action`;
  return new AwsError(
    isS3 ? 'AccessDenied' : 'AccessDeniedException',
    `User: ${arn} is not authorized to perform: ${action} on resource: ${isS3 ? `"${resource}"` : resource} ${why}`,
    { statusCode: isS3 ? 403 : 400 },
  );
}
