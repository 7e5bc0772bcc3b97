// Managed policies: those of AWS, which can be read and attached, and the account's own with their versions.
import { createHash } from 'node:crypto';
import type { CreatePolicyRequest, Policy, PolicyVersion, Tag } from '@aws-sdk/client-iam';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Checked } from '../wire/service.js';
import { AWS_MANAGED_POLICIES, type AwsManagedPolicy } from './aws-managed-policies.js';
import { parsePolicyDocument } from './policy-document.js';
import { encodePolicy, policyLength } from './policy-text.js';
import { withTags } from './tags.js';
import { uniqueId } from './unique-id.js';

/** AWS docs: IAM quotas, managed policy size in characters without white space, and versions of one. */
const MANAGED_POLICY_LENGTH_MAX = 6144;
const POLICY_VERSIONS_MAX = 5;

/** A managed policy as it is kept. */
export interface PolicyRecord {
  PolicyName: string;
  PolicyId: string;
  Arn: string;
  Path: string;
  Description?: string;
  CreateDate: Date;
  UpdateDate: Date;
  DefaultVersionId: string;
  Tags: Tag[];
  /** In order of creation. */
  versions: { VersionId: string; document: string; CreateDate: Date }[];
  /** Number of the next version; numbers are not used again. */
  nextVersion: number;
}

export interface PolicyTable {
  /** @throws AwsError EntityAlreadyExistsException, MalformedPolicyDocumentException, LimitExceededException */
  create(input: Checked<CreatePolicyRequest>): PolicyRecord;
  /** @throws AwsError NoSuchEntityException */
  get(arn: string): PolicyRecord;
  find(arn: string): PolicyRecord | undefined;
  list(scope: 'All' | 'AWS' | 'Local'): PolicyRecord[];
  /** @throws AwsError NoSuchEntityException, AccessDenied for a policy of AWS */
  change<T>(arn: string, body: (policy: PolicyRecord) => T): T;
  /** @throws AwsError LimitExceededException at five versions, MalformedPolicyDocumentException */
  createVersion(arn: string, document: string, isDefault: boolean): PolicyVersion;
  /** @throws AwsError NoSuchEntityException */
  getVersion(arn: string, versionId: string): PolicyVersion;
  /** Newest first. */
  listVersions(arn: string): PolicyVersion[];
  /** @throws AwsError DeleteConflictException for the default version */
  deleteVersion(arn: string, versionId: string): void;
  setDefaultVersion(arn: string, versionId: string): void;
  /** @throws AwsError DeleteConflictException while it is attached (`isAttached`) or has more versions */
  delete(arn: string, isAttached: boolean): void;
}

export function openPolicyTable(
  state: State,
  { clock, ids, accountId }: { clock: Clock; ids: Ids; accountId: string },
): PolicyTable {
  const records = openDocuments<PolicyRecord>(state, 'iam-policy');
  const awsPolicies = new Map(AWS_MANAGED_POLICIES.map(toPolicyRecord).map((policy) => [policy.Arn, policy]));
  const now = () => new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
  const find = (arn: string) => awsPolicies.get(arn) ?? records.get(arn);
  const get = (arn: string) => {
    const policy = find(arn);
    if (policy) return policy;
    if (!/^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/.+$/.test(arn)) {
      throw new AwsError('InvalidInputException', `ARN ${arn} is not valid.`);
    }
    throw new AwsError('NoSuchEntityException', `Policy ${arn} was not found.${awsPolicyHint(arn)}`);
  };
  const change = <T>(arn: string, body: (policy: PolicyRecord) => T) =>
    state.transaction(() => {
      const policy = get(arn);
      if (awsPolicies.has(arn)) {
        throw new AwsError('AccessDenied', `${arn} is managed by AWS and cannot be changed.`, {
          statusCode: 403,
        });
      }
      const result = body(policy);
      records.put(arn, policy);
      return result;
    });
  return {
    create(input) {
      checkDocument(input.PolicyDocument);
      const path = input.Path ?? '/';
      const created = now();
      const policy: PolicyRecord = {
        PolicyName: input.PolicyName,
        PolicyId: uniqueId(ids, 'ANPA'),
        Arn: `arn:aws:iam::${accountId}:policy${path}${input.PolicyName}`,
        Path: path,
        ...(input.Description ? { Description: input.Description } : {}),
        CreateDate: created,
        UpdateDate: created,
        DefaultVersionId: 'v1',
        Tags: withTags([], input.Tags ?? []),
        versions: [{ VersionId: 'v1', document: input.PolicyDocument, CreateDate: created }],
        nextVersion: 2,
      };
      return state.transaction(() => {
        const name = input.PolicyName.toLowerCase();
        if (records.list().some(({ document }) => document.PolicyName.toLowerCase() === name)) {
          throw new AwsError(
            'EntityAlreadyExistsException',
            `A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`,
          );
        }
        records.put(policy.Arn, policy);
        return policy;
      });
    },
    get,
    find,
    list: (scope) => [
      ...(scope === 'Local' ? [] : awsPolicies.values()),
      ...(scope === 'AWS' ? [] : records.list().map(({ document }) => document)),
    ],
    change,
    createVersion(arn, document, isDefault) {
      return change(arn, (policy) => {
        checkDocument(document);
        if (policy.versions.length >= POLICY_VERSIONS_MAX) {
          throw new AwsError(
            'LimitExceededException',
            `A managed policy can have up to ${POLICY_VERSIONS_MAX} versions. Before you create a new version, you must ` +
              'delete an existing version.',
          );
        }
        const version = { VersionId: `v${policy.nextVersion++}`, document, CreateDate: now() };
        policy.versions.push(version);
        policy.UpdateDate = version.CreateDate;
        if (isDefault) policy.DefaultVersionId = version.VersionId;
        return toPolicyVersion(policy, version, { withDocument: false });
      });
    },
    getVersion(arn, versionId) {
      const policy = get(arn);
      return toPolicyVersion(policy, requireVersion(policy, versionId), { withDocument: true });
    },
    listVersions(arn) {
      const policy = get(arn);
      return [...policy.versions]
        .reverse()
        .map((version) => toPolicyVersion(policy, version, { withDocument: false }));
    },
    deleteVersion: (arn, versionId) =>
      change(arn, (policy) => {
        const version = requireVersion(policy, versionId);
        if (versionId === policy.DefaultVersionId) {
          throw new AwsError('DeleteConflictException', 'Cannot delete the default version of a policy.');
        }
        policy.versions.splice(policy.versions.indexOf(version), 1);
      }),
    setDefaultVersion: (arn, versionId) =>
      change(arn, (policy) => {
        policy.DefaultVersionId = requireVersion(policy, versionId).VersionId;
        policy.UpdateDate = now();
      }),
    delete: (arn, isAttached) =>
      state.transaction(() => {
        change(arn, (policy) => {
          if (isAttached) {
            throw new AwsError('DeleteConflictException', 'Cannot delete a policy attached to entities.');
          }
          if (policy.versions.length > 1) {
            throw new AwsError(
              'DeleteConflictException',
              "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
                'The default version is deleted with the policy.',
            );
          }
        });
        records.delete(arn);
      }),
  };
}

