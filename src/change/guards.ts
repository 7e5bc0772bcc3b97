// Reasons to refuse a plan before anything is done: too much of it, or what nobody may touch.
import type { TableInput } from '@aws-sdk/client-glue';
import { GluepotError } from '../base/errors.js';
import { keyLabel, tableKeyOf } from './catalog-key.js';
import type { Change, Plan, PlanSubject } from './plan.js';
import { isActing } from './plan/build-plan.js';
import type { PackedChange } from './plan/change-block.js';
import { packChanges } from './plan/pack-changes.js';
import { tableMatcher } from './table-pattern.js';

/** So many deletions, or so many of a hundred objects. */
export type DeleteLimit = { count: number } | { percent: number };

export interface GuardLimits {
  /** Changes of any kind; skips do not count, conflicts do. */
  maxChanges?: number | undefined;
  maxDeletes?: DeleteLimit | undefined;
  /** Objects that a percentage is of; those that the plan found when not given. */
  objectCount?: number | undefined;
  /** Globs over `database.table`, or over names of tables in any database when they have no dot. */
  protectedTables?: readonly string[] | undefined;
  /** For what a table's own parameters say, of tables that the plan itself does not change. */
  parametersOf?: ((DatabaseName: string, TableName: string) => TableInput['Parameters']) | undefined;
}

/** A table with this parameter set to `true` is touched by no plan, nor are its partitions. */
export const PROTECTED_PARAMETER = 'gluepot.protected';

/** `10` or `10%`. @throws GluepotError `usage` for anything else */
export function parseDeleteLimit(text: string): DeleteLimit {
  const [, digits, percent] = /^(\d{1,9}(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const value = Number(digits);
  if (percent === '%' && value <= 100) return { percent: value };
  if (percent === '' && Number.isInteger(value)) return { count: value };
  throw new GluepotError(
    'usage',
    `${JSON.stringify(text)} limits no deletions. Give a number, such as 10, or a percentage, such as 5%.`,
  );
}

/** @throws GluepotError `guard-refused` with all that stands in the way, `usage` for a glob that is none */
export function checkGuards(plan: Plan, limits: GuardLimits): void {
  const refusals = guardRefusals(plan, limits);
  if (refusals.length > 0) {
    throw new GluepotError('guard-refused', `Nothing was done. ${refusals.join(' ')}`);
  }
}

/** All that stands in the way of a plan, a sentence each. @throws GluepotError `usage` for a glob that is none */
export function guardRefusals(plan: Plan, limits: GuardLimits): string[] {
  const { changes } = packChanges(plan.changes);
  const acting = changes.filter(isActing);
  return [
    ...tooManyChanges(acting, limits),
    ...tooManyDeletes(changes, acting, limits),
    ...protectedTables(acting, limits, plan.subject),
  ];
}

function tooManyChanges(acting: readonly Change[], { maxChanges }: GuardLimits): string[] {
  if (maxChanges === undefined || acting.length <= maxChanges) return [];
  return [`The plan has ${acting.length} changes, and at most ${maxChanges} are allowed.`];
}

function tooManyDeletes(
  changes: readonly PackedChange[],
  acting: readonly PackedChange[],
  { maxDeletes, objectCount }: GuardLimits,
): string[] {
  if (!maxDeletes) return [];
  const deletes = acting.filter((change) => !change.has('wanted')).length;
  if ('count' in maxDeletes) {
    if (deletes <= maxDeletes.count) return [];
    return [`The plan deletes ${deletes} objects, and at most ${maxDeletes.count} are allowed.`];
  }
  const found = objectCount ?? changes.filter((change) => change.has('current')).length;
  if (deletes * 100 <= maxDeletes.percent * found) return [];
  const percent = Number(((deletes * 100) / found).toFixed(1));
  return [
    `The plan deletes ${deletes} of ${found} objects (${percent}%), and at most ${maxDeletes.percent}% are allowed.`,
  ];
}

const NAMED_MAX = 5;

/** They are made of tables by choice. */
const LEAVES_OUT: ReadonlySet<PlanSubject['operation']> = new Set([
  'crawl-undo',
  'crawl-redo',
  'snapshot-restore',
]);

function protectedTables(
  acting: readonly Change[],
  limits: GuardLimits,
  { operation }: PlanSubject,
): string[] {
  const isNamed = tableMatcher(limits.protectedTables ?? []);
  const marked = new Set<string>();
  for (const change of acting) {
    const { key } = change;
    if (key.kind === 'table' && [change.current, change.wanted].some(isMarked)) marked.add(keyLabel(key));
  }
  const touched = new Map<string, string>();
  for (const { key } of acting) {
    const table = tableKeyOf(key);
    if (!table) continue;
    const label = keyLabel(table);
    const parameters = limits.parametersOf?.(table.DatabaseName, table.TableName);
    if (isNamed(table)) touched.set(label, 'by its name');
    else if (marked.has(label) || parameters?.[PROTECTED_PARAMETER] === 'true') {
      touched.set(label, `by its parameter ${PROTECTED_PARAMETER}`);
    }
  }
  if (touched.size === 0) return [];
  const named = [...touched].slice(0, NAMED_MAX).map(([label, how]) => `${label} (${how})`);
  const more = touched.size > NAMED_MAX ? ` and ${touched.size - NAMED_MAX} more` : '';
  const advice = LEAVES_OUT.has(operation)
    ? 'Leave them out, with --except or the event’s except, or, if they may change, lift the protection that is named'
    : 'If they may change, lift the protection that is named';
  return [`The plan changes what is protected: ${named.join(', ')}${more}. ${advice}.`];
}

function isMarked(definition: unknown): boolean {
  return (definition as TableInput | undefined)?.Parameters?.[PROTECTED_PARAMETER] === 'true';
}
