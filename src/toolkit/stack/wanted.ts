// What a stack file asks for in one account and region, with everything filled in.
import { fillPlaceholders, type PlaceholderValues } from './placeholders.js';
import { wantedIngests } from './ingest.js';
import { RESOURCE_KINDS, type Members, type Resource, type WantedObject } from './resource.js';
import { GLUE_TRUST_POLICY, type RoleMembers } from './role.js';
import type { RunStep, StackSpec, UploadSpec } from './spec.js';
import { roleArn, type StackScope } from './stack-scope.js';

export interface WantedStack {
  bucket: string;
  /** In the order in which they are made. */
  resources: Resource[];
  uploads: UploadSpec[];
  /** What the bucket holds for the stack's ingests. */
  ingestObjects: () => WantedObject[];
  run: RunStep[];
  verify: NonNullable<StackSpec['verify']>;
  database: string | undefined;
  /** Names of the roles that the stack's jobs work as. */
  roles: string[];
  /** Keys and prefixes in the bucket that are the stack's, with all below them: folders, uploads, outputs. */
  prefixes: string[];
}

export function wantedStack(spec: StackSpec, scope: StackScope): WantedStack {
  const filled = fillPlaceholders(spec, placeholderValues(spec, scope));
  const { role, bucket, database } = filled;
  const defaults: Members = {};
  if (role) defaults.Role = roleArn(scope, role.path ?? '/', role.name);
  const resources: Resource[] = [];
  if (role) resources.push({ kind: 'role', name: role.name, members: roleMembers(role) });
  resources.push({ kind: 'bucket', name: bucket.name, members: {} });
  if (database) resources.push({ kind: 'database', name: database.Name as string, members: { ...database } });
  for (const crawler of filled.crawlers ?? []) {
    const members = { ...defaults, ...(database ? { DatabaseName: database.Name } : {}), ...crawler };
    resources.push({ kind: 'crawler', name: crawler.Name as string, members });
  }
  for (const job of filled.jobs ?? []) {
    resources.push({ kind: 'job', name: job.Name as string, members: { ...defaults, ...job } });
  }

  const ingests = wantedIngests(filled.ingests ?? [], scope, bucket.name, (name) => name === database?.Name);
  resources.push(...ingests.resources);
  const order = ({ kind }: Resource) => RESOURCE_KINDS.indexOf(kind);

  return {
    bucket: bucket.name,
    resources: resources.sort((one, other) => order(one) - order(other)),
    uploads: bucket.upload ?? [],
    ingestObjects: ingests.objects,
    run: filled.run ?? [],
    verify: filled.verify ?? {},
    database: database?.Name,
    roles: [...(role ? [role.name] : []), ...ingests.roles],
    prefixes: [...new Set([...stackPrefixes(filled), ...ingests.prefixes])].sort(),
  };
}

function placeholderValues(spec: StackSpec, scope: StackScope): PlaceholderValues {
  const known = { account: scope.accountId, region: scope.region, stack: scope.stack };
  const role = spec.role && fillPlaceholders(spec.role, known);
  return {
    ...known,
    bucket: fillPlaceholders(spec.bucket.name, known),
    role: role ? roleArn(scope, role.path ?? '/', role.name) : '',
    database: fillPlaceholders(spec.database?.Name ?? '', known),
  };
}

function roleMembers(role: NonNullable<StackSpec['role']>): RoleMembers {
  return {
    Path: role.path ?? '/',
    AssumeRolePolicyDocument: GLUE_TRUST_POLICY,
    managedPolicies: [...(role.managedPolicies ?? [])].sort(),
    inlinePolicies: role.inlinePolicies ?? {},
  };
}

// A job's graph and arguments name the places it writes to, and it was the stack that made the job.
function stackPrefixes(spec: StackSpec): string[] {
  const own = `s3://${spec.bucket.name}/`;
  const inJobs = textsIn(spec.jobs ?? [])
    .filter((text) => text.startsWith(own) && text.length > own.length)
    .map((text) => text.slice(own.length));
  const uploads = (spec.bucket.upload ?? []).map((upload) => upload.to);
  const emptied = (spec.run ?? []).flatMap((step) => step.emptyFirst ?? []);
  return [...new Set([...(spec.bucket.folders ?? []), ...uploads, ...inJobs, ...emptied])].sort();
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
