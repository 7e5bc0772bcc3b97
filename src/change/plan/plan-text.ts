// Plans as JSON that people can read and keep, a change a line; checked to the last member when read.
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { GluepotError, messageOf } from '../../base/errors.js';
import { decodeDefinition, encodeDefinition } from '../canonical-definition.js';
import { keyLabel } from '../catalog-key.js';
import type { CatalogObjectKey, CatalogObjectKind, Definition } from '../catalog-object.js';
import type { Plan } from '../plan.js';
import { planHash } from './build-plan.js';
import { openChangePacker, packChanges } from './pack-changes.js';

const SCHEMA_VERSION = 2;

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

const HEAD = v.strictObject({
  schemaVersion: v.literal(SCHEMA_VERSION),
  planId: v.pipe(v.string(), v.regex(/^[0-9A-Za-z.-]+$/)),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  accountId: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  region: name,
  CatalogId: v.exactOptional(name),
  subject: v.strictObject({
    operation: v.picklist(['crawl-undo', 'crawl-redo', 'snapshot-restore', 'dynamodb-catalog', 'job-launch']),
    resolved: v.record(v.string(), v.string()),
  }),
  planHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  changes: v.array(v.unknown()),
});

/** The whole plan as JSON: its head first, then a change a line. */
export function planText(plan: Plan): string {
  return [...planParts(plan)].join('');
}

/** The same a part at a time, each some 256 kB: the text of a plan of 100,000 partitions is larger than what holds the plan. */
export function* planParts(plan: Plan): Generator<string> {
  for (const part of partsOf(plan)) yield typeof part === 'string' ? part : part.text();
}

/** The same, gzipped. */
export function planGzip(plan: Plan): Buffer {
  return Buffer.concat(
    [...partsOf(plan)].map((part) => (typeof part === 'string' ? gzipSync(part) : part.bytes)),
  );
}

const CHANGES_LINE = '  "changes": [';

function* partsOf({ changes, ...head }: Plan) {
  yield `${JSON.stringify(head, undefined, 2).slice(0, -2)},\n${CHANGES_LINE}`;
  const { blocks } = packChanges(changes);
  for (const [index, block] of blocks.entries()) {
    yield index === 0 ? '\n' : ',\n';
    yield block;
  }
  yield `${blocks.length === 0 ? '' : '\n  '}]\n}\n`;
}

/** Reads a plan's text as it comes. */
export interface PlanReader {
  /** @throws GluepotError `usage`, as `parsePlan` */
  add(part: string): void;
  /** @throws GluepotError `usage`, as `parsePlan` */
  plan(): Plan;
}

/**
 * @param source for people: where the text is read, e.g. the file's name
 * @param advice what they can do when it cannot be used
 */
export function openPlanReader(source = 'The plan', advice = ' Make the plan anew.'): PlanReader {
  const refuse = (why: string, cause?: unknown): GluepotError =>
    new GluepotError('usage', `${source} cannot be used: ${why}.${advice}`, { cause });
  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw refuse(`it is no JSON (${messageOf(error)})`, error);
    }
  };
  const checkHead = (json: unknown) => {
    const { schemaVersion } = (json ?? {}) as { schemaVersion?: unknown };
    if (typeof schemaVersion === 'number' && schemaVersion !== SCHEMA_VERSION) {
      throw refuse(`its schemaVersion is ${schemaVersion}, and this gluepot knows ${SCHEMA_VERSION}`);
    }
    return checked(HEAD, json);
  };
  const checked = <Schema extends v.GenericSchema>(schema: Schema, json: unknown, path = '') => {
    const result = v.safeParse(schema, json);
    if (result.success) return result.output;
    const [issue] = result.issues;
    throw refuse(`${[path, v.getDotPath(issue)].filter(Boolean).join('.') || 'it'}: ${issue.message}`);
  };

  const packer = openChangePacker();
  let count = 0;
  const addChange = (json: unknown) => {
    const path = `changes.${count++}`;
    const { current, wanted, ...change } = checked(CHANGE, json, path);
    const decoded = (member: string, value: unknown) => {
      const definition = decode(change.key, value);
      if (definition) return definition;
      throw refuse(`${path}.${member} is no definition of the ${keyLabel(change.key)}`);
    };
    packer.add({
      ...change,
      ...(current === undefined ? {} : { current: decoded('current', current) }),
      ...(wanted === undefined ? {} : { wanted: decoded('wanted', wanted) }),
    });
  };

  // Lines that are a change each are taken up one by one; all others together are the rest, which has all changes
  // where somebody wrote the JSON in another layout.
  let rest = '';
  let unfinished = '';
  let isAmongChanges = false;
  const addLine = (line: string) => {
    if (isAmongChanges && line.startsWith('    {"')) return addChange(parse(line.replace(/,$/, '')));
    rest += `${line}\n`;
    if (line !== CHANGES_LINE) return;
    isAmongChanges = true;
    checkHead(parse(`${rest}]}`));
  };
  return {
    add(part) {
      const lines = (unfinished + part).split('\n');
      unfinished = lines.pop() as string;
      for (const line of lines) addLine(line);
    },
    plan() {
      addLine(unfinished);
      const { changes: others, ...head } = checkHead(parse(rest));
      for (const json of others) addChange(json);
      const { changes } = packer.finish();
      const plan = { ...head, changes };
      if (planHash(plan) === plan.planHash) return plan;
      throw refuse(
        'it does not say what it said when it was made, as its planHash shows: it was edited, or some of it is lost',
      );
    },
  };
}

/**
 * The inverse of `planText`.
 * @param source for people: where the text was read, e.g. the file's name
 * @throws GluepotError `usage` when it is no plan, has unknown members, was altered, or a gluepot of another time wrote it
 */
export function parsePlan(text: string, source?: string): Plan {
  const reader = openPlanReader(source);
  reader.add(text);
  return reader.plan();
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
