// Do these siblings look like parts of one table? The one place where AWS's unpublished rule is guessed.
import type { FileSchema } from '../../tabular/file-schema.js';
import { schemaSimilarity } from '../../tabular/merge-schemas.js';

/** Two schemas are alike above this share. AWS documents the figure, not what it is a share of. */
const SIMILARITY_THRESHOLD = 0.7;
/** Siblings are one table when more than this share of them is alike ... */
const MAJORITY_THRESHOLD = 0.7;
/** ... and there are at most this many kinds of schema. Source of both: AWS docs on grouping. */
const CLUSTER_COUNT_MAX = 5;

export interface Sibling {
  name: string;
  schema: FileSchema;
  /** Folder levels between the sibling and its files; 0 for a file and for a folder of files. */
  depth: number;
}

export type Verdict = { isOneTable: true; reason: string } | { isOneTable: false; reason: string };

/**
 * Judges siblings: one table needs one format, one compression, one depth of folders, and similar columns unless
 * `ignoreSimilarity`. The reason is one sentence for people. Needs at least one sibling.
 */
export function judgeSiblings(siblings: readonly Sibling[], ignoreSimilarity: boolean): Verdict {
  const [first, second] = siblings as readonly [Sibling, ...Sibling[]];
  if (!second) return { isOneTable: true, reason: `${first.name} stands alone` };
  const odd = siblings.find((sibling) => sibling.schema.compatibilityKey !== first.schema.compatibilityKey);
  if (odd) return { isOneTable: false, reason: describeKinds(first, odd) };
  const uneven = siblings.find((sibling) => sibling.depth !== first.depth);
  if (uneven) {
    return {
      isOneTable: false,
      reason: `${first.name} has ${first.depth} folder levels above its files, ${uneven.name} ${uneven.depth}`,
    };
  }
  if (ignoreSimilarity) return { isOneTable: true, reason: 'compatible schemas are combined' };

  const clusters = clusterSchemas(siblings);
  const largest = Math.max(...clusters.map((cluster) => cluster.count));
  const share = `${largest} of ${siblings.length} have similar columns, in ${clusters.length} ${clusters.length === 1 ? 'kind' : 'kinds'} of schema`;
  if (clusters.length <= CLUSTER_COUNT_MAX && largest > MAJORITY_THRESHOLD * siblings.length) {
    return { isOneTable: true, reason: share };
  }
  return {
    isOneTable: false,
    reason: `${share}: one table needs more than 70 % and at most ${CLUSTER_COUNT_MAX}`,
  };
}

/** True when files of the schema `found` fit into a table of the schema `known`. */
export function areAlike(known: FileSchema, found: FileSchema): boolean {
  return schemaSimilarity(known, found) > SIMILARITY_THRESHOLD;
}

// Stops one past the limit: which cluster the rest falls into no longer matters.
function clusterSchemas(siblings: readonly Sibling[]): { schema: FileSchema; count: number }[] {
  const clusters: { schema: FileSchema; count: number }[] = [];
  const clusterOfNames = new Map<string, { schema: FileSchema; count: number }>();
  for (const { schema } of siblings) {
    const names = columnNames(schema);
    let cluster =
      clusterOfNames.get(names) ?? clusters.find((candidate) => areAlike(candidate.schema, schema));
    if (!cluster) {
      cluster = { schema, count: 0 };
      clusters.push(cluster);
      if (clusters.length > CLUSTER_COUNT_MAX) break;
    }
    clusterOfNames.set(names, cluster);
    cluster.count++;
  }
  return clusters;
}

// Most files of a crawl share one list of columns.
const namesOf = new WeakMap<FileSchema['columns'], string>();

/** One text for schemas whose columns have the same names in the same order. */
export function columnNames({ columns }: FileSchema): string {
  let names = namesOf.get(columns);
  if (names === undefined) {
    names = columns.map((column) => column.name).join('\u0000');
    namesOf.set(columns, names);
  }
  return names;
}

function describeKinds(first: Sibling, odd: Sibling): string {
  const kind = ({ classification, compressionType }: FileSchema) =>
    compressionType === 'none' ? classification : `${classification} (${compressionType})`;
  const [a, b] = [kind(first.schema), kind(odd.schema)];
  return a === b
    ? `${first.name} and ${odd.name} are both ${a}, in layouts that one table cannot read`
    : `${first.name} is ${a} and ${odd.name} is ${b}`;
}
