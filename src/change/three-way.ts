// Decides what happens to one object from three states: what it was left as, what it is to be, what it is now.
import type { TableInput } from '@aws-sdk/client-glue';
import { isSameDefinition } from './canonical-definition.js';
import { keyLabel } from './catalog-key.js';
import type { CatalogObject, CatalogObjectKey, Definition } from './catalog-object.js';
import { definitionDifferences } from './definition-differences.js';
import type { Change, Evidence } from './plan.js';
import { isResourceLink } from './resource-link.js';
import { tableFormatOf, withPointersOf, type TableFormat } from './table-format.js';

/**
 * What is known of an object at some instant. Known without a definition: it is known that there was none. That is not
 * the same as not to know, which is never a reason to touch anything.
 */
export type Knowledge =
  | { known: true; definition?: Definition | undefined; evidence: readonly Evidence[] }
  | { known: false; reason: string };

export interface ObjectStates {
  key: CatalogObjectKey;
  /** What is to be undone left it like this; only then is the object free to be changed. */
  base: Knowledge;
  wanted: Knowledge;
  /** As observed; undefined when it is not there. */
  current: CatalogObject | undefined;
  /** Begins a sentence: who made it something else than `base`, where that is known; somebody else when not given. */
  changedBy?: string | undefined;
}

/** What to do where somebody else changed an object: refuse the plan, leave the object, or overwrite it. */
export type ConflictPolicy = 'abort' | 'keep-current' | 'force';

export interface ThreeWayOptions {
  /** `abort` when not given: the change is a conflict, and apply refuses the plan. */
  onConflict?: ConflictPolicy;
  /** What making an absent object is called: `recreate` where it was there once. `create` when not given. */
  making?: 'create' | 'recreate';
  /**
   * Iceberg, Delta and Hudi tables are skipped unless this is `without-pointers`: then all their members are compared
   * and changed but the parameters that point at data, which stay as they are.
   */
  tableFormats?: 'skip' | 'without-pointers';
  /**
   * Absent objects were removed as they are wanted: under `without-pointers` a table of these formats is made anew with the pointers
   * that it had. Any other is not, for its data may have moved on since it was wanted so.
   */
  isPuttingBack?: boolean;
}

/**
 * One change. Equal to `wanted`: nothing to do. Equal to `base`: becomes `wanted`. Otherwise somebody else changed it, which
 * is a conflict. Where `base` or `wanted` is not known the object is skipped, and the reason says why; so are resource links.
 */
export function decideChange(states: ObjectStates, options: ThreeWayOptions = {}): Change {
  const { key, base, wanted, current, changedBy = 'Somebody else' } = states;
  if (!wanted.known) return unknownSkip(key, `It is not known what it is to be: ${wanted.reason}`);
  const found = observed(current);
  if (isSame(key, current?.definition, wanted.definition)) {
    const reason = current ? 'It is already as it is to be.' : 'It is already absent, as it is to be.';
    return {
      action: 'skip',
      key,
      ...found,
      ...definitionOf(wanted.definition),
      reason,
      evidence: wanted.evidence,
    };
  }
  if (!base.known) return unknownSkip(key, `It is not known what it was left as: ${base.reason}`);
  const evidence = distinct([...base.evidence, ...wanted.evidence]);
  if ([base.definition, wanted.definition, current?.definition].some(isResourceLink)) {
    const reason = 'It is a resource link: what is written to it would change what it leads to.';
    return { action: 'skip', key, ...found, reason, evidence };
  }
  const formats = withFormats(key, [base.definition, wanted.definition, current?.definition], options);
  if ('skip' in formats) return { action: 'skip', key, ...found, reason: formats.skip, evidence };
  const [left, goal, now] = formats.definitions;

  const action = now === undefined ? (options.making ?? 'create') : goal === undefined ? 'delete' : 'update';
  const change = { key, ...found, ...definitionOf(goal), evidence };
  if (isSame(key, now, goal)) {
    return { action: 'skip', ...change, reason: 'All but its pointers at data is already as it is to be.' };
  }
  if (isSame(key, now, left)) return { action, ...change, reason: reasonOf(action) };
  const edit = `${changedBy} ${editText(key, left, now)}`;
  switch (options.onConflict) {
    case 'force':
      return { action, ...change, reason: `Forced, although ${edit[0]?.toLowerCase()}${edit.slice(1)}` };
    case 'keep-current':
      return { action: 'skip', key, ...found, reason: `Kept as it is: ${edit}`, evidence };
    default:
      return { action: 'conflict', ...change, reason: edit };
  }
}

