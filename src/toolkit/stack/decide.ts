// From what is wanted, what is there and what was last applied to the changes to make, each with its reason. Pure.
import { comparableCrawler } from './crawler.js';
import { differencesOf, type Difference } from './differences.js';
import { comparableJob } from './job.js';
import type {
  Members,
  ObservedObject,
  ObservedResource,
  Resource,
  ResourceKind,
  WantedObject,
} from './resource.js';
import { RESOURCE_KINDS } from './resource.js';
import type { RecordedObject, StackRecord } from './stack-record.js';

export type ChangeAction = 'create' | 'update' | 'delete' | 'skip' | 'conflict';

export interface StackChange {
  kind: ResourceKind | 'object';
  name: string;
  action: ChangeAction;
  /** One sentence: why this and nothing else. */
  reason: string;
  differences: Difference[];
  /** The resource is somebody else's and is taken over: our tags are put on it. */
  isAdoption?: boolean;
}

export interface DecideInput {
  resources: readonly Resource[];
  objects: readonly WantedObject[];
  /** Whatever was found under a wanted or recorded name, or under our tags. */
  observed: readonly ObservedResource[];
  observedObjects: readonly ObservedObject[];
  record: StackRecord | undefined;
  /** Take over resources of the same name that are not ours, and objects under the same key. */
  adopt: boolean;
}

const COMPARABLE: Record<ResourceKind, (members: Members) => Members> = {
  // The boundary of a stack's role is for others to set.
  role: (members) => ({ ...members, PermissionsBoundary: undefined }),
  bucket: (members) => members,
  database: (members) => members,
  crawler: comparableCrawler,
  job: comparableJob,
  trigger: (members) => members,
};

/** Changes in the order in which they are to be made; deletions come last and in reverse. */
export function decideChanges(input: DecideInput): StackChange[] {
  const isSame = (a: Resource, b: Resource) => a.kind === b.kind && a.name === b.name;
  const bases = input.record?.resources ?? [];
  const changes = input.resources.map((wanted) =>
    decideResource(
      wanted,
      input.observed.find((current) => isSame(current, wanted)),
      bases.filter((base) => isSame(base, wanted)),
      input.adopt,
    ),
  );
  const afterBucket = changes.findIndex((change) => change.kind === 'bucket') + 1;
  changes.splice(afterBucket, 0, ...decideObjects(input));
  const removed = input.observed
    .filter((current) => !input.resources.some((wanted) => isSame(current, wanted)))
    .sort((a, b) => RESOURCE_KINDS.indexOf(b.kind) - RESOURCE_KINDS.indexOf(a.kind));
  return [...changes, ...removed.map(decideRemoved)];
}

function decideResource(
  wanted: Resource,
  current: ObservedResource | undefined,
  bases: readonly Resource[],
  adopt: boolean,
): StackChange {
  const { kind, name } = wanted;
  if (!current) {
    const reason = bases.length > 0 ? 'it was applied before and is gone' : 'it is not there yet';
    return { kind, name, action: 'create', reason, differences: [] };
  }
  const isForeign = current.ownership.kind === 'foreign';
  if (isForeign && !adopt) {
    const reason = `there is a ${kind} of this name that is not this stack’s: ${current.ownership.evidence}. Rename it in the file, or take it over with --adopt`;
    return { kind, name, action: 'conflict', reason, differences: [] };
  }
  const comparable = COMPARABLE[kind];
  const differences = [
    ...differencesOf(comparable(wanted.members), comparable(current.members), kind === 'role'),
    ...removedMembers(wanted, current, bases),
  ];
  if (kind === 'role' && differences.some((difference) => difference.path === 'Path')) {
    const reason = 'the path of a role cannot be changed. Keep it, or destroy the stack and apply it again';
    return { kind, name, action: 'conflict', reason, differences };
  }
  if (isForeign) {
    return {
      kind,
      name,
      action: 'update',
      reason: `taken over with --adopt: ${current.ownership.evidence}`,
      differences,
      isAdoption: true,
    };
  }
  if (differences.length === 0) {
    return { kind, name, action: 'skip', reason: 'it is as the file asks', differences };
  }
  return { kind, name, action: 'update', reason: reasonForUpdate(wanted, bases), differences };
}

