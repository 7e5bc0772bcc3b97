// What is on a role: inline policies, attached managed policies and the permissions boundary, with their limits.
import { AwsError } from '../wire/aws-error.js';
import { awsPolicyHint, type PolicyTable, type PolicyUsage } from './managed-policy.js';
import { parsePolicyDocument } from './policy-document.js';
import { policyLength } from './policy-text.js';
import type { RoleRecord, RoleTable } from './role.js';

/** AWS docs: IAM quotas, managed policies attached to a role, and characters of all its inline policies. */
const ATTACHED_POLICIES_MAX = 10;
const INLINE_POLICIES_LENGTH_MAX = 10_240;

export interface RolePolicies {
  /** @throws AwsError MalformedPolicyDocumentException, LimitExceededException, NoSuchEntityException */
  putInline(roleName: string, policyName: string, document: string): void;
  /** @throws AwsError NoSuchEntityException */
  getInline(roleName: string, policyName: string): { role: RoleRecord; document: string };
  /** @throws AwsError NoSuchEntityException */
  deleteInline(roleName: string, policyName: string): void;
  /** Does nothing when it is attached already. @throws AwsError NoSuchEntityException, LimitExceededException */
  attach(roleName: string, policyArn: string): void;
  /** @throws AwsError NoSuchEntityException when it is not attached */
  detach(roleName: string, policyArn: string): void;
  /** @throws AwsError NoSuchEntityException unless the policy is there */
  requireAttachable(policyArn: string): void;
  /** `policyArn` undefined takes the boundary off. @throws AwsError NoSuchEntityException */
  setBoundary(roleName: string, policyArn: string | undefined): void;
  /** Roles that have the policy attached, or as their permissions boundary. */
  rolesWith(policyArn: string, usage: 'attached' | 'boundary'): RoleRecord[];
  /** The usage of every policy that is in use, by ARN. */
  usages(): Map<string, PolicyUsage>;
}

export function rolePolicies(roles: RoleTable, policies: PolicyTable): RolePolicies {
  const requireAttachable = (arn: string) => {
    if (!policies.find(arn)) {
      throw new AwsError(
        'NoSuchEntityException',
        `Policy ${arn} does not exist or is not attachable.${awsPolicyHint(arn)}`,
      );
    }
  };
  const inlineMissing = (policyName: string) =>
    new AwsError('NoSuchEntityException', `The role policy with name ${policyName} cannot be found.`);
  return {
    requireAttachable,
    putInline(roleName, policyName, document) {
      parsePolicyDocument(document, 'permissions');
      roles.change(roleName, (role) => {
        const others = role.inlinePolicies.filter(({ PolicyName }) => PolicyName !== policyName);
        role.inlinePolicies = [...others, { PolicyName: policyName, document }].sort((a, b) =>
          a.PolicyName < b.PolicyName ? -1 : 1,
        );
        const length = role.inlinePolicies.reduce((sum, policy) => sum + policyLength(policy.document), 0);
        if (length > INLINE_POLICIES_LENGTH_MAX) {
          throw new AwsError(
            'LimitExceededException',
            `Maximum policy size of ${INLINE_POLICIES_LENGTH_MAX} bytes exceeded for role ${roleName}`,
          );
        }
      });
    },
    getInline(roleName, policyName) {
      const role = roles.get(roleName);
      const policy = role.inlinePolicies.find(({ PolicyName }) => PolicyName === policyName);
      if (!policy) throw inlineMissing(policyName);
      return { role, document: policy.document };
    },
    deleteInline: (roleName, policyName) =>
      roles.change(roleName, (role) => {
        const others = role.inlinePolicies.filter(({ PolicyName }) => PolicyName !== policyName);
        if (others.length === role.inlinePolicies.length) throw inlineMissing(policyName);
        role.inlinePolicies = others;
      }),
    attach: (roleName, policyArn) =>
      roles.change(roleName, (role) => {
        requireAttachable(policyArn);
        if (role.attachedPolicyArns.includes(policyArn)) return;
        if (role.attachedPolicyArns.length >= ATTACHED_POLICIES_MAX) {
          throw new AwsError(
            'LimitExceededException',
            `Cannot exceed quota for PoliciesPerRole: ${ATTACHED_POLICIES_MAX}`,
          );
        }
        role.attachedPolicyArns.push(policyArn);
      }),
    detach: (roleName, policyArn) =>
      roles.change(roleName, (role) => {
        if (!role.attachedPolicyArns.includes(policyArn)) {
          throw new AwsError('NoSuchEntityException', `Policy ${policyArn} was not found.`);
        }
        role.attachedPolicyArns = role.attachedPolicyArns.filter((arn) => arn !== policyArn);
      }),
    setBoundary: (roleName, policyArn) =>
      roles.change(roleName, (role) => {
        if (policyArn === undefined) {
          if (role.PermissionsBoundaryArn === undefined) {
            throw new AwsError('NoSuchEntityException', `The role ${roleName} has no permissions boundary.`);
          }
          delete role.PermissionsBoundaryArn;
        } else {
          requireAttachable(policyArn);
          role.PermissionsBoundaryArn = policyArn;
        }
      }),
    rolesWith: (policyArn, usage) =>
      roles
        .list()
        .filter((role) =>
          usage === 'attached'
            ? role.attachedPolicyArns.includes(policyArn)
            : role.PermissionsBoundaryArn === policyArn,
        ),
    usages() {
      const usages = new Map<string, PolicyUsage>();
      const count = (arn: string, member: keyof PolicyUsage) => {
        const usage = usages.get(arn) ?? { attachmentCount: 0, boundaryCount: 0 };
        usage[member]++;
        usages.set(arn, usage);
      };
      for (const role of roles.list()) {
        for (const arn of role.attachedPolicyArns) count(arn, 'attachmentCount');
        if (role.PermissionsBoundaryArn) count(role.PermissionsBoundaryArn, 'boundaryCount');
      }
      return usages;
    },
  };
}