function unknownSkip(key: CatalogObjectKey, reason: string): Change {
  return { action: 'skip', key, reason: reason.endsWith('.') ? reason : `${reason}.`, evidence: [] };
}

function observed(current: CatalogObject | undefined): Pick<Change, 'current' | 'VersionId'> {
  if (!current) return {};
  const { VersionId } = current.provenance;
  return { current: current.definition, ...(VersionId === undefined ? {} : { VersionId }) };
}

function definitionOf(wanted: Definition | undefined): Pick<Change, 'wanted'> {
  return wanted === undefined ? {} : { wanted };
}

type Definitions = [
  base: Definition | undefined,
  wanted: Definition | undefined,
  now: Definition | undefined,
];

function withFormats(
  { kind }: CatalogObjectKey,
  definitions: Definitions,
  { tableFormats = 'skip', isPuttingBack = false }: ThreeWayOptions,
): { definitions: Definitions } | { skip: string } {
  if (kind !== 'table') return { definitions };
  const [base, wanted, now] = definitions as (TableInput | undefined)[];
  const formats = new Set<TableFormat | undefined>();
  for (const table of [base, wanted, now]) if (table) formats.add(tableFormatOf(table));
  const [format] = [...formats].filter((one) => one !== undefined);
  if (!format) return { definitions };
  const name = { iceberg: 'an Iceberg', delta: 'a Delta', hudi: 'a Hudi' }[format];
  if (wanted && !now && !isPuttingBack) {
    return { skip: `It is ${name} table that is gone: making it anew would put back a pointer at data.` };
  }
  if (tableFormats === 'skip') {
    const why = !wanted
      ? 'with it would go what the catalog knows of the state of its data (--include-table-formats deletes it)'
      : now
        ? 'an older definition could turn its data back without a word (--include-table-formats changes all but its pointers)'
        : '--include-table-formats makes it anew with the pointers that it had';
    return { skip: `It is ${name} table: ${why}.` };
  }
  if (formats.size > 1) {
    return {
      skip: `It is not ${name} table in all its states, and which data it points at is not ours to say.`,
    };
  }
  // One whose pointers have moved is not deleted, for somebody writes its data.
  if (!now || !wanted) return { definitions };
  return { definitions: [base && withPointersOf(base, now), withPointersOf(wanted, now), now] };
}

function isSame(key: CatalogObjectKey, one: Definition | undefined, other: Definition | undefined): boolean {
  return isSameDefinition(key.kind, one, other);
}

function reasonOf(action: 'create' | 'recreate' | 'update' | 'delete'): string {
  switch (action) {
    case 'create':
      return 'It is not there, and is to be.';
    case 'recreate':
      return 'It is gone, and was there before.';
    case 'update':
      return 'It is as it was left, and is to be as it was before.';
    case 'delete':
      return 'It is as it was left, and is not to be there.';
  }
}

const PATHS_MAX = 3;

/** What was done to an object that was left as `left`: the rest of a sentence. */
function editText(key: CatalogObjectKey, left: Definition | undefined, now: Definition | undefined): string {
  if (!now) return `removed the ${keyLabel(key)}.`;
  if (!left) return `made the ${keyLabel(key)}.`;
  const paths = definitionDifferences(key.kind, left, now).map(({ path }) => path);
  const more = paths.length > PATHS_MAX ? ` and ${paths.length - PATHS_MAX} more` : '';
  return `changed the ${keyLabel(key)}: ${paths.slice(0, PATHS_MAX).join(', ')}${more}.`;
}

function distinct(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map(evidence.map((one) => [JSON.stringify(one), one])).values()];
}
