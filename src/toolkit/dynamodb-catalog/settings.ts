// What is asked of a DynamoDB catalog: which tables, into which database, read how and by whom.
import { compileGlob } from '../../base/glob.js';
import { GluepotError, messageOf } from '../../base/errors.js';

/** A crawler and a role for each table, or samples that are taken by Scan itself. */
export type Engine = 'crawler' | 'direct';

export interface CatalogSettings {
  DatabaseName: string;
  /** Globs over table names; all tables when empty. */
  include: readonly string[];
  exclude: readonly string[];
  /** Tags that a table must have, all of them. */
  tags: Readonly<Record<string, string>>;
  engine: Engine;
  /** Read a sample, or every item of every table at every crawl. */
  scan: 'sample' | 'all';
  /** Share of the table's read capacity a second, 0.1 to 1.5; AWS's own default when undefined. */
  scanRate: number | undefined;
  /** Read units a second of each table that the direct engine takes at most. */
  maxReadUnits: number | undefined;
  /** ARN of the permissions boundary that every role gets. */
  boundary: string | undefined;
  /** Take over roles, crawlers and catalog tables under the wanted names that nobody's tags claim. */
  adopt: boolean;
  /** Keep a schema of each table in the Glue Schema Registry and link it to the catalog table. */
  schemas: boolean;
  /** Tables at a time. */
  concurrency: number;
}

export const DEFAULT_SETTINGS: CatalogSettings = {
  DatabaseName: 'ddb_tables',
  include: [],
  exclude: [],
  tags: {},
  engine: 'crawler',
  scan: 'sample',
  scanRate: undefined,
  maxReadUnits: undefined,
  boundary: undefined,
  adopt: false,
  schemas: true,
  concurrency: 8,
};

/** AWS docs, DynamoDBTarget: "The valid values are null or a value between 0.1 to 1.5". */
const SCAN_RATE = { min: 0.1, max: 1.5 };
const CONCURRENCY_MAX = 50;

/** @throws GluepotError `usage` that names what is wrong, the value and what is allowed */
export function checkSettings(given: Partial<CatalogSettings>): CatalogSettings {
  const settings = { ...DEFAULT_SETTINGS, ...given };
  const { DatabaseName, engine, scanRate, maxReadUnits, boundary, concurrency } = settings;
  // What Glue turns a database name into when it is not so already; the policies name it as it is.
  if (!/^[a-z0-9_-]{1,255}$/.test(DatabaseName)) {
    throw bad('The database', DatabaseName, '1 to 255 lower-case letters, digits, _ and -');
  }
  if (scanRate !== undefined && !(scanRate >= SCAN_RATE.min && scanRate <= SCAN_RATE.max)) {
    throw bad('The scan rate', scanRate, `a number from ${SCAN_RATE.min} to ${SCAN_RATE.max}`);
  }
  if (maxReadUnits !== undefined && !(maxReadUnits > 0)) {
    throw bad('The most read units a second', maxReadUnits, 'a number greater than 0');
  }
  if (maxReadUnits !== undefined && engine === 'crawler') {
    throw bad(
      'The most read units a second',
      maxReadUnits,
      'left out for crawlers, which know a share of the capacity only: give the scan rate, or take the direct engine',
    );
  }
  if (boundary !== undefined && !/^arn:[a-z-]+:iam::(\d{12}|aws):policy\/.+$/.test(boundary)) {
    throw bad(
      'The permissions boundary',
      boundary,
      'the ARN of a managed policy (arn:aws:iam::123456789012:policy/NAME)',
    );
  }
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > CONCURRENCY_MAX) {
    throw bad('The concurrency', concurrency, `a whole number from 1 to ${CONCURRENCY_MAX}`);
  }
  tableMatcher(settings);
  return settings;
}

function bad(what: string, value: unknown, allowed: string): GluepotError {
  return new GluepotError('usage', `${what} is ${JSON.stringify(value)}; it must be ${allowed}.`);
}

/** Whether a table is asked for by its name. @throws GluepotError `usage` for a glob that is none */
export function tableMatcher({
  include,
  exclude,
}: Pick<CatalogSettings, 'include' | 'exclude'>): (TableName: string) => boolean {
  const compile = (pattern: string) => {
    try {
      return compileGlob(pattern);
    } catch (error) {
      const what = messageOf(error).replace(/^Exclusion pattern/, 'The pattern');
      throw new GluepotError('usage', what, { cause: error });
    }
  };
  const included = include.map(compile);
  const excluded = exclude.map(compile);
  return (name) =>
    (included.length === 0 || included.some((glob) => glob.test(name))) &&
    !excluded.some((glob) => glob.test(name));
}
