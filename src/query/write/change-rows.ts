// UPDATE, DELETE and MERGE of an Iceberg table: places of rows that are gone and files of new ones, in one snapshot.
import { rmSync } from 'node:fs';
import type { Table } from '@aws-sdk/client-glue';
import { duckdbText } from '../../tabular/duckdb-text.js';
import { DuckdbError } from '../../tabular/duckdb.js';
import { analyzedParts } from '../execution/analyzed-query.js';
import { requireWithin } from '../execution/cutoff.js';
import type { Outcome, StatementRun } from '../execution/statement-run.js';
import { writeMetadata } from '../results/result-files.js';
import type { TranslatedQuery } from '../select/analyze-query.js';
import { parseRowChange } from '../select/parse-row-change.js';
import { inPlace } from '../select/query-text.js';
import { CASE, FILE, PLACE, type ChangeCase, rowChangeQuery } from '../select/row-change-query.js';
import type { Expression } from '../select/syntax.js';
import { duckdbTypeOf } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { StatementOf } from '../statement/statement.js';
import { isIceberg } from '../tables/iceberg-scan.js';
import { openScans } from '../tables/open-scans.js';
import { changedValues, requireAssignable } from './changed-values.js';
import { commitChange } from './iceberg-commit.js';
import { dataFilesOf, type IcebergTarget, openIcebergTarget, writtenInto } from './iceberg-target.js';
import { type StagedDeletes, stagePositionDeletes } from './position-deletes.js';
import { publishFiles, type PublishedFile } from './publish-files.js';
import { type OutputColumn, stageFiles } from './stage-files.js';
import { COUNT_COLUMNS, countOf, named, sessionOf, unwritten } from './write-rows.js';

type RowChangeStatement = StatementOf<'update' | 'delete' | 'merge'>;

/** @throws QueryFailure, DuckdbError, the signal's reason: then nothing was written */
export async function changeRows(
  statement: RowChangeStatement,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const table = requireIceberg(statement, run);
  const target = openIcebergTarget(table, run.storage);
  const text = inPlace(statement.text, statement.place);
  const { change, parameterCount } = parseRowChange(text);
  requireAssignable(change, target.columns, text);
  const { query, cases } = rowChangeQuery(
    change,
    target.columns.map(({ name }) => name),
  );
  const translated = analyzedParts({ query, parameterCount }, text, sessionOf(run), parameters);
  const values = changedValues(cases, target.columns, translated.columns);
  const began = run.clock.now().getTime();
  const scans = await openScans(translated.scans, translated.sql, run, run.signal);
  const leftovers: string[] = [];
  try {
    requireWithin(scans.dataScannedBytes, run);
    const facts = {
      planningMs: run.clock.now().getTime() - began,
      dataScannedBytes: scans.dataScannedBytes,
      inputFileCount: scans.fileCount,
    };
    const staged = run.storage.temporaryPath();
    leftovers.push(staged);
    const rowCount = await stageChanges(scans.withClause, translated, values, staged, run);
    if (rowCount === 0) return { ...unwritten(run), ...facts };
    return { ...(await write({ staged, rowCount, cases, values, target, leftovers }, run)), ...facts };
  } catch (error) {
    throw error instanceof DuckdbError ? scans.explain(error) : error;
  } finally {
    scans.close();
    for (const path of leftovers) rmSync(path, { recursive: true, force: true });
  }
}

function requireIceberg({ table: tableName }: RowChangeStatement, run: StatementRun): Table {
  const { database, name, full } = named(tableName, run);
  const table = run.catalog.findTable(database, name);
  if (!table) throw new QueryFailure(`TABLE_NOT_FOUND: line 1:1: Table '${full}' does not exist`);
  if (isIceberg(table)) return table;
  throw new QueryFailure(
    `NOT_SUPPORTED: Modifying Hive table rows is only supported for transactional tables, and ${full} is no Iceberg table`,
  );
}

