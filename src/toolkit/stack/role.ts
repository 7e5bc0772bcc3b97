// A stack's IAM role: trusted by Glue, with managed and inline policies.
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  type Tag,
} from '@aws-sdk/client-iam';
import { isAwsError } from '../../aws/aws-failure.js';
import { differencesOf } from './differences.js';
import { ownershipOf, ownershipTags } from './ownership.js';
import type { Members, ResourceHandler } from './resource.js';
import type { ResourceScope } from './stack-scope.js';

export interface RoleMembers extends Members {
  Path: string;
  AssumeRolePolicyDocument: unknown;
  /** ARNs, sorted. */
  managedPolicies: string[];
  /** Policy name to policy document. */
  inlinePolicies: Record<string, unknown>;
  /** ARN of the permissions boundary. */
  PermissionsBoundary?: string | undefined;
}

export const GLUE_TRUST_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

export function roleHandler(scope: ResourceScope<'iam'>): ResourceHandler {
  const { iam } = scope.clients;
  const abortSignal = scope.signal;

  async function policiesOf(
    RoleName: string,
  ): Promise<Pick<RoleMembers, 'managedPolicies' | 'inlinePolicies'>> {
    const managedPolicies: string[] = [];
    for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName })) {
      for (const policy of page.AttachedPolicies ?? []) managedPolicies.push(policy.PolicyArn as string);
    }
    const inlinePolicies: Record<string, unknown> = {};
    for await (const page of paginateListRolePolicies({ client: iam }, { RoleName })) {
      for (const PolicyName of page.PolicyNames ?? []) {
        const policy = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }), { abortSignal });
        inlinePolicies[PolicyName] = decodePolicy(policy.PolicyDocument);
      }
    }
    return { managedPolicies: managedPolicies.sort(), inlinePolicies };
  }

  async function changePolicies(RoleName: string, wanted: RoleMembers, current: RoleMembers): Promise<void> {
    for (const PolicyArn of wanted.managedPolicies) {
      if (current.managedPolicies.includes(PolicyArn)) continue;
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }), { abortSignal });
    }
    for (const [PolicyName, document] of Object.entries(wanted.inlinePolicies)) {
      if (differencesOf(document, current.inlinePolicies[PolicyName], true).length === 0) continue;
      const PolicyDocument = JSON.stringify(document);
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }), { abortSignal });
    }
    for (const PolicyArn of current.managedPolicies) {
      if (wanted.managedPolicies.includes(PolicyArn)) continue;
      await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }), { abortSignal });
    }
    for (const PolicyName of Object.keys(current.inlinePolicies)) {
      if (PolicyName in wanted.inlinePolicies) continue;
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }), { abortSignal });
    }
  }

  const none: RoleMembers = {
    Path: '/',
    AssumeRolePolicyDocument: {},
    managedPolicies: [],
    inlinePolicies: {},
  };

  return {
    async observe(name) {
      try {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }), { abortSignal });
        const members: RoleMembers = {
          Path: Role?.Path ?? '/',
          AssumeRolePolicyDocument: decodePolicy(Role?.AssumeRolePolicyDocument),
          PermissionsBoundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
          ...(await policiesOf(name)),
        };
        return { kind: 'role', name, members, ownership: ownershipOf(tagMap(Role?.Tags), scope) };
      } catch (error) {
        if (isAwsError(error, 'NoSuchEntityException', 'NoSuchEntity')) return undefined;
        throw error;
      }
    },

    async create({ name, members }) {
      const wanted = members as RoleMembers;
      await iam.send(
        new CreateRoleCommand({
          RoleName: name,
          Path: wanted.Path,
          AssumeRolePolicyDocument: JSON.stringify(wanted.AssumeRolePolicyDocument),
          PermissionsBoundary: wanted.PermissionsBoundary,
          Description: `Made by gluepot for stack ${scope.stack}`,
          Tags: tagList(ownershipTags(scope)),
        }),
        { abortSignal },
      );
      await changePolicies(name, wanted, none);
    },

    async update({ name, members }, current) {
      const wanted = members as RoleMembers;
      const before = current.members as RoleMembers;
      if (differencesOf(wanted.AssumeRolePolicyDocument, before.AssumeRolePolicyDocument, true).length > 0) {
        const PolicyDocument = JSON.stringify(wanted.AssumeRolePolicyDocument);
        await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument }), {
          abortSignal,
        });
      }
      const { PermissionsBoundary } = wanted;
      // Before the policies, which only a role with this boundary may be allowed to be given.
      if (PermissionsBoundary !== undefined && PermissionsBoundary !== before.PermissionsBoundary) {
        await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary }), {
          abortSignal,
        });
      }
      await changePolicies(name, wanted, before);
    },

    async adopt(name) {
      const Tags = tagList(ownershipTags(scope, { isAdopted: true }));
      await iam.send(new TagRoleCommand({ RoleName: name, Tags }), { abortSignal });
    },

    async delete(name) {
      try {
        await changePolicies(name, none, { ...none, ...(await policiesOf(name)) });
        await iam.send(new DeleteRoleCommand({ RoleName: name }), { abortSignal });
      } catch (error) {
        if (!isAwsError(error, 'NoSuchEntityException', 'NoSuchEntity')) throw error;
      }
    },
  };
}

// IAM answers policy documents URL-encoded (RFC 3986), says AWS's API reference of GetRolePolicy.
function decodePolicy(document: string | undefined): unknown {
  return document === undefined ? {} : (JSON.parse(decodeURIComponent(document)) as unknown);
}

function tagList(tags: Record<string, string>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function tagMap(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map((tag) => [tag.Key as string, tag.Value ?? '']));
}
