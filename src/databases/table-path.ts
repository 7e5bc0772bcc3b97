// The include path of a JDBC target: `database/schema/table` or `database/table`, with % for any name.
import { globMatcher } from '../base/glob.js';
import { GluepotError } from '../base/errors.js';
import type { ConnectionSettings } from './connection-settings.js';
import type { DatabaseTable } from './database.js';

/** Names as in the database; % stands for any characters, as in SQL's LIKE, and nothing else is special. */
export interface TablePattern {
  /** Undefined where the database has no schemas below it. */
  schema: string | undefined;
  table: string;
}

/** Segments of the path, not looked at by anybody yet. @throws GluepotError `usage` */
export function pathSegments(path: string): string[] {
  const segments = path.split('/');
  const [database = ''] = segments;
  if (
    segments.length >= 2 &&
    segments.length <= 3 &&
    segments.every((text) => text !== '') &&
    !database.includes('%')
  ) {
    return segments;
  }
  throw new GluepotError(
    'usage',
    `JDBC path ${JSON.stringify(path)} is none of DATABASE/SCHEMA/TABLE (PostgreSQL) and DATABASE/TABLE (MySQL), ` +
      'with % for any schema or table.',
  );
}

/**
 * What a path means for a connection's database. `database/%` of PostgreSQL is every table of every schema.
 * @throws GluepotError `usage` when the path is of another database, or has a schema where there are none
 */
export function tablePattern(path: string, settings: ConnectionSettings): TablePattern {
  const [database, ...names] = pathSegments(path);
  const fail = (message: string): never => {
    throw new GluepotError('usage', `JDBC path ${path} ${message}`);
  };
  if (database !== settings.database) {
    fail(
      `begins with another database than the one that connection ${settings.name} reaches: ${settings.database}. ` +
        'Names are case-sensitive.',
    );
  }
  if (settings.engine === 'mysql') {
    if (names.length > 1) fail(`has a schema, and MySQL has none: write ${database}/${names[1]}.`);
    return { schema: undefined, table: names[0] as string };
  }
  const [schema = '', table] = names;
  if (table !== undefined) return { schema, table };
  if (schema === '%') return { schema: '%', table: '%' };
  return fail(`names no table: write ${database}/${schema}/% for all of the schema ${schema}.`);
}

/** `database.schema.table`, or `database.table`: where a crawler says that a table lies. */
export function tableLocation({
  database,
  schema,
  name,
}: Pick<DatabaseTable, 'database' | 'schema' | 'name'>): string {
  return [database, ...(schema === undefined ? [] : [schema]), name].join('.');
}

/** True for a location that the path covers. */
export function isWithinPath(path: string, location: string): boolean {
  const segments = pathSegments(path);
  const covers = (parts: readonly string[]) =>
    new RegExp(`^${parts.map(likeSource).join('\\.')}$`, 'su').test(location);
  return covers(segments) || (segments.length === 2 && segments[1] === '%' && covers([...segments, '%']));
}

function likeSource(text: string): string {
  return text
    .split('%')
    .map((literal) => literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('.*');
}

/**
 * Whether exclusions take a table out. AWS documents that patterns are relative to the include path and that a table is
 * excluded by its name; what they are matched with is a guess: the table's name, and with its schema before it.
 * @throws SyntaxError for a bad pattern
 */
export function exclusionsOf(
  patterns: readonly string[],
): (table: Pick<DatabaseTable, 'schema' | 'name'>) => boolean {
  const isExcluded = globMatcher(patterns);
  return ({ schema, name }) => isExcluded(name) || (schema !== undefined && isExcluded(`${schema}/${name}`));
}

/** An SQL LIKE pattern, backslash its escape, from a name with %. */
export function likePattern(name: string): string {
  return name.replace(/[\\_]/g, '\\$&');
}
