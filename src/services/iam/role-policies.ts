// IAM operations on what is on a role: inline and attached policies.
import type { Identity } from '../../identity/identity.js';
import { encodePolicy } from '../../identity/policy-text.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

export function rolePolicyOperations({ roles, policies, rolePolicies }: Identity) {
  return {
    PutRolePolicy({ RoleName, PolicyName, PolicyDocument }) {
      rolePolicies.putInline(RoleName, PolicyName, PolicyDocument);
      return {};
    },
    GetRolePolicy({ RoleName, PolicyName }) {
      const { role, document } = rolePolicies.getInline(RoleName, PolicyName);
      return { RoleName: role.RoleName, PolicyName, PolicyDocument: encodePolicy(document) };
    },
    ListRolePolicies({ RoleName, ...input }) {
      const names = roles.get(RoleName).inlinePolicies.map((policy) => policy.PolicyName);
      const [page, answer] = pageOf(names, (name) => name, input);
      return { PolicyNames: page, ...answer };
    },
    DeleteRolePolicy({ RoleName, PolicyName }) {
      rolePolicies.deleteInline(RoleName, PolicyName);
      return {};
    },
    AttachRolePolicy({ RoleName, PolicyArn }) {
      rolePolicies.attach(RoleName, PolicyArn);
      return {};
    },
    DetachRolePolicy({ RoleName, PolicyArn }) {
      rolePolicies.detach(RoleName, PolicyArn);
      return {};
    },
    ListAttachedRolePolicies({ RoleName, PathPrefix = '/', ...input }) {
      const attached = roles
        .get(RoleName)
        .attachedPolicyArns.map((arn) => policies.get(arn))
        .filter((policy) => policy.Path.startsWith(PathPrefix));
      const [page, answer] = pageOf(attached, (policy) => policy.Arn, input);
      return {
        AttachedPolicies: page.map((policy) => ({ PolicyName: policy.PolicyName, PolicyArn: policy.Arn })),
        ...answer,
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-iam')>;
}
