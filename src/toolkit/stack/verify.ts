// The assertions of a stack file against what is there: tables with their columns and counts, outputs with their rows.
import { GluepotError } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { listObjects } from './objects.js';
import { readOutputRows } from './output-rows.js';
import type { OutputExpectation, StackSpec, TableExpectation } from './spec.js';
import type { StackScope } from './stack-scope.js';
import { findTable, summarizeTable, type TableSummary } from './tables.js';
import { wantedStack } from './wanted.js';

const CONCURRENCY = 4;

export interface StackCheck {
  /** `table demo_weather` or `output data/output/weather/` */
  subject: string;
  /** `recordCount`, `column lat`, ... */
  what: string;
  expected: string;
  actual: string;
  ok: boolean;
}

/** @throws GluepotError `usage` when tables are expected without a database */
export async function verifyStack(scope: StackScope, spec: StackSpec): Promise<StackCheck[]> {
  const { verify, database, bucket } = wantedStack(spec, scope);
  const { tables = [], outputs = [] } = verify;
  const tableChecks = await mapConcurrently(tables, CONCURRENCY, async (expectation) => {
    const DatabaseName = expectation.DatabaseName ?? database;
    if (DatabaseName === undefined) {
      throw new GluepotError(
        'usage',
        `verify.tables: where is ${expectation.Name}? Give it a DatabaseName, or add "database" to the stack file.`,
      );
    }
    const table = await findTable(scope, DatabaseName, expectation.Name);
    return checkTable(expectation, table && summarizeTable(table));
  });
  const outputChecks = await mapConcurrently(outputs, CONCURRENCY, async (expectation) =>
    checkOutput(expectation, await measureOutput(scope, bucket, expectation)),
  );
  return [...tableChecks, ...outputChecks].flat();
}

export function checkTable(expectation: TableExpectation, table: TableSummary | undefined): StackCheck[] {
  const check = checker(`table ${expectation.Name}`);
  if (!table) return [check('exists', 'yes', 'no', false)];
  const checks = [check('exists', 'yes', 'yes', true)];
  const {
    classification,
    recordCount,
    recordCountMin,
    recordCountMax,
    columnCount,
    columns = {},
  } = expectation;
  if (classification !== undefined)
    checks.push(check('classification', classification, table.classification));
  if (recordCount !== undefined) checks.push(check('recordCount', recordCount, table.recordCount));
  const counted = table.recordCount ?? NaN;
  if (recordCountMin !== undefined) {
    checks.push(
      check('recordCount', `at least ${recordCountMin}`, table.recordCount, counted >= recordCountMin),
    );
  }
  if (recordCountMax !== undefined) {
    checks.push(
      check('recordCount', `at most ${recordCountMax}`, table.recordCount, counted <= recordCountMax),
    );
  }
  if (columnCount !== undefined) checks.push(check('number of columns', columnCount, table.columns.length));
  for (const [name, type] of Object.entries(columns)) {
    const column = [...table.columns, ...table.partitionKeys].find((item) => item.Name === name);
    checks.push(check(`column ${name}`, type, column?.Type));
  }
  return checks;
}

export interface OutputMeasure {
  objectCount: number;
  /** Undefined when no row count is expected, so none was taken. */
  rowCount: number | undefined;
}

async function measureOutput(
  scope: StackScope,
  bucket: string,
  expectation: OutputExpectation,
): Promise<OutputMeasure> {
  const objects = [];
  for await (const object of listObjects(scope, bucket, expectation.prefix)) {
    if (isOutput(object.key)) objects.push(object);
  }
  if (expectation.rowCount === undefined && expectation.rowCountMin === undefined) {
    return { objectCount: objects.length, rowCount: undefined };
  }
  const counts = await mapConcurrently(
    objects,
    CONCURRENCY,
    async (object) => (await readOutputRows(scope, bucket, object, 0)).rowCount,
  );
  return { objectCount: objects.length, rowCount: counts.reduce((sum, count) => sum + count, 0) };
}

/** False for folder markers and for files that readers skip: names that begin with `_` or `.`. */
export function isOutput(key: string): boolean {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return name !== '' && !/^[_.]/.test(name) && !name.endsWith('_$folder$');
}

export function checkOutput(expectation: OutputExpectation, measure: OutputMeasure): StackCheck[] {
  const check = checker(`output ${expectation.prefix}`);
  const checks: StackCheck[] = [];
  const { objectCount, objectCountMin, rowCount, rowCountMin } = expectation;
  if (objectCount !== undefined) checks.push(check('objects', objectCount, measure.objectCount));
  if (objectCountMin !== undefined) {
    checks.push(
      check(
        'objects',
        `at least ${objectCountMin}`,
        measure.objectCount,
        measure.objectCount >= objectCountMin,
      ),
    );
  }
  if (rowCount !== undefined) checks.push(check('rows', rowCount, measure.rowCount));
  if (rowCountMin !== undefined) {
    checks.push(
      check('rows', `at least ${rowCountMin}`, measure.rowCount, (measure.rowCount ?? 0) >= rowCountMin),
    );
  }
  if (checks.length === 0)
    checks.push(check('objects', 'at least 1', measure.objectCount, measure.objectCount > 0));
  return checks;
}

function checker(subject: string) {
  return (
    what: string,
    expected: string | number,
    actual: string | number | undefined,
    ok = expected === actual,
  ): StackCheck => ({
    subject,
    what,
    expected: String(expected),
    actual: actual === undefined || Number.isNaN(actual) ? 'none' : String(actual),
    ok,
  });
}
