// Roles: who they are, who may assume them, and what is attached to them.
import type { CreateRoleRequest, Role, Tag, UpdateRoleRequest } from '@aws-sdk/client-iam';
import type { Checked } from '../wire/service.js';
import { AwsError } from '../wire/aws-error.js';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import { parsePolicyDocument } from './policy-document.js';
import { encodePolicy, policyLength } from './policy-text.js';
import { withTags } from './tags.js';
import { uniqueId } from './unique-id.js';

/** AWS docs: IAM quotas, role trust policy length in characters without white space. */
const TRUST_POLICY_LENGTH_MAX = 2048;

/** A role as it is kept. Times are whole seconds. */
export interface RoleRecord {
  RoleName: string;
  RoleId: string;
  Arn: string;
  Path: string;
  CreateDate: Date;
  AssumeRolePolicyDocument: string;
  Description?: string;
  /** Seconds. */
  MaxSessionDuration: number;
  PermissionsBoundaryArn?: string;
  Tags: Tag[];
  inlinePolicies: { PolicyName: string; document: string }[];
  attachedPolicyArns: string[];
  /** When AssumeRolePolicyDocument was put, and what was visible until then; see visibleTrustPolicy. */
  trustChangedAt: Date;
  trustBefore?: string;
}

export interface RoleTable {
  /** @throws AwsError EntityAlreadyExistsException, MalformedPolicyDocumentException, LimitExceededException */
  create(input: Checked<CreateRoleRequest>): RoleRecord;
  /** @throws AwsError NoSuchEntityException */
  get(name: string): RoleRecord;
  find(name: string): RoleRecord | undefined;
  list(pathPrefix?: string): RoleRecord[];
  /** Reads, changes and keeps a role in one transaction. @throws AwsError NoSuchEntityException */
  change<T>(name: string, body: (role: RoleRecord) => T): T;
  update(input: Checked<UpdateRoleRequest>): void;
  /** @throws AwsError MalformedPolicyDocumentException, LimitExceededException */
  putTrustPolicy(name: string, document: string): void;
  /** @throws AwsError NoSuchEntityException, DeleteConflictException while policies are on it */
  delete(name: string): void;
  /**
   * The trust policy that services see, `iamDelayMs` after it was put; undefined while even the role is not visible.
   */
  visibleTrustPolicy(role: RoleRecord): string | undefined;
}

export interface RoleTableOptions {
  clock: Clock;
  ids: Ids;
  accountId: string;
  /** How long after its change a role or trust policy becomes visible to services, in milliseconds. */
  iamDelayMs: number;
}

export function openRoleTable(
  state: State,
  { clock, ids, accountId, iamDelayMs }: RoleTableOptions,
): RoleTable {
  const records = openDocuments<RoleRecord>(state, 'iam-role');
  // "Names are not distinguished by case" (AWS docs: IAM identifiers).
  const keyOf = (name: string) => name.toLowerCase();
  const get = (name: string) => {
    const role = records.get(keyOf(name));
    if (!role) throw new AwsError('NoSuchEntityException', `The role with name ${name} cannot be found.`);
    return role;
  };
  const visibleTrustPolicy = (role: RoleRecord) =>
    clock.now().getTime() - role.trustChangedAt.getTime() >= iamDelayMs
      ? role.AssumeRolePolicyDocument
      : role.trustBefore;
  const change = <T>(name: string, body: (role: RoleRecord) => T) =>
    state.transaction(() => {
      const role = get(name);
      const result = body(role);
      records.put(keyOf(name), role);
      return result;
    });
  return {
    create(input) {
      checkTrustPolicy(input.AssumeRolePolicyDocument);
      const path = input.Path ?? '/';
      const nowMs = clock.now().getTime();
      const role: RoleRecord = {
        RoleName: input.RoleName,
        RoleId: uniqueId(ids, 'AROA'),
        Arn: `arn:aws:iam::${accountId}:role${path}${input.RoleName}`,
        Path: path,
        CreateDate: new Date(Math.floor(nowMs / 1000) * 1000),
        AssumeRolePolicyDocument: input.AssumeRolePolicyDocument,
        ...(input.Description ? { Description: input.Description } : {}),
        MaxSessionDuration: input.MaxSessionDuration ?? 3600,
        ...(input.PermissionsBoundary ? { PermissionsBoundaryArn: input.PermissionsBoundary } : {}),
        Tags: withTags([], input.Tags ?? []),
        inlinePolicies: [],
        attachedPolicyArns: [],
        trustChangedAt: new Date(nowMs),
      };
      return state.transaction(() => {
        if (records.get(keyOf(input.RoleName))) {
          throw new AwsError(
            'EntityAlreadyExistsException',
            `Role with name ${input.RoleName} already exists.`,
          );
        }
        records.put(keyOf(input.RoleName), role);
        return role;
      });
    },
    get,
    find: (name) => records.get(keyOf(name)),
    list: (pathPrefix = '/') =>
      records
        .list()
        .map(({ document }) => document)
        .filter((role) => role.Path.startsWith(pathPrefix)),
    change,
    update: ({ RoleName, Description, MaxSessionDuration }) =>
      change(RoleName, (role) => {
        if (Description !== undefined) role.Description = Description;
        if (MaxSessionDuration !== undefined) role.MaxSessionDuration = MaxSessionDuration;
      }),
    putTrustPolicy(name, document) {
      checkTrustPolicy(document);
      change(name, (role) => {
        const visible = visibleTrustPolicy(role);
        delete role.trustBefore;
        if (visible !== undefined) role.trustBefore = visible;
        role.AssumeRolePolicyDocument = document;
        role.trustChangedAt = clock.now();
      });
    },
    delete: (name) =>
      state.transaction(() => {
        const role = get(name);
        if (role.inlinePolicies.length > 0) {
          throw new AwsError('DeleteConflictException', 'Cannot delete entity, must delete policies first.');
        }
        if (role.attachedPolicyArns.length > 0) {
          throw new AwsError(
            'DeleteConflictException',
            'Cannot delete entity, must detach all policies first.',
          );
        }
        records.delete(keyOf(name));
      }),
    visibleTrustPolicy,
  };
}

/** `role` as CreateRole and GetRole answer it; `isListed` leaves out what ListRoles leaves out. */
export function toRole(role: RoleRecord, { isListed = false } = {}): Role {
  return {
    Path: role.Path,
    RoleName: role.RoleName,
    RoleId: role.RoleId,
    Arn: role.Arn,
    CreateDate: role.CreateDate,
    // RFC 3986, as IAM documents it.
    AssumeRolePolicyDocument: encodePolicy(role.AssumeRolePolicyDocument),
    ...(role.Description === undefined ? {} : { Description: role.Description }),
    MaxSessionDuration: role.MaxSessionDuration,
    ...(isListed || role.Tags.length === 0 ? {} : { Tags: role.Tags }),
    ...(isListed || !role.PermissionsBoundaryArn
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
            PermissionsBoundaryArn: role.PermissionsBoundaryArn,
          },
        }),
  };
}

function checkTrustPolicy(document: string): void {
  parsePolicyDocument(document, 'trust');
  if (policyLength(document) > TRUST_POLICY_LENGTH_MAX) {
    throw new AwsError(
      'LimitExceededException',
      `Cannot exceed quota for ACLSizePerRole: ${TRUST_POLICY_LENGTH_MAX}`,
    );
  }
}