/** Each row that is changed, once and for all: what is random, or of this instant, is computed here and never again. */
function stageChanges(
  withClause: string,
  { sql }: TranslatedQuery,
  values: readonly OutputColumn[],
  path: string,
  { duckdb, signal }: StatementRun,
): Promise<number> {
  const list = [
    `q.c${FILE} AS uri`,
    `q.c${PLACE} AS place`,
    `q.c${CASE} AS number`,
    ...values.map((value, index) => `CAST(${value.sql} AS ${duckdbTypeOf(value.type)}) AS v${index}`),
  ];
  const select = `SELECT ${list.join(', ')} FROM (${sql}) AS q WHERE q.c${CASE} IS NOT NULL`;
  return duckdb.run(`COPY (${withClause}${select}) TO ${duckdbText(path)} (FORMAT parquet)`, signal);
}

interface StagedChanges {
  staged: string;
  rowCount: number;
  cases: readonly ChangeCase[];
  values: readonly OutputColumn[];
  target: IcebergTarget;
  leftovers: string[];
}

async function write(changes: StagedChanges, run: StatementRun): Promise<Outcome> {
  const { staged, rowCount, target, leftovers } = changes;
  const rows = `read_parquet(${duckdbText(staged)})`;
  const deletes = await stageDeletes(rows, changes, run);
  const { partition, ...written } = writtenInto(target, columnsOfStaged(changes.values));
  const isNew = numbered(changes.cases, ({ kind }) => kind !== 'delete');
  const list = changes.values.map((_, index) => `v${index} AS c${index}`).join(', ');
  const data =
    isNew === undefined
      ? { files: [] }
      : await stageFiles(
          { withClause: '', sql: `SELECT ${list} FROM ${rows} WHERE ${isNew}` },
          written.columns,
          written.keys,
          written.format,
          run,
          leftovers,
        );
  run.signal.throwIfAborted();
  const files = [...data.files, ...[...deletes.keys()].map((path) => ({ path, values: [] }))];
  const published = await publishFiles(files, written.format, written.folderOf, run, async (objects) => {
    const added = await dataFilesOf(
      objects.filter(({ path }) => !deletes.has(path)),
      partition,
      run,
    );
    const gone = objects.flatMap((file) => deleteFileOf(file, deletes));
    await commitChange(
      { ...target, partition },
      { files: added, ...(gone.length > 0 && { deletes: gone }) },
      run,
    );
  });
  await writeMetadata(COUNT_COLUMNS, run);
  return {
    outputLocation: run.record.outputLocation,
    rowCount,
    ...published,
    result: countOf(rowCount),
  };
}

const columnsOfStaged = (values: readonly OutputColumn[]): OutputColumn[] =>
  values.map((value, index) => ({ ...value, sql: `q.c${index}` }));

/** A condition for rows whose case is one of these; undefined when none is. */
function numbered(cases: readonly ChangeCase[], isWanted: (each: ChangeCase) => boolean): string | undefined {
  const numbers = cases.flatMap((each, index) => (isWanted(each) ? [index] : []));
  return numbers.length === 0 ? undefined : `number IN (${numbers.join(', ')})`;
}

async function stageDeletes(
  rows: string,
  { cases, target, leftovers }: StagedChanges,
  run: StatementRun,
): Promise<Map<string, StagedDeletes>> {
  const isGone = numbered(cases, ({ kind }) => kind !== 'insert');
  if (isGone === undefined) return new Map();
  const [twice] = await run.duckdb.rows(
    `SELECT uri FROM ${rows} WHERE ${isGone} GROUP BY uri, place HAVING count(*) > 1 LIMIT 1`,
    run.signal,
  );
  if (twice) {
    throw new QueryFailure(
      'MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row',
    );
  }
  return stagePositionDeletes(
    `SELECT uri, place FROM ${rows} WHERE ${isGone}`,
    { name: `${target.database}.${target.name}`, metadata: target.metadata },
    run,
    leftovers,
  );
}

function deleteFileOf({ path, location, size }: PublishedFile, staged: ReadonlyMap<string, StagedDeletes>) {
  const deletes = staged.get(path);
  return deletes ? [{ ...deletes, location, size }] : [];
}
