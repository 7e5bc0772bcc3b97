// IAM operations on managed policies and their versions.
import type { Identity } from '../../identity/identity.js';
import { toPolicy, type PolicyUsage } from '../../identity/managed-policy.js';
import { withoutTags, withTags } from '../../identity/tags.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

const UNUSED: PolicyUsage = { attachmentCount: 0, boundaryCount: 0 };

export function policyOperations({ policies, rolePolicies }: Identity) {
  const usageOf = (arn: string) => rolePolicies.usages().get(arn) ?? UNUSED;
  return {
    CreatePolicy(input) {
      return { Policy: toPolicy(policies.create(input), UNUSED) };
    },
    GetPolicy({ PolicyArn }) {
      return { Policy: toPolicy(policies.get(PolicyArn), usageOf(PolicyArn)) };
    },
    ListPolicies({ Scope = 'All', OnlyAttached = false, PathPrefix = '/', PolicyUsageFilter, ...input }) {
      const usages = rolePolicies.usages();
      const isWanted = ({ attachmentCount, boundaryCount }: PolicyUsage) =>
        (!OnlyAttached || attachmentCount > 0) &&
        (PolicyUsageFilter === undefined ||
          (PolicyUsageFilter === 'PermissionsPolicy' ? attachmentCount : boundaryCount) > 0);
      const wanted = policies
        .list(Scope)
        .map((policy) => ({ policy, usage: usages.get(policy.Arn) ?? UNUSED }))
        .filter(({ policy, usage }) => policy.Path.startsWith(PathPrefix) && isWanted(usage));
      const [page, answer] = pageOf(wanted, ({ policy }) => policy.Arn, input);
      return {
        Policies: page.map(({ policy, usage }) => toPolicy(policy, usage, { isListed: true })),
        ...answer,
      };
    },
    DeletePolicy({ PolicyArn }) {
      const { attachmentCount, boundaryCount } = usageOf(PolicyArn);
      policies.delete(PolicyArn, attachmentCount + boundaryCount > 0);
      return {};
    },
    CreatePolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault = false }) {
      return { PolicyVersion: policies.createVersion(PolicyArn, PolicyDocument, SetAsDefault) };
    },
    GetPolicyVersion({ PolicyArn, VersionId }) {
      return { PolicyVersion: policies.getVersion(PolicyArn, VersionId) };
    },
    ListPolicyVersions({ PolicyArn, ...input }) {
      const versions = policies.listVersions(PolicyArn).map((version, index) => ({ version, index }));
      const [page, answer] = pageOf(versions, ({ index }) => String(index).padStart(3, '0'), input);
      return { Versions: page.map(({ version }) => version), ...answer };
    },
    DeletePolicyVersion({ PolicyArn, VersionId }) {
      policies.deleteVersion(PolicyArn, VersionId);
      return {};
    },
    SetDefaultPolicyVersion({ PolicyArn, VersionId }) {
      policies.setDefaultVersion(PolicyArn, VersionId);
      return {};
    },
    ListEntitiesForPolicy({ PolicyArn, EntityFilter, PathPrefix = '/', PolicyUsageFilter, ...input }) {
      policies.get(PolicyArn);
      const attached =
        PolicyUsageFilter === 'PermissionsBoundary' ? [] : rolePolicies.rolesWith(PolicyArn, 'attached');
      const bounded =
        PolicyUsageFilter === 'PermissionsPolicy' ? [] : rolePolicies.rolesWith(PolicyArn, 'boundary');
      const roles = new Map([...attached, ...bounded].map((role) => [role.RoleId, role]));
      const wanted =
        EntityFilter === undefined || EntityFilter === 'Role'
          ? [...roles.values()].filter((role) => role.Path.startsWith(PathPrefix))
          : [];
      const [page, answer] = pageOf(wanted, (role) => role.RoleName.toLowerCase(), input);
      return {
        PolicyRoles: page.map(({ RoleName, RoleId }) => ({ RoleName, RoleId })),
        PolicyUsers: [],
        PolicyGroups: [],
        ...answer,
      };
    },
    TagPolicy({ PolicyArn, Tags }) {
      policies.change(PolicyArn, (policy) => (policy.Tags = withTags(policy.Tags, Tags)));
      return {};
    },
    UntagPolicy({ PolicyArn, TagKeys }) {
      policies.change(PolicyArn, (policy) => (policy.Tags = withoutTags(policy.Tags, TagKeys)));
      return {};
    },
    ListPolicyTags({ PolicyArn, ...input }) {
      const [page, answer] = pageOf(policies.get(PolicyArn).Tags, (tag) => tag.Key as string, input);
      return { Tags: page, ...answer };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-iam')>;
}
