// What an ingest works with: clients, stores, DuckDB, time.
import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import { systemClock, type Clock } from '../../base/clock.js';
import { openDocumentStore, type DocumentStore } from '../../change/index.js';
import { openDuckdb, type Duckdb } from '../../tabular/duckdb.js';
import type { AdoptFile, FindOnDisk } from './local-files.js';
import { outputDatabaseOf } from './output-database.js';
import type { OutputTable } from './publish.js';
import type { IngestSpec } from './spec.js';
import { makeWorkFolder } from './work-folder.js';

export interface IngestClients {
  glue: GlueClient;
  s3: S3Client;
}

export interface IngestOptions {
  clock?: Clock;
  signal?: AbortSignal;
  /** Where objects lie on this disk: they are linked into the temporary folder if that is on the same; else streamed. */
  onDisk?: FindOnDisk | undefined;
  /** Instead of uploading what is written, where the temporary folder is on the disk of the objects. */
  adoptFile?: AdoptFile | undefined;
  /** Where tables are staged; the system's temporary folder when not given. */
  temporaryFolder?: string;
  /** Instead of the store at the spec's trackerPath. */
  store?: DocumentStore;
}

export interface IngestScope extends IngestClients {
  spec: IngestSpec;
  clock: Clock;
  signal: AbortSignal;
  duckdb: Duckdb;
  store: DocumentStore;
  onDisk: FindOnDisk | undefined;
  adoptFile: AdoptFile | undefined;
  /** Emptied when the scope closes. */
  folder: string;
  outputDatabase: string;
}

export function storeOf(spec: IngestSpec, clients: IngestClients, options: IngestOptions): DocumentStore {
  return options.store ?? openDocumentStore(spec.trackerPath, clients, { signal: options.signal });
}

/** Opens what `act` needs, and removes what it left on the disk. */
export async function withIngestScope<T>(
  spec: IngestSpec,
  clients: IngestClients,
  options: IngestOptions,
  act: (scope: IngestScope) => Promise<T>,
): Promise<T> {
  const { signal = new AbortController().signal } = options;
  // Every object of several tables that is read at a time listens to it.
  setMaxListeners(0, signal);
  const folder = await makeWorkFolder(options.temporaryFolder ?? tmpdir());
  const duckdb = openDuckdb({
    folders: [folder],
    temporaryDirectory: join(folder, 'spill'),
    ...(spec.memoryLimitMb === undefined ? {} : { memoryLimitBytes: spec.memoryLimitMb * 1024 * 1024 }),
  });
  try {
    return await act({
      ...clients,
      spec,
      clock: options.clock ?? systemClock,
      signal,
      duckdb,
      store: storeOf(spec, clients, options),
      onDisk: options.onDisk,
      adoptFile: options.adoptFile,
      folder,
      outputDatabase: outputDatabaseOf(spec),
    });
  } finally {
    await duckdb.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The folder of a table's output: a folder a run below it. */
export function tableRootOf(spec: IngestSpec, table: string): string {
  return `${spec.outputPath.replace(/\/+$/, '')}/${table}/`;
}

/** Output table and source of a table's ingest, by the names of both. */
export function outputTableOf(scope: IngestScope, table: string): OutputTable {
  const { glue, s3, store, outputDatabase: DatabaseName } = scope;
  return { glue, s3, store, DatabaseName, Name: table, source: `${scope.spec.database}.${table}` };
}

const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** Sorts by time; a folder of this name below a table's output was made by a run. */
export function makeRunId(now: Date): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(4).toString('hex')}`;
}

export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}
