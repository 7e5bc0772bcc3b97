// The schema of a table from the schemas of its files.
import type { FileColumn, FileSchema } from './file-schema.js';
import { mergeHiveTypes } from './merge-hive-types.js';

/**
 * One schema for files of one kind, given in key order; the order matters because AWS truncates the average at every
 * step (reproduced on public crawled tables of 3 and 9 files). Columns stand in order of first appearance; a parameter
 * that differs is the first file's, but quoting in any file holds for the table. Needs at least one schema.
 */
export function mergeFileSchemas(schemas: readonly FileSchema[]): FileSchema {
  const [first, ...others] = schemas;
  if (!first) throw new RangeError('mergeFileSchemas needs at least one schema, got none.');
  if (others.length === 0) return first;
  const reasons = [`Merged from ${schemas.length} files.`, ...first.reasons];
  if (others.every((other) => haveOneShape(first, other))) {
    return { ...first, ...mergeCounts(schemas), damage: undefined, reasons };
  }

  const columns = new Map<string, FileColumn>();
  const sourceNames = new Set<string>();
  const formatParameters: Record<string, string> = {};
  for (const schema of schemas) {
    for (const column of schema.columns) {
      const known = columns.get(column.name);
      if (!known) columns.set(column.name, column);
      else if (known.type !== column.type) {
        columns.set(column.name, { name: column.name, type: mergeHiveTypes(known.type, column.type) });
      }
    }
    for (const name of schema.sourceNames) sourceNames.add(name);
    for (const [key, value] of Object.entries(schema.formatParameters)) {
      if (!(key in formatParameters) || (key === 'areColumnsQuoted' && value === 'true'))
        formatParameters[key] = value;
    }
  }

  const names = [...sourceNames];
  return {
    ...first,
    ...mergeCounts(schemas),
    columns: [...columns.values()],
    serdeParameters:
      'paths' in first.serdeParameters
        ? { ...first.serdeParameters, paths: formatPaths(names) }
        : first.serdeParameters,
    formatParameters,
    sourceNames: names,
    damage: undefined,
    reasons,
  };
}

// Most files of a crawl share these: then there is nothing to merge, and the result shares them too.
function haveOneShape(one: FileSchema, other: FileSchema): boolean {
  return (
    one.columns === other.columns &&
    one.sourceNames === other.sourceNames &&
    one.serdeParameters === other.serdeParameters &&
    one.formatParameters === other.formatParameters
  );
}

export type Counts = Pick<FileSchema, 'recordCount' | 'averageRecordSize' | 'sizeKey'>;

/** Counts of several files together, in the order given: the running average is truncated after every file. */
export function mergeCounts(counts: Iterable<Counts>): Counts {
  let recordCount = 0;
  let averageRecordSize = 0;
  let sizeKey = 0;
  for (const next of counts) {
    const bytes = averageRecordSize * recordCount + next.averageRecordSize * next.recordCount;
    recordCount += next.recordCount;
    sizeKey += next.sizeKey;
    averageRecordSize = recordCount === 0 ? 0 : Math.floor(bytes / recordCount);
  }
  return { recordCount, averageRecordSize, sizeKey };
}

/** The JSON SerDe's `paths`: top-level keys as the files spell them, sorted by code point (seen in crawled tables). */
export function formatPaths(sourceNames: readonly string[]): string {
  return [...sourceNames].sort().join(',');
}

/**
 * How alike two schemas are, 0 to 1: the share of column names that both have among those that either has. A guess: AWS
 * documents a threshold of 70 % and not what it is a percentage of. Schemas of different kinds are not alike at all.
 */
export function schemaSimilarity(a: FileSchema, b: FileSchema): number {
  if (a.compatibilityKey !== b.compatibilityKey) return 0;
  const namesA = new Set(a.columns.map((column) => column.name));
  const namesB = new Set(b.columns.map((column) => column.name));
  const all = new Set([...namesA, ...namesB]);
  if (all.size === 0) return 1;
  return (namesA.size + namesB.size - all.size) / all.size;
}
