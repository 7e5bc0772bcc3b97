// Runs one statement to its end: which of the ways it takes, and what is known of it afterwards.
import { runDdl } from '../ddl/run-ddl.js';
import { writeLines } from '../results/result-files.js';
import { inPlace } from '../select/query-text.js';
import { parseExpressionText } from '../select/parse-query.js';
import type { Expression } from '../select/syntax.js';
import { formatType } from '../select/trino-type.js';
import { toHiveType } from '../select/hive-columns.js';
import { parseStatement } from '../statement/parse-statement.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { Statement, StatementOf } from '../statement/statement.js';
import { analyzed, CATALOG } from './analyzed-query.js';
import { plainColumnInfo } from '../results/column-info.js';
import { runExplain } from './run-explain.js';
import { runSelect } from './run-select.js';
import type { Outcome, StatementRun } from './statement-run.js';
import { changeRows } from '../write/change-rows.js';
import { createTableAs } from '../write/create-table-as.js';
import { insertInto } from '../write/insert-into.js';
import { unload } from '../write/unload.js';

/** @throws QueryFailure, DuckdbError, and the signal's reason */
export async function runStatement(
  statement: Statement,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const { catalog = CATALOG } = run.record;
  if (catalog !== CATALOG) {
    throw new QueryFailure(
      `CATALOG_NOT_FOUND: Catalog '${catalog}' cannot be queried here; AwsDataCatalog can be`,
    );
  }
  switch (statement.kind) {
    case 'select':
      return runSelect(inPlace(statement.text, statement.place), run, parameters);
    case 'create-table-as':
      return createTableAs(statement, run, parameters);
    case 'insert':
      return insertInto(statement, run, parameters);
    case 'unload':
      return unload(statement, run, parameters);
    case 'prepare':
      run.prepared.put({ name: statement.name, workGroup: run.record.workGroup, text: statement.text });
      return nothing(run);
    case 'execute':
      return execute(statement, run);
    case 'deallocate':
      if (!run.prepared.delete(run.record.workGroup, statement.name)) throw notPrepared(statement.name);
      return nothing(run);
    case 'explain':
      return runExplain(statement, run, parameters);
    case 'update':
    case 'delete':
    case 'merge':
      return changeRows(statement, run, parameters);
    case 'optimize':
    case 'vacuum':
      throw new QueryFailure(`NOT_SUPPORTED: ${statement.kind.toUpperCase()} is not supported here`);
    default:
      return runDdlStatement(statement, run);
  }
}

function notPrepared(name: string): QueryFailure {
  return new QueryFailure(`NOT_FOUND: Prepared statement not found: ${name}`);
}

async function nothing(run: StatementRun): Promise<Outcome> {
  await writeLines([], run);
  return { outputLocation: run.record.outputLocation, result: { columns: [], form: 'none' }, rowCount: 0 };
}

/** The statement that was prepared, with the arguments for its parameters. */
async function execute(statement: StatementOf<'execute'>, run: StatementRun): Promise<Outcome> {
  const prepared = run.prepared.find(run.record.workGroup, statement.name);
  if (!prepared) throw notPrepared(statement.name);
  const given = statement.arguments.length > 0 ? statement.arguments : (run.record.executionParameters ?? []);
  const inner = parseStatement(prepared.text);
  if (inner.kind === 'execute') throw new QueryFailure('NOT_SUPPORTED: EXECUTE of an EXECUTE');
  return runStatement(inner, run, given.map(parseExpressionText));
}

async function runDdlStatement(statement: Parameters<typeof runDdl>[0], run: StatementRun): Promise<Outcome> {
  const { record, catalog, storage, clock, ids, signal } = run;
  const { columns, rows } = await runDdl(statement, {
    catalog,
    storage,
    database: record.database ?? 'default',
    clock,
    ids,
    callerArn: record.callerArn,
    viewColumns: ({ query, place }, database) =>
      Promise.resolve(
        analyzed(inPlace(query, place), { ...run, database }, []).columns.map(({ name, type }, index) => {
          const hiveType = toHiveType(type);
          return {
            name: (name ?? `_col${index}`).toLowerCase(),
            type: formatType(type),
            ...(hiveType !== undefined && { hiveType }),
          };
        }),
      ),
    signal,
  });
  const outputBytes = await writeLines(
    rows.map((row) => row.join('\t')),
    run,
  );
  return {
    outputLocation: record.outputLocation,
    result: {
      columns: columns.map(({ name, type }) => plainColumnInfo(name, { Type: type })),
      form: 'lines',
    },
    rowCount: rows.length,
    outputBytes,
  };
}
