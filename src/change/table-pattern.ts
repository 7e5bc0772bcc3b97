// Patterns that name tables: those that are protected, those that a plan is of.
import { GluepotError } from '../base/errors.js';
import { compileGlob } from '../base/glob.js';
import type { TableName } from './catalog-key.js';

/**
 * True for a table that any of the patterns names: globs over `database.table`, or over names of tables in any database when they have
 * no dot.
 * @throws GluepotError `usage` for a glob that is none
 */
export function tableMatcher(patterns: readonly string[]): (table: TableName) => boolean {
  const globs = patterns.map((pattern) => ({ glob: globOf(pattern), nameOf: nameIn(pattern) }));
  return (table) => globs.some(({ glob, nameOf }) => glob.test(nameOf(table)));
}

/** What of a table's name a pattern is compared with. */
export function nameIn(pattern: string): (table: TableName) => string {
  return pattern.includes('.')
    ? ({ DatabaseName, TableName }) => `${DatabaseName}.${TableName}`
    : ({ TableName }) => TableName;
}

/** The pattern itself. @throws GluepotError `usage` when it is none */
export function requireTablePattern(pattern: string): string {
  globOf(pattern);
  return pattern;
}

function globOf(pattern: string): RegExp {
  const refuse = (cause?: unknown) =>
    new GluepotError(
      'usage',
      `${JSON.stringify(pattern)} names no tables: it is no pattern. Give one like gold_* or sales.gold_*.`,
      { cause },
    );
  if (pattern === '') throw refuse();
  try {
    return compileGlob(pattern.toLowerCase());
  } catch (error) {
    throw refuse(error);
  }
}
