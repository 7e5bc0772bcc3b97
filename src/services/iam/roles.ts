// IAM operations on roles.
import type { Identity } from '../../identity/identity.js';
import { toRole } from '../../identity/role.js';
import { withoutTags, withTags } from '../../identity/tags.js';
import type { Operations } from '../../wire/service.js';
import { pageOf } from './page.js';

export function roleOperations({ roles, rolePolicies }: Identity) {
  return {
    CreateRole(input) {
      if (input.PermissionsBoundary !== undefined) rolePolicies.requireAttachable(input.PermissionsBoundary);
      return { Role: toRole(roles.create(input)) };
    },
    GetRole({ RoleName }) {
      // A role that no session has used yet has an empty RoleLastUsed.
      return { Role: { ...toRole(roles.get(RoleName)), RoleLastUsed: {} } };
    },
    ListRoles({ PathPrefix, ...input }) {
      const [page, answer] = pageOf(roles.list(PathPrefix), (role) => role.RoleName.toLowerCase(), input);
      return { Roles: page.map((role) => toRole(role, { isListed: true })), ...answer };
    },
    UpdateRole(input) {
      roles.update(input);
      return {};
    },
    UpdateRoleDescription(input) {
      roles.update(input);
      return { Role: toRole(roles.get(input.RoleName)) };
    },
    UpdateAssumeRolePolicy({ RoleName, PolicyDocument }) {
      roles.putTrustPolicy(RoleName, PolicyDocument);
      return {};
    },
    DeleteRole({ RoleName }) {
      roles.delete(RoleName);
      return {};
    },
    PutRolePermissionsBoundary({ RoleName, PermissionsBoundary }) {
      rolePolicies.setBoundary(RoleName, PermissionsBoundary);
      return {};
    },
    DeleteRolePermissionsBoundary({ RoleName }) {
      rolePolicies.setBoundary(RoleName, undefined);
      return {};
    },
    TagRole({ RoleName, Tags }) {
      roles.change(RoleName, (role) => (role.Tags = withTags(role.Tags, Tags)));
      return {};
    },
    UntagRole({ RoleName, TagKeys }) {
      roles.change(RoleName, (role) => (role.Tags = withoutTags(role.Tags, TagKeys)));
      return {};
    },
    ListRoleTags({ RoleName, ...input }) {
      const [page, answer] = pageOf(roles.get(RoleName).Tags, (tag) => tag.Key as string, input);
      return { Tags: page, ...answer };
    },
    /** There are no instance profiles here; Terraform asks before it deletes a role. */
    ListInstanceProfilesForRole({ RoleName }) {
      roles.get(RoleName);
      return { InstanceProfiles: [], IsTruncated: false };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-iam')>;
}
