// Decide: which folders and files are tables, from the deepest folder up.
import type { FileSchema } from '../../tabular/file-schema.js';
import { mergeFileSchemas } from '../../tabular/merge-schemas.js';
import type { Folder } from '../observe/folder.js';
import type { ObservedFile } from '../observe/read-files.js';
import type { Pause } from '../in-turns.js';
import { columnNames, judgeSiblings, type Sibling } from './schema-clusters.js';

/** A table to be: a folder with the leaf folders below it, or one file. */
export interface TableGroup {
  /** `s3://bucket/folder/`, or the object's URL for a table of one file. */
  location: string;
  isFile: boolean;
  /** Folders that hold the files, in key order; one without segments when the table has no partitions. */
  leaves: Leaf[];
  /** Why these files are one table and no more, for people. */
  reasons: string[];
}

export interface Leaf {
  /** Folder names between the table's root and the files. */
  segments: string[];
  location: string;
  files: ObservedFile[];
}

export interface GroupingRules {
  isCombiningCompatibleSchemas: boolean;
  /** Absolute level of table roots, the bucket being level 1. */
  tableLevel: number | undefined;
}

export interface Grouping {
  /** In key order of their locations. */
  tables: TableGroup[];
  /** What was left out, and why: files above the level at which tables are made. */
  warnings: string[];
}

/** A folder that may still be a part of a larger table. */
interface Candidate {
  depth: number;
  schema: FileSchema;
  leaves: Leaf[];
  reasons: string[];
}

interface Folded {
  child: Folder<ObservedFile>;
  result: Candidate | TableGroup[];
}

/** Groups what lies below `root`, folder or single file of a target in `bucket`. */
export async function groupTables(
  bucket: string,
  root: Folder<ObservedFile>,
  rules: GroupingRules,
  pause: Pause,
): Promise<Grouping> {
  const warnings: string[] = [];
  const url = (key: string) => `s3://${bucket}/${key}`;

  const asTable = (folder: Folder<ObservedFile>, candidate: Candidate, reason?: string): TableGroup => ({
    location: url(folder.prefix),
    isFile: false,
    leaves: candidate.leaves,
    reasons: reason ? [...candidate.reasons, reason] : candidate.reasons,
  });

  // One candidate, or the tables that it fell apart into.
  const fold = async (folder: Folder<ObservedFile>): Promise<Candidate | TableGroup[]> => {
    await pause();
    const level = folderLevel(folder.prefix);
    const isAboveTables = rules.tableLevel !== undefined && level < rules.tableLevel;
    const ignoresSimilarity =
      rules.isCombiningCompatibleSchemas || (rules.tableLevel !== undefined && !isAboveTables);

    // A folder in which nothing could be read says nothing about its siblings.
    const folded: Folded[] = [];
    for (const child of folder.folders) {
      const result = await fold(child);
      if (!Array.isArray(result) || result.length > 0) folded.push({ child, result });
    }
    const finish = (reason: string): TableGroup[] =>
      folded.flatMap(({ child, result }) =>
        Array.isArray(result) ? result : [asTable(child, result, reason)],
      );

    if (isAboveTables) {
      if (folder.files.length > 0) {
        warnings.push(
          `${folder.files.length} objects directly in ${url(folder.prefix)} were left out: tables are made at level ${rules.tableLevel}, this folder is at level ${level}.`,
        );
      }
      return finish(`Tables are made at level ${rules.tableLevel}.`);
    }
    return foldChildren(folder, folded, ignoresSimilarity, url, finish);
  };

  const result = await fold(root);
  const tables = Array.isArray(result)
    ? result
    : [asTable(root, result, `${url(root.prefix)} is the include path.`)];
  return { tables: tables.filter((table) => table.leaves.length > 0), warnings };
}

/** The table of an include path that names one object. */
export function singleFileTable(bucket: string, file: ObservedFile): TableGroup {
  return fileTable(`s3://${bucket}/${file.key}`, file, 'The include path names this object.');
}

function foldChildren(
  folder: Folder<ObservedFile>,
  folded: readonly Folded[],
  ignoresSimilarity: boolean,
  url: (key: string) => string,
  finish: (reason: string) => TableGroup[],
): Candidate | TableGroup[] {
  const where = url(folder.prefix);
  const files = (reason: string) => folder.files.map((file) => fileTable(url(file.key), file, reason));
  if (folder.files.length > 0 && (folded.length > 0 || folder.isSettled)) {
    const reason = `Objects and folders lie side by side in ${where}, so that none of them is a part of a larger table.`;
    return inKeyOrder([...files(reason), ...finish(reason)]);
  }
  if (folder.files.length > 0) {
    const verdict = judgeSiblings(
      folder.files.map(({ name, schema }) => ({ name, schema, depth: 0 })),
      ignoresSimilarity,
    );
    if (!verdict.isOneTable) return files(`The objects of ${where} are not one table: ${verdict.reason}.`);
    return {
      depth: 0,
      schema: unite(folder.files),
      leaves: [{ segments: [], location: where, files: folder.files }],
      reasons: [`The objects of ${where} belong together: ${verdict.reason}.`],
    };
  }
  const candidates: (Sibling & { candidate: Candidate })[] = [];
  for (const { child, result } of folded) {
    if (Array.isArray(result))
      return finish(`${url(child.prefix)} is not one table, so ${where} is not one either.`);
    candidates.push({
      name: `${child.name}/`,
      schema: result.schema,
      depth: result.depth,
      candidate: result,
    });
  }
  if (folder.isSettled) return finish(`${where} holds tables that are catalogued already.`);
  if (candidates.length === 0) return [];
  const verdict = judgeSiblings(candidates, ignoresSimilarity);
  if (!verdict.isOneTable) return finish(`The folders of ${where} are not one table: ${verdict.reason}.`);
  return {
    depth: candidates[0]!.depth + 1,
    schema: unite(candidates),
    leaves: folded.flatMap(({ child }, index) =>
      candidates[index]!.candidate.leaves.map((leaf) => ({
        ...leaf,
        segments: [child.name, ...leaf.segments],
      })),
    ),
    reasons: [`The folders of ${where} are partitions of one table: ${verdict.reason}.`],
  };
}

function fileTable(location: string, file: ObservedFile, reason: string): TableGroup {
  return { location, isFile: true, leaves: [{ segments: [], location, files: [file] }], reasons: [reason] };
}

// For comparing with others only, so that one schema of each kind is enough.
function unite(parts: readonly { schema: FileSchema }[]): FileSchema {
  const kinds = new Map(parts.map(({ schema }) => [columnNames(schema), schema]));
  return mergeFileSchemas([...kinds.values()]);
}

function inKeyOrder(tables: TableGroup[]): TableGroup[] {
  return tables.sort((a, b) => Buffer.compare(Buffer.from(a.location), Buffer.from(b.location)));
}

function folderLevel(prefix: string): number {
  return prefix.split('/').length;
}
