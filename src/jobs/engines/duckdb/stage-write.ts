// Writes a target's files beside the buckets, where nobody sees them before all of a run is complete.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { QUERY_CONCURRENCY_MAX } from '../../../base/limits.js';
import { syncFile } from '../../../storage/disk-sync.js';
import type { ObjectStorage } from '../../../storage/object-storage.js';
import { storageFailure } from '../../../storage/storage-failure.js';
import type { Duckdb } from '../../../tabular/duckdb.js';
import type { Relation, Write } from '../../plan/plan.js';
import { copySql, partitionedCopySql, type CopySource } from './copy-sql.js';
import { withLeniency } from './leniency.js';
import type { LocalFiles } from './local-files.js';
import { DEFAULT_PARTITION } from '../../../tabular/partition-folder.js';
import { isPerFile, shardsOf } from './shards.js';

export interface StagedFile {
  path: string;
  /** Values of the partition columns. */
  partitionValues: (string | null)[];
}

export interface Staging {
  storage: ObjectStorage;
  duckdb: Duckdb;
  files: LocalFiles;
  signal: AbortSignal;
  log: (line: string) => void;
  /** Paths to be removed when the run is over, whatever becomes of it. */
  leftovers: string[];
}

export interface Staged {
  files: StagedFile[];
  rowCount: number;
}

/** Files of one target, complete. @throws DuckdbError, Error about a file */
export async function stageWrite(write: Write, staging: Staging): Promise<Staged> {
  await staging.files.prepare(write.input);
  if (write.partitionColumns.length > 0) return stagePartitions(write, staging);
  const parts = partsOf(write);
  const staged: (StagedFile | undefined)[] = [];
  let rowCount = 0;
  await inParallel(parts, staging.signal, async (part, index, signal) => {
    const path = newPath(staging);
    const count = await copyTo(path, part.relation, { ...staging, signal }, (source) =>
      copySql({ ...source, ...part }, write, path),
    );
    rowCount += count;
    // A step over no rows at all gives no file; a file of the input gives one even when none of its rows is left.
    if (count === 0 && !isPerFile(part.relation)) return;
    staged[index] = { path, partitionValues: [] };
    // Objects are on the disk before they appear. Waited for here, the other files are computed meanwhile.
    await onDisk(path, write);
  });
  return { files: staged.filter((file) => file !== undefined), rowCount };
}

async function onDisk(path: string, { node }: Write): Promise<void> {
  try {
    await syncFile(path);
  } catch (error) {
    throw storageFailure(error, `Target "${node}" could not be written`);
  }
}

function partsOf(write: Write): Pick<CopySource, 'relation' | 'share'>[] {
  const shards = shardsOf(write.input);
  if (write.fileCount === undefined || shards.length === 0) return shards.map((relation) => ({ relation }));
  const of = write.fileCount;
  if (of === 1) return [{ relation: write.input }];
  return Array.from({ length: of }, (_, remainder) => ({ relation: write.input, share: { remainder, of } }));
}

async function stagePartitions(write: Write, staging: Staging): Promise<Staged> {
  if (shardsOf(write.input).length === 0) return { files: [], rowCount: 0 };
  const path = newPath(staging);
  const rowCount = await copyTo(path, write.input, staging, (source) =>
    partitionedCopySql(source, write, path),
  );
  return { files: existsSync(path) ? partitionsIn(path) : [], rowCount };
}

/** Files below DuckDB's folders, whose names are URI-encoded. */
function partitionsIn(root: string): StagedFile[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => {
      const folder = relative(root, entry.parentPath);
      const partitionValues = folder.split(sep).map((step) => {
        const value = decodeURIComponent(step.slice(step.indexOf('=') + 1));
        return value === DEFAULT_PARTITION ? null : value;
      });
      return { path: join(entry.parentPath, entry.name), partitionValues };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function copyTo(
  path: string,
  relation: Relation,
  { duckdb, files, signal, log }: Staging,
  statement: (source: CopySource) => string,
): Promise<number> {
  const onIrregular = () =>
    log('Some records are irregular: fields that are missing are read as null, surplus ones are left out.');
  try {
    return await withLeniency(relation, onIrregular, (leniency) => {
      // A refused attempt may have begun to write.
      rmSync(path, { recursive: true, force: true });
      return duckdb.run(statement({ relation, setting: { local: files.local, leniency } }), signal);
    });
  } catch (error) {
    throw files.explain(error);
  }
}

function newPath({ storage, leftovers }: Staging): string {
  const path = storage.temporaryPath();
  leftovers.push(path);
  return path;
}

/** As many at once as DuckDB takes; the first failure stops the others. */
async function inParallel<Item>(
  items: readonly Item[],
  signal: AbortSignal,
  run: (item: Item, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  const queue = [...items.entries()].reverse();
  const work = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await run(next[1], next[0], either);
  };
  const workers = Array.from({ length: Math.min(QUERY_CONCURRENCY_MAX, items.length) }, async () => {
    try {
      await work();
    } catch (error) {
      failing.abort(error);
      throw error;
    }
  });
  const outcomes = await Promise.allSettled(workers);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw either.aborted ? either.reason : failed.reason;
}