function reasonForUpdate(wanted: Resource, bases: readonly Resource[]): string {
  if (bases.length === 0) return 'it is not as the file asks';
  const comparable = COMPARABLE[wanted.kind];
  const isFileUnchanged = bases.every(
    (base) => differencesOf(comparable(wanted.members), comparable(base.members), true).length === 0,
  );
  return isFileUnchanged
    ? 'somebody changed it since it was applied'
    : 'the file changed since it was applied';
}

// Only what we asked for before, and is still as we asked for, is known to be ours to take away.
function removedMembers(wanted: Resource, current: Resource, bases: readonly Resource[]): Difference[] {
  if (wanted.kind === 'role') return [];
  const comparable = COMPARABLE[wanted.kind];
  const now = comparable(current.members);
  const removed = new Map<string, Difference>();
  for (const base of bases) {
    for (const [name, value] of Object.entries(comparable(base.members))) {
      if (name in wanted.members || differencesOf(value, now[name]).length > 0) continue;
      if (differencesOf(undefined, value).length > 0)
        removed.set(name, { path: name, before: now[name], after: undefined });
    }
  }
  return [...removed.values()];
}

function decideRemoved(current: ObservedResource): StackChange {
  const { kind, name, ownership } = current;
  if (ownership.kind !== 'ours') {
    return {
      kind,
      name,
      action: 'skip',
      reason: `it is no longer in the file, but ${ownership.evidence}: left as it is`,
      differences: [],
    };
  }
  return {
    kind,
    name,
    action: 'delete',
    reason: `it is no longer in the file, and ${ownership.evidence}`,
    differences: [],
  };
}

function decideObjects({ objects, observedObjects, record, adopt }: DecideInput): StackChange[] {
  const observed = new Map(observedObjects.map((object) => [object.key, object]));
  const recorded = new Map((record?.objects ?? []).map((object) => [object.key, object]));
  const wantedKeys = new Set(objects.map((object) => object.key));
  const removed = [...recorded.values()].filter(
    (object) => !wantedKeys.has(object.key) && observed.has(object.key),
  );
  return [
    ...objects.map((wanted) =>
      decideObject(wanted, observed.get(wanted.key), recorded.get(wanted.key), adopt),
    ),
    ...removed.map((base) => decideRemovedObject(base, observed.get(base.key) as ObservedObject)),
  ];
}

function decideObject(
  wanted: WantedObject,
  current: ObservedObject | undefined,
  base: RecordedObject | undefined,
  adopt: boolean,
): StackChange {
  const change = (action: ChangeAction, reason: string, differences: Difference[] = []): StackChange => ({
    kind: 'object',
    name: wanted.key,
    action,
    reason,
    differences,
  });
  if (!current)
    return change('create', base?.etag ? 'it was uploaded before and is gone' : `from ${wanted.source}`);
  const isAsUploaded = base !== undefined && base.etag === current.etag;
  // An ETag is the MD5 of the content, unless it was uploaded in parts or encrypted with a key of KMS.
  const isEqual = (isAsUploaded && base.sha256 === wanted.sha256) || current.etag === wanted.md5;
  if (isEqual) return change('skip', 'its content is as the file asks');
  const differences = [{ path: 'content', before: `${current.size} bytes`, after: `${wanted.size} bytes` }];
  if (isAsUploaded) return change('update', `${wanted.source} changed since it was uploaded`, differences);
  if (base) return change('update', 'somebody changed it since it was uploaded', differences);
  if (adopt) return change('update', 'replaced with --adopt: it is not known who wrote it', differences);
  return change(
    'conflict',
    'there is another object under this key, and no record that this stack wrote it. Replace it with --adopt',
  );
}

function decideRemovedObject(base: RecordedObject, current: ObservedObject): StackChange {
  const isAsUploaded = base.etag === current.etag;
  return {
    kind: 'object',
    name: base.key,
    action: isAsUploaded ? 'delete' : 'skip',
    reason: isAsUploaded
      ? 'it is no longer in the file, and is as this stack uploaded it'
      : 'it is no longer in the file, but somebody changed it since: left as it is',
    differences: [],
  };
}
