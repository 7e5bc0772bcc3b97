// Plans as JSON that people can read and keep, a change a line; checked to the last member when read.
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { GluepotError, messageOf } from '../../base/errors.js';
import { decodeDefinition, encodeDefinition } from '../canonical-definition.js';
import { keyLabel } from '../catalog-key.js';
import type { CatalogObjectKey, CatalogObjectKind, Definition } from '../catalog-object.js';
import type { Change, Plan } from '../plan.js';
import { observedHash } from './build-plan.js';

const SCHEMA_VERSION = 1;

const name = v.pipe(v.string(), v.nonEmpty());
const ofTable = { DatabaseName: name, TableName: name };
const values = v.array(v.string());

export const KEY_SCHEMA = v.variant('kind', [
  v.strictObject({ kind: v.literal('database'), DatabaseName: name }),
  v.strictObject({ kind: v.literal('table'), ...ofTable }),
  v.strictObject({ kind: v.literal('partition'), ...ofTable, Values: values }),
  v.strictObject({ kind: v.literal('partition-index'), ...ofTable, IndexName: name }),
  v.strictObject({ kind: v.literal('table-statistics'), ...ofTable }),
  v.strictObject({ kind: v.literal('partition-statistics'), ...ofTable, Values: values }),
]);

const EVIDENCE = v.variant('from', [
  v.strictObject({ from: v.literal('snapshot'), snapshotId: name, takenAt: name }),
  v.strictObject({ from: v.literal('table-version'), VersionId: name, updateTime: v.exactOptional(name) }),
  v.strictObject({ from: v.literal('crawl-changes'), crawlId: name }),
  v.strictObject({
    from: v.literal('creation-time'),
    createTime: name,
    windowStart: name,
    windowEnd: v.exactOptional(name),
  }),
  v.strictObject({ from: v.literal('backup-file'), location: name }),
]);

const CHANGE = v.strictObject({
  action: v.picklist(['create', 'update', 'delete', 'recreate', 'skip', 'conflict']),
  key: KEY_SCHEMA,
  current: v.exactOptional(v.unknown()),
  wanted: v.exactOptional(v.unknown()),
  VersionId: v.exactOptional(name),
  reason: v.string(),
  evidence: v.array(EVIDENCE),
});

const PLAN = v.strictObject({
  schemaVersion: v.literal(SCHEMA_VERSION),
  planId: v.pipe(v.string(), v.regex(/^[0-9A-Za-z.-]+$/)),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  region: name,
  subject: v.strictObject({
    operation: v.picklist(['crawl-undo', 'crawl-redo', 'snapshot-restore', 'dynamodb-catalog', 'job-launch']),
    resolved: v.record(v.string(), v.string()),
  }),
  observedHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  changes: v.array(CHANGE),
});

/** The whole plan as JSON: its head first, then a change a line. */
export function planText(plan: Plan): string {
  return planBytes(plan).toString('utf8');
}

const CHANGES_AT_ONCE = 1000;

/** The same as UTF-8, made a part at a time: as one text a plan of 100,000 partitions would be held several times over. */
export function planBytes({ changes, ...head }: Plan): Buffer {
  const parts = [Buffer.from(`${JSON.stringify(head, undefined, 2).slice(0, -2)},\n  "changes": [`)];
  for (let start = 0; start < changes.length; start += CHANGES_AT_ONCE) {
    const lines = changes
      .slice(start, start + CHANGES_AT_ONCE)
      .map((change) => `    ${JSON.stringify(encodeChange(change))}`);
    parts.push(Buffer.from(`${start === 0 ? '\n' : ',\n'}${lines.join(',\n')}`));
  }
  parts.push(Buffer.from(`${changes.length === 0 ? '' : '\n  '}]\n}\n`));
  return Buffer.concat(parts);
}

function encodeChange({ key, current, wanted, ...change }: Change): unknown {
  const encoded = (definition: Definition) => encodeDefinition<CatalogObjectKind>(key.kind, definition);
  return {
    ...change,
    key,
    ...(current === undefined ? {} : { current: encoded(current) }),
    ...(wanted === undefined ? {} : { wanted: encoded(wanted) }),
  };
}

/**
 * The inverse of `planText`.
 * @param source for people: where the text was read, e.g. the file's name
 * @throws GluepotError `usage` when it is no plan, has unknown members, was altered, or a newer gluepot wrote it
 */
export function parsePlan(text: string, source = 'The plan'): Plan {
  const refuse = (why: string, cause?: unknown): GluepotError =>
    new GluepotError('usage', `${source} cannot be used: ${why}. Make the plan anew.`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw refuse(`it is no JSON (${messageOf(error)})`, error);
  }
  const { schemaVersion } = (json ?? {}) as { schemaVersion?: unknown };
  if (typeof schemaVersion === 'number' && schemaVersion > SCHEMA_VERSION) {
    throw refuse(`its schemaVersion is ${schemaVersion}, and this gluepot knows ${SCHEMA_VERSION}`);
  }
  const result = v.safeParse(PLAN, json);
  if (!result.success) {
    const [issue] = result.issues;
    throw refuse(`${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
  }
  const { changes: parsed, ...head } = result.output;
  const changes = parsed.map(({ current, wanted, ...change }, index): Change => {
    const decoded = (member: string, value: unknown) => {
      const definition = decode(change.key, value);
      if (definition) return definition;
      throw refuse(`changes.${index}.${member} is no definition of the ${keyLabel(change.key)}`);
    };
    return {
      ...change,
      ...(current === undefined ? {} : { current: decoded('current', current) }),
      ...(wanted === undefined ? {} : { wanted: decoded('wanted', wanted) }),
    };
  });
  if (observedHash(changes) !== head.observedHash) {
    throw refuse('its changes are not those that it was made of, as its observedHash shows');
  }
  return { ...head, changes };
}

/** Undefined unless `json` has members of the object's kind only, each of its type. */
export function decode(key: CatalogObjectKey, json: unknown): Definition | undefined {
  try {
    const definition = decodeDefinition<CatalogObjectKind>(key.kind, json);
    const again = JSON.parse(
      JSON.stringify(encodeDefinition<CatalogObjectKind>(key.kind, definition)),
    ) as unknown;
    return isDeepStrictEqual(again, json) ? definition : undefined;
  } catch (error) {
    // What walks along a shape fails in its own words where the JSON has another.
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}
