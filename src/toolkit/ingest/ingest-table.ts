// One run over one table: recover → observe → decide → load → commit → publish → clean up.
import { join } from 'node:path';
import type { Table } from '@aws-sdk/client-glue';
import { GluepotError } from '../../base/errors.js';
import { DuckdbError } from '../../tabular/duckdb.js';
import { cleanUp, stillReplaced } from './clean-up.js';
import { commitLoad } from './commit-load.js';
import { openCopying, type Copying } from './copy-files.js';
import { cursorText, parseCursor, type CursorKind } from './cursor.js';
import { decideLoad, type LoadDecision } from './decide-load.js';
import { findFormerState } from './former-tracker.js';
import { makeRunId, outputTableOf, tableRootOf, type IngestScope } from './ingest-scope.js';
import type { LoadedRows } from './load-request.js';
import { loadRows } from './load-rows.js';
import { openLocalFiles, type LocalFiles } from './local-files.js';
import { layOut } from './next-generation.js';
import { requireOwnTable } from './publish.js';
import { recoverTable } from './recover.js';
import { requireApart } from './require-apart.js';
import { placeOf } from './s3-place.js';
import { decideSchema, driftText } from './schema-contract.js';
import { findSource } from './source/find-source.js';
import { sourceColumns } from './source/source-columns.js';
import { keepReplacedMs, type TableSettings } from './spec.js';
import { openTableProgress, type ProgressTeller, type TableProgress } from './table-progress.js';
import { schemaHash, type Generation } from './tracker.js';
import { wantedRows } from './wanted-rows.js';

export interface TableReport {
  table: string;
  status: 'loaded' | 'unchanged' | 'skipped' | 'failed';
  /** Why it was loaded, skipped or failed. */
  reason: string;
  kind?: GluepotError['kind'];
  load?: Generation['load'];
  disposition?: Generation['disposition'];
  runId?: string;
  counts?: Generation['counts'];
  rows?: number;
  bytes?: number;
  watermark?: string;
  warnings: string[];
  /** Of all, in milliseconds. */
  durationMs: number;
}

export interface TableRun {
  table: Table;
  settings: TableSettings;
  load: 'full' | 'incremental';
  /** Text of both ends, as the cursor reads them. */
  backfill?: { from: string; to: string } | undefined;
  onProgress?: ((progress: TableProgress) => void) | undefined;
}

type TableResult = Omit<TableReport, 'table' | 'durationMs'>;

/** @throws GluepotError and whatever else goes wrong with it; nothing that is committed is lost by that */
export async function ingestTable(scope: IngestScope, run: TableRun): Promise<TableResult> {
  const name = run.table.Name as string;
  const runId = makeRunId(scope.clock.now());
  const progress = openTableProgress(run.onProgress ?? (() => {}));
  const files = await openLocalFiles(scope.s3, join(scope.folder, runId), {
    onDisk: scope.onDisk,
    adoptFile: scope.adoptFile,
    onBytes: (bytes) => progress.add({ bytes }),
    signal: scope.signal,
  });
  const copying = openCopying(scope.s3, scope.signal);
  try {
    return await ingestWith(scope, run, name, { runId, files, copying, progress });
  } catch (error) {
    if (!(error instanceof DuckdbError)) throw error;
    if (error.isOutOfMemory) throw needsMoreMemory(name, error);
    throw new DuckdbError(files.inWords(error.message), { cause: error });
  } finally {
    await copying.stop();
    await files.clear();
  }
}

function needsMoreMemory(table: string, error: DuckdbError): GluepotError {
  return new GluepotError(
    'failed',
    `${table} needs more memory than it may take beside other tables. Raise memoryLimitMb, or lower parallelTables. DuckDB says: ${error.message}`,
    { cause: error },
  );
}

