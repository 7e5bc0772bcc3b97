// A query's tables as relations of DuckDB: which files, and how each kind of them is read.
import { rmSync } from 'node:fs';
import type { Table } from '@aws-sdk/client-glue';
import { duckdbText } from '../../tabular/duckdb-text.js';
import { FILE_COLUMN } from '../../tabular/file-column.js';
import { DuckdbError } from '../../tabular/duckdb.js';
import { AVRO, ORC } from '../../tabular/decoded-format.js';
import { HIDDEN_COLUMNS, ROW_NUMBER, type TableScan } from '../select/analysis.js';
import { duckdbTypeOf } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { delimitedReader, quotedCsvReader } from './csv-reader.js';
import { icebergReader, openIceberg, type OpenedIceberg } from './iceberg-reader.js';
import { icebergScan, isIceberg } from './iceberg-scan.js';
import { jsonReader } from './json-reader.js';
import { openParquetFiles, parquetReader } from './parquet-reader.js';
import { keySql } from './partition-value.js';
import type { Reader } from './reader.js';
import { branchesOf, type Branch, type Opening, type ScanResources } from './scan-branches.js';
import { openStagedFiles } from './staged-reader.js';
import { filesOf } from './table-files.js';

export interface OpenedScans {
  /** `WITH scan0 AS (...), ...`, or ''. */
  withClause: string;
  /** Bytes of the files that are read. */
  dataScannedBytes: number;
  fileCount: number;
  /** The error of a statement over the scans in Athena's words, with objects in place of files. */
  explain(error: unknown): unknown;
  /** A text with objects in place of files. */
  withObjects(text: string): string;
  /** Removes what was made for reading. */
  close(): void;
}

/** Groups are read one after another with their keys as constants up to so many; beyond, keys are joined by file. */
const CONSTANT_GROUPS_MAX = 64;

/**
 * @param queryText DuckDB's text of the query: only columns that it mentions are read
 * @throws QueryFailure for files that cannot be read as their table says
 */
export async function openScans(
  scans: readonly TableScan[],
  queryText: string,
  resources: ScanResources,
  signal: AbortSignal,
): Promise<OpenedScans> {
  const uris = new Map<string, string>();
  const leftovers: string[] = [];
  const uriOf = (path: string) => uris.get(path) ?? path;
  const temporaryPath = () => resources.storage.temporaryPath();
  const opening: Opening = {
    ...resources,
    signal,
    parquet: openParquetFiles(resources.footers, signal),
    avro: openStagedFiles(AVRO, { temporaryPath, leftovers, uriOf, signal }),
    orc: openStagedFiles(ORC, { temporaryPath, leftovers, uriOf, signal }),
    uris,
    uriOf,
    leftovers,
    dataScannedBytes: 0,
  };
  const close = () => {
    for (const path of opening.leftovers.splice(0)) rmSync(path, { force: true });
  };
  const withObjects = (text: string) => withUris(text, opening.uris);
  const explain = (error: unknown) => explained(error, withObjects);
  try {
    const parts: string[] = [];
    for (const [index, scan] of scans.entries()) {
      parts.push(`scan${index} AS NOT MATERIALIZED (${await scanSql(scan, queryText, opening)})`);
    }
    return {
      withClause: parts.length === 0 ? '' : `WITH ${parts.join(', ')} `,
      dataScannedBytes: opening.dataScannedBytes,
      fileCount: opening.uris.size,
      explain,
      withObjects,
      close,
    };
  } catch (error) {
    close();
    throw explain(error);
  }
}

async function scanSql(scan: TableScan, queryText: string, opening: Opening): Promise<string> {
  const table = opening.catalog.getTable(scan.database, scan.table);
  const mentioned = mentionedColumns(scan, queryText);
  const iceberg = isIceberg(table) ? await opened(scan, table, opening) : undefined;
  const all = iceberg?.groups ?? (await filesOf(table, scan, opening, opening.signal));
  const groups = all.filter(({ files }) => files.length > 0);
  // Several vectors of deletes are in one file.
  const deletes = new Map(iceberg?.deletes.map((file) => [file.path, file])).values();
  for (const file of [...groups.flatMap(({ files }) => files), ...deletes]) {
    opening.uris.set(file.path, `s3://${file.bucket}/${file.key}`);
    opening.dataScannedBytes += file.size;
  }
  if (groups.length === 0) return emptySql(scan);
  const isJoined = groups.length > CONSTANT_GROUPS_MAX || mentioned.hasHidden;
  const branches: string[] = [];
  for (const branch of await branchesOf(table, groups, isJoined, opening)) {
    branches.push(await branchSql({ ...scan, iceberg }, mentioned, branch, isJoined, opening));
  }
  return branches.join(' UNION ALL ');
}

async function opened(scan: TableScan, table: Table, opening: Opening): Promise<OpenedIceberg> {
  const found = await icebergScan(table, scan.columns, opening.storage);
  const { storage, leftovers, signal } = opening;
  const temporaryPath = () => storage.temporaryPath();
  return openIceberg(`${scan.database}.${scan.table}`, found, opening.parquet, {
    temporaryPath,
    leftovers,
    signal,
  });
}

