// Runs a job's graph on DuckDB, in process.
import { rmSync } from 'node:fs';
import type { Clock } from '../../../base/clock.js';
import { authorizedCatalog } from '../../../catalog/authorized-catalog.js';
import type { Catalog } from '../../../catalog/catalog.js';
import { authorizedStorage } from '../../../storage/authorized-storage.js';
import type { ObjectStorage } from '../../../storage/object-storage.js';
import { DuckdbError, type Duckdb } from '../../../tabular/duckdb.js';
import { compileGraph } from '../../compile-graph.js';
import type { Engine } from '../../engine.js';
import { GraphError } from '../../plan/graph-error.js';
import type { Write } from '../../plan/plan.js';
import { openInspector } from './duckdb-inspector.js';
import { requireWholeGzip } from '../../../tabular/gzip-check.js';
import { openLocalFiles } from './local-files.js';
import { publish } from './publish.js';
import { scansOf } from './scans-of.js';
import { stageWrite, type Staged, type Staging } from './stage-write.js';

export interface DuckdbEngineOptions {
  catalog: Catalog;
  storage: ObjectStorage;
  /** Must be allowed to read and write below `storage.root`. */
  duckdb: Duckdb;
  clock: Clock;
  accountId: string;
  region: string;
}

/**
 * An engine whose targets appear all at once: files are written where nobody sees them and become objects when every
 * target is complete. It adds files and never removes any, as AWS Glue's sinks do.
 */
export function openDuckdbEngine(options: DuckdbEngineOptions): Engine {
  const { duckdb, clock } = options;
  return async (work) => {
    const { signal, session, bookmark } = work;
    const storage = authorizedStorage(options.storage, session.require);
    const catalog = authorizedCatalog(options.catalog, session.require, options);
    const log = (line: string) => work.log(line);
    const files = openLocalFiles(storage, duckdb, signal);
    const inspector = openInspector(duckdb, files, signal);
    const plan = await compileGraph(work.nodes, { catalog, storage, inspector, bookmark, log });
    const staging: Staging = { storage, duckdb, files, signal, log, leftovers: [] };
    try {
      const scanned = plan.writes.flatMap((write) => scansOf(write.input));
      for (const scan of scanned) scan.groups.flat().forEach(files.local);
      for (const file of files.gzipFiles()) await requireWholeGzip(file, signal);
      const targets: { write: Write; staged: Staged }[] = [];
      for (const write of plan.writes) targets.push({ write, staged: await stageNamed(write, staging) });
      signal.throwIfAborted();
      await publish(targets, { catalog, storage, clock, work });
    } finally {
      for (const path of staging.leftovers) rmSync(path, { recursive: true, force: true });
    }
  };
}

async function stageNamed(write: Write, staging: Staging): Promise<Staged> {
  try {
    return await stageWrite(write, staging);
  } catch (error) {
    if (!(error instanceof DuckdbError)) throw error;
    throw new GraphError(`Target "${write.node}" could not be written: ${error.message}`, { cause: error });
  }
}
