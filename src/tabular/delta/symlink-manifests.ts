// The manifests by which engines without Delta read a table: lists of its data files, one a partition. Source: Delta Lake's
// documentation, "Presto, Trino and Athena to Delta Lake integration using manifests".
import { DEFAULT_PARTITION, partitionFolder } from '../partition-folder.js';
import type { DeltaFile } from './delta-actions.js';
import { DeltaError } from './delta-log.js';
import type { DeltaSnapshot } from './delta-snapshot.js';

export const MANIFEST_FOLDER = '_symlink_format_manifest/';

export interface SymlinkManifest {
  /** Of the partition, in the order of its columns; none in a table without partitions. */
  values: string[];
  /** Below MANIFEST_FOLDER: `year=2024/` or ''. */
  folder: string;
  /** The file's text: one URL a line, in order. */
  text: string;
}

/**
 * One manifest a partition that has files, in order of folders. A table without partitions has one, also when it is empty.
 * @param tableUrl `s3://bucket/folder/`
 * @throws DeltaError for files with deleted rows, which a list of files cannot tell of
 */
export function symlinkManifests(
  { columns, partitionColumns }: Pick<DeltaSnapshot, 'columns' | 'partitionColumns'>,
  files: Iterable<DeltaFile>,
  tableUrl: string,
): SymlinkManifest[] {
  const keys = partitionColumns.map((name) => ({
    name,
    physicalName: columns.find((column) => column.name === name)?.physicalName ?? name,
  }));
  const folderOf = (values: readonly (string | null)[]) => partitionFolder(partitionColumns, values);
  const manifests = new Map<string, { values: string[]; urls: string[] }>();
  if (keys.length === 0) manifests.set('', { values: [], urls: [] });
  for (const { path, partitionValues, deletionVector } of files) {
    if (deletionVector) {
      throw new DeltaError(
        `its file ${path} has deleted rows (a deletion vector), which a manifest cannot tell of: run REORG TABLE ... APPLY (PURGE), or set CreateNativeDeltaTable`,
      );
    }
    // An empty text is how Delta writes null.
    const values = keys.map(({ physicalName }) => partitionValues?.[physicalName] || null);
    const folder = folderOf(values);
    const manifest = manifests.get(folder) ?? {
      values: values.map((value) => value ?? DEFAULT_PARTITION),
      urls: [],
    };
    manifest.urls.push(urlOf(path, tableUrl));
    manifests.set(folder, manifest);
  }
  return [...manifests]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([folder, { values, urls }]) => ({
      values,
      folder,
      text: urls
        .sort()
        .map((url) => `${url}\n`)
        .join(''),
    }));
}

function urlOf(path: string, tableUrl: string): string {
  try {
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(path) ? path : tableUrl + decodeURIComponent(path);
  } catch (error) {
    throw new DeltaError(`the path ${path} in its log is not URL-encoded`, { cause: error });
  }
}
