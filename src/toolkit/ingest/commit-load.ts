// From files on this disk to what readers see: upload and copy → manifest (the commit) → tracker → catalog → clean up.
import { mapConcurrently } from '../../base/map-concurrently.js';
import { cleanUp, stillReplaced } from './clean-up.js';
import type { Copying } from './copy-files.js';
import type { IngestScope } from './ingest-scope.js';
import type { LoadedRows } from './load-request.js';
import type { LocalFiles } from './local-files.js';
import { layOut, withWritten, type UploadedFile } from './next-generation.js';
import { publish, type OutputTable } from './publish.js';
import { placeOf } from './s3-place.js';
import { keepReplacedMs } from './spec.js';
import { schemaHash, writeManifest, type Generation, type TrackerState } from './tracker.js';

const UPLOADS_AT_ONCE = 4;

export interface Commit extends Pick<Generation, 'load' | 'disposition' | 'columns' | 'runId'> {
  output: OutputTable;
  tracker: TrackerState;
  /** What the load was made from. */
  base: Generation | undefined;
  tableRoot: string;
  startedAt: Date;
  files: LocalFiles;
  loaded: LoadedRows;
  /** Of the files that stay; begun already where they were known before the others were written. */
  copying: Copying;
  key: string[] | undefined;
}

/** @throws GluepotError `conflict` when another run committed meanwhile; what was uploaded is removed later */
export async function commitLoad(scope: IngestScope, commit: Commit): Promise<Generation> {
  const { base, tableRoot, runId, files, loaded, copying, output, columns } = commit;
  const layout = layOut(tableRoot, runId, base, loaded, commit.load === 'full');
  copying.begin(layout.moves);
  const uploaded = await mapConcurrently(
    [...loaded.written.entries()],
    UPLOADS_AT_ONCE,
    async ([index, file]): Promise<UploadedFile> => {
      const name = `part-${String(index).padStart(5, '0')}.parquet`;
      const bytes = await files.upload(file.path, placeOf(`${layout.uploadTo}${name}`));
      return { name, rows: file.rows, bytes };
    },
  );
  await copying.done();
  const nowMs = scope.clock.now().getTime();
  const keep = { keepMs: keepReplacedMs(scope.spec), nowMs };
  const at = new Date(nowMs).toISOString();
  const replaced = stillReplaced(base, keep);
  if (base && layout.location !== base.location) replaced.push({ location: base.location, at });
  if (!layout.isInPlace && uploaded.length > 0) replaced.push({ location: layout.uploadTo, at });
  const generation: Generation = {
    schemaVersion: 1,
    table: output.Name,
    sequence: (base?.sequence ?? 0) + 1,
    runId,
    startedAt: commit.startedAt.toISOString(),
    committedAt: at,
    load: commit.load,
    disposition: commit.disposition,
    ...(commit.key ? { key: commit.key } : {}),
    ...(loaded.cursor ? { cursor: loaded.cursor } : {}),
    ...(loaded.range ? { range: loaded.range } : {}),
    counts: loaded.counts,
    columns,
    schemaHash: schemaHash(columns),
    location: layout.location,
    ...withWritten(layout, runId, uploaded),
    replaced,
  };
  await writeManifest(scope.store, generation);
  await publish(output, generation, commit.tracker);
  if (base)
    await cleanUp(scope.s3, tableRoot, { ...generation, replaced: [...base.replaced, ...replaced] }, keep);
  return generation;
}
