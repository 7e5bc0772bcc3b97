// Which files under the folder of all buckets are kept, and which records hold on to a file by its time.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { State } from '../state/state.js';
import { isLegalBucketName } from './bucket-name.js';
import { keyPaths } from './key-path.js';

export interface StoredFiles {
  /** Folders that must be there even when nothing is in them: the buckets. Relative to the root, with slashes. */
  folders: string[];
  /** Objects, plain and escaped, and parts of uploads. Relative to the root, with slashes. */
  files: string[];
  /** What is in buckets and is no object: symbolic links, sockets, devices. */
  others: string[];
}

/** Leaves out writes that were under way, and whatever is beside the buckets. */
export function listStoredFiles(root: string): StoredFiles {
  const stored: StoredFiles = { folders: [], files: [], others: [] };
  if (!existsSync(root)) return stored;
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const isBucket = isLegalBucketName(entry.name);
    if (isBucket) stored.folders.push(entry.name);
    if (isBucket || entry.name === '.escaped' || entry.name === '.uploads') walk(root, entry.name, stored);
  }
  return stored;
}

function walk(root: string, folder: string, stored: StoredFiles): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(root, path, stored);
    else if (entry.isFile()) stored.files.push(path);
    else stored.others.push(path);
  }
}

/** A file whose copy has another time than it, because file systems keep times with different precision. */
export interface Retimed {
  /** Relative to the root, with slashes. */
  path: string;
  fromMs: number;
  toMs: number;
}

/** Lets the attributes of objects hold for the copies of their files. `root` is where the copies are. */
export function followRetimed(state: State, root: string, retimed: readonly Retimed[]): void {
  const paths = keyPaths(root);
  const escaped = new Map(
    (state.sql('SELECT bucket, key FROM s3_escaped_keys').all() as { bucket: string; key: string }[]).map(
      ({ bucket, key }) => [paths.escaped(bucket, key), key],
    ),
  );
  state.transaction(() => {
    for (const { path, fromMs, toMs } of retimed) {
      const [first = '', ...rest] = path.split('/');
      const isEscaped = first === '.escaped';
      const bucket = isEscaped ? rest[0] : first;
      const key = isEscaped ? escaped.get(join(root, path)) : rest.join('/');
      if (bucket === undefined || key === undefined) continue;
      state
        .sql('UPDATE OR REPLACE s3_attributes SET mtime_ms = ? WHERE bucket = ? AND key = ? AND mtime_ms = ?')
        .run(toMs, bucket, key, fromMs);
    }
  });
}
