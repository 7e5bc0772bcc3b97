// Many small files of an output as few of the aimed-at size: the same rows in a new generation.
import { join } from 'node:path';
import { commitLoad } from './commit-load.js';
import { openCopying } from './copy-files.js';
import { duckdbTypeOf } from './duckdb-type.js';
import { makeRunId, outputTableOf, tableRootOf, type IngestScope } from './ingest-scope.js';
import type { LoadRequest } from './load-request.js';
import { openLocalFiles } from './local-files.js';
import { columnList } from './placed-rows.js';
import { recoverTable } from './recover.js';
import { placeOf } from './s3-place.js';
import { storedRows, writeParquet } from './stored-rows.js';
import { parseHiveType } from '../../tabular/hive-type.js';

export interface CompactReport {
  table: string;
  status: 'compacted' | 'unchanged' | 'never ingested';
  filesBefore: number;
  filesAfter: number;
}

/** A file at least this full is left as it is. */
const FULL_ENOUGH = 0.5;

export async function compactTable(scope: IngestScope, table: string): Promise<CompactReport> {
  const output = outputTableOf(scope, table);
  const tracker = await recoverTable(output, table);
  const base = tracker.generation;
  if (!base) return { table, status: 'never ingested', filesBefore: 0, filesAfter: 0 };
  const fileBytes = (scope.spec.fileSizeMb ?? 256) * 1024 * 1024;
  const small = [...base.files.keys()].filter(
    (number) => (base.files[number]?.bytes ?? 0) < fileBytes * FULL_ENOUGH,
  );
  const filesBefore = base.files.length;
  if (small.length < 2) return { table, status: 'unchanged', filesBefore, filesAfter: filesBefore };

  const startedAt = scope.clock.now();
  const runId = makeRunId(startedAt);
  const files = await openLocalFiles(scope.s3, join(scope.folder, runId), scope);
  const copying = openCopying(scope.s3, scope.signal);
  try {
    const columns = base.columns.map(({ name, type }) => ({
      name,
      hiveType: type,
      duckdbType: duckdbTypeOf(parseHiveType(type)),
    }));
    const chosen = await files.fetch(small.map((number) => placeOf(base.files[number]?.uri ?? '')));
    const { duckdb, signal } = scope;
    const paths: string[] = [];
    for (const [index, number] of small.entries()) paths[number] = chosen[index] as string;
    const request: Pick<LoadRequest, 'columns' | 'duckdb' | 'signal' | 'stored' | 'folder' | 'fileBytes'> = {
      columns,
      duckdb,
      signal,
      folder: files.folder,
      fileBytes,
      stored: { generation: base, paths, needsRewrite: false },
    };
    const written = await writeParquet(
      request,
      `SELECT ${columnList(columns)} FROM ${await storedRows(request, small)}`,
    );
    const rows = written.reduce((sum, file) => sum + file.rows, 0);
    const generation = await commitLoad(scope, {
      output,
      tracker,
      base,
      tableRoot: tableRootOf(scope.spec, table),
      runId,
      startedAt,
      files,
      copying,
      loaded: {
        written,
        rewritten: new Set(small),
        counts: { read: rows, added: 0, updated: 0, deleted: 0, unchanged: rows, ties: 0 },
        cursor: base.cursor,
        range: undefined,
        warnings: [],
      },
      load: 'compact',
      disposition: base.disposition,
      key: base.key,
      columns: base.columns,
    });
    return { table, status: 'compacted', filesBefore, filesAfter: generation.files.length };
  } finally {
    await copying.stop();
    await files.clear();
  }
}