type OpenedScan = TableScan & { iceberg: OpenedIceberg | undefined };

interface Mentioned {
  columns: ReadonlySet<number>;
  hasHidden: boolean;
}

/** The columns of a scan that the query's text names; an over-estimate at worst. */
function mentionedColumns(scan: TableScan, queryText: string): Mentioned {
  const columns = new Set<number>();
  let hasHidden = false;
  for (const [, kind, index] of queryText.matchAll(new RegExp(`\\b${scan.alias}\\.([chn])(\\d+)\\b`, 'g'))) {
    if (kind === 'c') columns.add(Number(index));
    else hasHidden = true;
  }
  return { columns, hasHidden };
}

const noRowNumber = `CAST(NULL AS ${duckdbTypeOf(ROW_NUMBER.type)}) AS n0`;

function emptySql(scan: TableScan): string {
  const columns = scan.columns.map(({ type }, index) => `CAST(NULL AS ${duckdbTypeOf(type)}) AS c${index}`);
  const hidden = HIDDEN_COLUMNS.map(({ type }, index) => `CAST(NULL AS ${duckdbTypeOf(type)}) AS h${index}`);
  return `SELECT ${[...columns, ...hidden, noRowNumber].join(', ')} WHERE false`;
}

async function branchSql(
  scan: OpenedScan,
  mentioned: Mentioned,
  branch: Branch,
  isJoined: boolean,
  opening: Opening,
): Promise<string> {
  const reader = await readerOf(scan, mentioned, branch, isJoined, opening);
  const ownCount = scan.columns.length - scan.keyCount;
  const list = scan.columns.map(({ type }, index) => {
    if (index < ownCount)
      return `${reader.values[index] ?? `CAST(NULL AS ${duckdbTypeOf(type)})`} AS c${index}`;
    const place = index - ownCount;
    const value = branch.files[0]?.values[place] ?? null;
    const text = isJoined ? `files.k${place}` : value === null ? 'NULL' : duckdbText(value);
    return `${keySql(text, type)} AS c${index}`;
  });
  const hidden = HIDDEN_COLUMNS.map(
    (column, index) =>
      `${mentioned.hasHidden ? `files.h${index}` : `CAST(NULL AS ${duckdbTypeOf(column.type)})`} AS h${index}`,
  );
  const rowNumber = scan.iceberg && mentioned.hasHidden ? 'reader.file_row_number AS n0' : noRowNumber;
  const select = `SELECT ${[...list, ...hidden, rowNumber].join(', ')} FROM ${reader.from}`;
  return isJoined
    ? `${select} JOIN ${filesSql(scan, branch, opening)} ON files.path = reader.${FILE_COLUMN}`
    : select;
}

function filesSql(scan: TableScan, branch: Branch, { uris }: Opening): string {
  const rows = branch.files.map(({ file, values }) => {
    const cells = values.map((value) => (value === null ? 'CAST(NULL AS VARCHAR)' : duckdbText(value)));
    const modified = `TIMESTAMPTZ '${file.lastModified.toISOString().replace('T', ' ').replace('Z', '+00')}'`;
    return `(${[duckdbText(file.path), duckdbText(uris.get(file.path) as string), `CAST(${file.size} AS BIGINT)`, modified, ...cells].join(', ')})`;
  });
  const keys = Array.from({ length: scan.keyCount }, (_, index) => `k${index}`);
  return `(VALUES ${rows.join(', ')}) AS files(${['path', 'h0', 'h1', 'h2', ...keys].join(', ')})`;
}

function readerOf(
  scan: OpenedScan,
  mentioned: Mentioned,
  branch: Branch,
  wantsFile: boolean,
  opening: Opening,
): Reader | Promise<Reader> {
  const { format, compression } = branch;
  const columns = scan.columns.slice(0, scan.columns.length - scan.keyCount);
  const request = {
    columns,
    inFile: branch.columns,
    isWanted: (index: number) => mentioned.columns.has(index),
    paths: branch.files.map(({ file }) => file.path),
    compression,
    wantsFile,
  };
  if (scan.iceberg) return icebergReader(scan.iceberg, opening.parquet, request);
  switch (format.kind) {
    case 'delimited':
      return delimitedReader(format, request);
    case 'quoted-csv':
      return quotedCsvReader(format, request);
    case 'json':
      return jsonReader(format, request);
    case 'parquet':
      return parquetReader(opening.parquet, request, opening.uriOf);
    case 'avro':
      return opening.avro.reader(request, false);
    case 'orc':
      return opening.orc.reader(request, format.isByPlace);
  }
}

function withUris(text: string, uris: ReadonlyMap<string, string>): string {
  let changed = text;
  for (const [path, uri] of uris) if (changed.includes(path)) changed = changed.replaceAll(path, uri);
  return changed;
}

function explained(error: unknown, withObjects: (text: string) => string): unknown {
  if (!(error instanceof DuckdbError) && !(error instanceof QueryFailure)) return error;
  const message = withObjects(error.message);
  if (message === error.message) return error;
  return error instanceof DuckdbError
    ? new DuckdbError(message, { cause: error })
    : new QueryFailure(message, error.at, error.category, error.errorType, { cause: error });
}