/** How often a policy is in use; see ListPolicies. */
export interface PolicyUsage {
  attachmentCount: number;
  boundaryCount: number;
}

/** `policy` as CreatePolicy and GetPolicy answer it; `isListed` leaves out what ListPolicies leaves out. */
export function toPolicy(policy: PolicyRecord, usage: PolicyUsage, { isListed = false } = {}): Policy {
  return {
    PolicyName: policy.PolicyName,
    PolicyId: policy.PolicyId,
    Arn: policy.Arn,
    Path: policy.Path,
    DefaultVersionId: policy.DefaultVersionId,
    AttachmentCount: usage.attachmentCount,
    PermissionsBoundaryUsageCount: usage.boundaryCount,
    IsAttachable: true,
    CreateDate: policy.CreateDate,
    UpdateDate: policy.UpdateDate,
    ...(isListed || policy.Description === undefined ? {} : { Description: policy.Description }),
    ...(isListed ? {} : { Tags: policy.Tags }),
  };
}

/** What to say more when a policy of AWS is asked for that is not among ours. */
export function awsPolicyHint(arn: string): string {
  return arn.startsWith('arn:aws:iam::aws:')
    ? ' Of the policies that AWS manages, only those that ListPolicies with Scope AWS shows are here; create it as a ' +
        'policy of the account to use it.'
    : '';
}

function toPolicyVersion(
  policy: PolicyRecord,
  version: PolicyRecord['versions'][number],
  { withDocument }: { withDocument: boolean },
): PolicyVersion {
  return {
    ...(withDocument ? { Document: encodePolicy(version.document) } : {}),
    VersionId: version.VersionId,
    IsDefaultVersion: version.VersionId === policy.DefaultVersionId,
    CreateDate: version.CreateDate,
  };
}

function requireVersion(policy: PolicyRecord, versionId: string): PolicyRecord['versions'][number] {
  const version = policy.versions.find(({ VersionId }) => VersionId === versionId);
  if (version) return version;
  throw new AwsError(
    'NoSuchEntityException',
    `Policy ${policy.Arn} version ${versionId} does not exist or is not attachable.`,
  );
}

function checkDocument(document: string): void {
  parsePolicyDocument(document, 'permissions');
  if (policyLength(document) > MANAGED_POLICY_LENGTH_MAX) {
    throw new AwsError(
      'LimitExceededException',
      `Cannot exceed quota for PolicySize: ${MANAGED_POLICY_LENGTH_MAX}`,
    );
  }
}

function toPolicyRecord(policy: AwsManagedPolicy): PolicyRecord {
  const arn = `arn:aws:iam::aws:policy${policy.path}${policy.name}`;
  // Made from the name, so that an identifier is the same in every data folder; the real ones are AWS's.
  const hash = createHash('sha256').update(arn).digest('hex');
  const created = new Date('2017-08-14T00:00:00Z');
  return {
    PolicyName: policy.name,
    PolicyId: uniqueId({ uuid: () => hash, hex: (byteCount) => hash.slice(0, byteCount * 2) }, 'ANPA'),
    Arn: arn,
    Path: policy.path,
    Description: policy.description,
    CreateDate: created,
    UpdateDate: created,
    DefaultVersionId: 'v1',
    Tags: [],
    versions: [{ VersionId: 'v1', document: policy.document, CreateDate: created }],
    nextVersion: 2,
  };
}