async function ingestWith(
  scope: IngestScope,
  run: TableRun,
  name: string,
  {
    runId,
    files,
    copying,
    progress,
  }: { runId: string; files: LocalFiles; copying: Copying; progress: ProgressTeller },
): Promise<TableResult> {
  const { spec, clock } = scope;
  const startedAt = clock.now();
  const output = outputTableOf(scope, name);
  await requireOwnTable(output, name);
  const recovered = await recoverTable(output, name);
  const tableRoot = tableRootOf(spec, name);
  const former = recovered.generation
    ? undefined
    : await findFormerState(scope, run.settings, name, tableRoot);
  const base = recovered.generation ?? former?.generation;
  const columns = sourceColumns(run.table);
  const decision = decideLoad({ load: run.load, settings: run.settings, columns, generation: base });
  const warnings = [...decision.warnings, ...(former?.warnings ?? [])];
  if (recovered.finished !== undefined)
    warnings.push(`The run ${recovered.finished} had been cut short; it was finished first.`);
  if (decision.action === 'fail') throw new GluepotError('usage', `${name}: ${decision.reason}`);
  if (decision.action === 'skip') return { status: 'skipped', reason: decision.reason, warnings };
  const isFull = decision.action === 'full';
  const backfill = run.backfill && backfillRange(run.backfill, base, isFull, name);

  requireApart(run.table, spec);
  progress.begin('reading');
  const wanted = isFull ? undefined : wantedRows(base, run.settings, columns, backfill);
  const source = await findSource(run.table).open(
    run.table,
    { ...scope, files, progress, settings: run.settings },
    wanted,
  );
  warnings.push(...(source.warnings ?? []));
  const schema = decideSchema(name, base?.columns ?? [], source.columns, {
    contract: run.settings.schema,
    isFullLoad: isFull,
  });
  if (base && schema.drift.length > 0) warnings.push(`The columns changed: ${driftText(schema.drift)}.`);
  const stored =
    base && !isFull
      ? {
          generation: base,
          paths: await files.fetch(base.files.map(({ uri }) => placeOf(uri))),
          needsRewrite: schema.needsRewrite,
        }
      : undefined;
  const loaded = await loadRows({
    table: name,
    source,
    columns: schema.columns,
    settings: run.settings,
    disposition: decision.disposition,
    stored,
    backfill,
    startedMs: startedAt.getTime(),
    duckdb: scope.duckdb,
    folder: files.folder,
    unique: runId.replace(/\W/g, '_'),
    fileBytes: (spec.fileSizeMb ?? 256) * 1024 * 1024,
    progress,
    onRewritten: (rewritten) =>
      copying.begin(layOut(tableRoot, runId, base, { written: [], rewritten }, isFull).moves),
    signal: scope.signal,
  });
  warnings.push(...loaded.warnings);
  const next = { loaded, decision, schema: schema.columns, base, backfill: backfill !== undefined };
  if (isNothingNew(next)) {
    await removeReplaced(scope, tableRoot, base as Generation);
    return { ...reportOf(base as Generation, loaded), status: 'unchanged', reason: 'nothing new', warnings };
  }

  progress.begin('uploading');
  const generation = await commitLoad(scope, {
    output,
    tracker: recovered,
    base,
    tableRoot,
    runId,
    startedAt,
    files,
    loaded,
    copying,
    load: backfill ? 'backfill' : isFull ? 'full' : 'incremental',
    disposition: decision.disposition,
    key: run.settings.key,
    columns: schema.columns.map((column) => ({ name: column.name, type: column.hiveType })),
  });
  return { ...reportOf(generation, loaded), status: 'loaded', reason: decision.reason, warnings };
}

function isNothingNew(next: {
  loaded: LoadedRows;
  decision: LoadDecision;
  schema: readonly { name: string; hiveType: string }[];
  base: Generation | undefined;
  backfill: boolean;
}): boolean {
  const { loaded, decision, base } = next;
  if (!base || base.sequence === 0 || decision.action !== 'incremental') return false;
  const isSameSchema =
    base.schemaHash === schemaHash(next.schema.map(({ name, hiveType }) => ({ name, type: hiveType })));
  const isSameMark = next.backfill || base.cursor?.watermark === loaded.cursor?.watermark;
  return loaded.written.length === 0 && loaded.rewritten.size === 0 && isSameMark && isSameSchema;
}

/** What earlier runs replaced goes when its time is over, whether there is anything new or not. */
async function removeReplaced(
  { s3, clock, spec }: IngestScope,
  tableRoot: string,
  base: Generation,
): Promise<void> {
  const keep = { keepMs: keepReplacedMs(spec), nowMs: clock.now().getTime() };
  if (stillReplaced(base, keep).length < base.replaced.length) await cleanUp(s3, tableRoot, base, keep);
}

function backfillRange(
  { from, to }: { from: string; to: string },
  base: Generation | undefined,
  isFull: boolean,
  table: string,
): { lower: bigint; upper: bigint } {
  const kind: CursorKind | undefined = base?.cursor?.kind;
  if (!kind || isFull) {
    throw new GluepotError(
      'usage',
      `${table} cannot be filled for a range: it needs a cursor and a first load. Run it first.`,
    );
  }
  const range = { lower: parseCursor(kind, from), upper: parseCursor(kind, to) };
  if (range.lower <= range.upper) return range;
  throw new GluepotError('usage', `The range from ${from} to ${to} of ${table} ends before it begins.`);
}

function reportOf(generation: Generation, loaded: LoadedRows) {
  return {
    load: generation.load,
    disposition: generation.disposition,
    runId: generation.runId,
    counts: loaded.counts,
    rows: generation.files.reduce((sum, { rows }) => sum + rows, 0),
    bytes: generation.files.reduce((sum, { bytes }) => sum + bytes, 0),
    ...watermarkOf(generation),
  };
}

/** For people. */
export function watermarkOf({ cursor }: Generation): { watermark?: string } {
  return cursor?.watermark === undefined
    ? {}
    : { watermark: cursorText(cursor.kind, BigInt(cursor.watermark)) };
}
