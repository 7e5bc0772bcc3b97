// Whether an output is what its tracker says: files, rows, keys, catalog. Nothing is changed.
import { join } from 'node:path';
import { duckdbName } from '../../tabular/duckdb-text.js';
import { makeRunId, outputTableOf, type IngestScope } from './ingest-scope.js';
import { openLocalFiles } from './local-files.js';
import { findOutputTable, SEQUENCE_PARAMETER } from './publish.js';
import { listDataFiles, parseS3Place, placeOf, s3Uri } from './s3-place.js';
import { readParquet } from './source/parquet.js';
import { readTracker } from './tracker.js';

export interface VerifyReport {
  table: string;
  isIngested: boolean;
  /** Empty when all is well. */
  problems: string[];
}

export async function verifyTable(scope: IngestScope, table: string): Promise<VerifyReport> {
  const { store, s3, duckdb, signal } = scope;
  const { generation } = await readTracker(store, table);
  if (!generation) return { table, isIngested: false, problems: [] };
  const problems: string[] = [];
  const shown = await findOutputTable(outputTableOf(scope, table));
  if (shown?.Parameters?.[SEQUENCE_PARAMETER] !== String(generation.sequence)) {
    problems.push(
      `The catalog does not show generation ${generation.sequence}; the next run puts that right.`,
    );
  } else if (shown.StorageDescriptor?.Location !== generation.location) {
    problems.push(
      `The catalog points at ${shown.StorageDescriptor?.Location}, the tracker at ${generation.location}.`,
    );
  }
  const found = await listDataFiles(s3, parseS3Place(generation.location, 'The output'));
  const wanted = new Map(generation.files.map((file) => [file.uri, file]));
  for (const object of found) {
    const file = wanted.get(s3Uri(object));
    if (!file) problems.push(`${s3Uri(object)} is there and no run wrote it: readers see its rows.`);
    else if (file.bytes !== object.size)
      problems.push(`${file.uri} has ${object.size} bytes and was written with ${file.bytes}.`);
  }
  const there = new Set(found.map(s3Uri));
  const missing = generation.files.filter(({ uri }) => !there.has(uri));
  for (const { uri } of missing) problems.push(`${uri} is gone.`);
  if (missing.length > 0 || generation.files.length === 0) return { table, isIngested: true, problems };

  const files = await openLocalFiles(s3, join(scope.folder, makeRunId(scope.clock.now())), scope);
  try {
    const paths = await files.fetch(generation.files.map(({ uri }) => placeOf(uri)));
    const from = readParquet(paths);
    const rows = generation.files.reduce((sum, file) => sum + file.rows, 0);
    const isKeyed = generation.disposition !== 'append' && generation.key;
    const keys = isKeyed
      ? `(SELECT count(*) FROM (SELECT DISTINCT ${(generation.key ?? []).map(duckdbName).join(', ')} FROM ${from}))`
      : 'NULL';
    const [counted] = await duckdb.rows(`SELECT count(*) AS rows, ${keys} AS keys FROM ${from}`, signal);
    if (Number(counted?.rows) !== rows)
      problems.push(`Its files have ${Number(counted?.rows)} rows, its tracker says ${rows}.`);
    if (isKeyed && Number(counted?.keys) !== Number(counted?.rows)) {
      problems.push(
        `${Number(counted?.rows) - Number(counted?.keys)} rows have a key (${generation.key?.join(', ')}) that another row has.`,
      );
    }
  } finally {
    await files.clear();
  }
  return { table, isIngested: true, problems };
}
