// What of a stack may go: only what its tags, its crawlers' marks and its own prefixes prove to be its own. Pure.
import type { Table } from '@aws-sdk/client-glue';
import type { ObservedResource } from './resource.js';
import { RESOURCE_KINDS } from './resource.js';
import { RECORD_KEY } from './stack-record.js';

export interface DestroyStep {
  kind: ObservedResource['kind'] | 'table' | 'objects';
  name: string;
  action: 'delete' | 'keep';
  reason: string;
}

export interface DestroyInput {
  observed: readonly ObservedResource[];
  /** Tables by the database that they are in. */
  tables: Readonly<Record<string, readonly Table[]>>;
  /** Of the stack's bucket. */
  objectCounts: { own: number; others: number };
  /** Of the roles that the stack's jobs work as. */
  roleNames: readonly string[];
  /** Delete tables and objects inside our database and bucket that somebody else put there, too. */
  includeForeign: boolean;
}

/** Steps in the order in which they are carried out. */
export function decideDestroy(input: DestroyInput): DestroyStep[] {
  const { observed, includeForeign } = input;
  const crawlers = observed
    .filter((item) => item.kind === 'crawler' && item.ownership.kind !== 'foreign')
    .map((item) => item.name);
  const steps: DestroyStep[] = [];
  const byDependents = [...observed].sort(
    (a, b) => RESOURCE_KINDS.indexOf(b.kind) - RESOURCE_KINDS.indexOf(a.kind),
  );
  for (const { kind, name, ownership } of byDependents) {
    const isOurs = ownership.kind === 'ours';
    let keepReason = isOurs ? undefined : ownership.evidence;
    if (kind === 'database' && isOurs) {
      const tables = (input.tables[name] ?? []).map((table) =>
        decideTable(table, crawlers, input.roleNames, includeForeign),
      );
      steps.push(...tables);
      const keptCount = tables.filter((step) => step.action === 'keep').length;
      if (keptCount > 0)
        keepReason = `it holds ${keptCount} table${keptCount === 1 ? '' : 's'} that this stack did not make`;
    }
    if (kind === 'bucket' && ownership.kind !== 'foreign') {
      steps.push(...decideObjects(name, input));
      if (isOurs && input.objectCounts.others > 0 && !includeForeign) {
        keepReason = `it holds ${countOf(input.objectCounts.others)} that this stack did not write`;
      }
    }
    steps.push({
      kind,
      name,
      action: keepReason ? 'keep' : 'delete',
      reason: keepReason ?? ownership.evidence,
    });
  }
  return steps;
}

function decideTable(
  table: Table,
  crawlers: readonly string[],
  roleNames: readonly string[],
  includeForeign: boolean,
): DestroyStep {
  const name = `${table.DatabaseName}.${table.Name}`;
  const crawler = table.Parameters?.UPDATED_BY_CRAWLER;
  const step = (action: DestroyStep['action'], reason: string): DestroyStep => ({
    kind: 'table',
    name,
    action,
    reason,
  });
  if (crawler !== undefined && crawlers.includes(crawler))
    return step('delete', `this stack’s crawler ${crawler} made it`);
  // An assumed role's ARN reads arn:aws:sts::<account>:assumed-role/<role name>/<session>.
  const roleName = roleNames.find((each) => table.CreatedBy?.includes(`:assumed-role/${each}/`));
  if (roleName !== undefined) {
    return step('delete', `a job with this stack’s role ${roleName} made it`);
  }
  if (includeForeign) return step('delete', 'asked for with --include-foreign');
  return step('keep', 'neither a crawler nor a job of this stack made it; --include-foreign deletes it, too');
}

function decideObjects(bucket: string, { objectCounts, includeForeign }: DestroyInput): DestroyStep[] {
  const steps: DestroyStep[] = [];
  const name = (count: number) => `${countOf(count)} in ${bucket}`;
  if (objectCounts.own > 0) {
    steps.push({
      kind: 'objects',
      name: name(objectCounts.own),
      action: 'delete',
      reason: 'they are under this stack’s own prefixes',
    });
  }
  if (objectCounts.others > 0) {
    steps.push({
      kind: 'objects',
      name: name(objectCounts.others),
      action: includeForeign ? 'delete' : 'keep',
      reason: includeForeign
        ? 'asked for with --include-foreign'
        : 'they are not under a prefix of this stack; --include-foreign deletes them, too',
    });
  }
  return steps;
}

function countOf(count: number): string {
  return `${count} object${count === 1 ? '' : 's'}`;
}

/** Whether an object is the stack's by its key: one of its keys, below one of its prefixes, or its record. */
export function isOwnKey(key: string, prefixes: readonly string[]): boolean {
  if (key === RECORD_KEY) return true;
  return prefixes.some(
    (prefix) => key === prefix || key.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`),
  );
}
