// The SQL that makes a table: one CREATE EXTERNAL TABLE whose name is a placeholder, filled with typed values.
import { GluepotError } from '../../../base/errors.js';
import { fillPlaceholders, unknownPlaceholders, type PlaceholderValues } from '../placeholders.js';
import type { TableParameters } from '../spec.js';
import { splitSql } from './sql-text.js';
import { sqlOf, valueProblem } from './sql-parameter.js';

/** The one placeholder that every statement has: the launch makes the table under a name of its own first. */
const TABLE = 'table';

const BEGINNING = /^CREATE\s+EXTERNAL\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?$/i;

/** Any launch: what a statement is checked with before there is one. */
const SAMPLE: PlaceholderValues = {
  cutOffStart: '2024-05-01 00:00:00',
  cutOffEnd: '2024-05-02 00:00:00',
  cutOffStartMs: '1714521600000',
  cutOffEndMs: '1714608000000',
  cutOffEndWithMarginMs: '1714608120000',
  runKey: '20240502T000000Z-00000000',
  fencingToken: '1',
};

/** All that is wrong with a table's SQL and parameters, whatever the launch; nothing, when it can be carried out. */
export function statementProblems(sql: string, parameters: TableParameters): string[] {
  const parts = splitSql(sql);
  const names = parts.flatMap((part) => (part.kind === 'placeholder' ? [part.name] : []));
  const code = parts.map((part) => (part.kind === 'code' ? part.text : '')).join(' ');
  const given = Object.keys(parameters);
  const allowed = [TABLE, ...given];
  const problems: string[] = [];
  const first = parts.findIndex(({ kind }) => kind === 'placeholder');
  const head = parts.slice(0, Math.max(first, 0)).filter(({ kind }) => kind !== 'comment');
  const beginning = head.map((part) => ('text' in part ? part.text : '')).join('');
  if (names[0] !== TABLE || !BEGINNING.test(beginning.trimStart())) {
    problems.push('It must begin with CREATE EXTERNAL TABLE ${table}: the launch gives the name.');
  }
  if (/;\s*\S/.test(code)) problems.push('It must be one statement: there is something after a ";".');
  if (/['"`]|\/\*/.test(code)) problems.push('A quote or comment is not closed.');
  for (const part of parts) {
    if (part.kind !== 'quoted' || !/\$\{[^}]*\}/.test(part.text)) continue;
    problems.push(`${part.text} has a placeholder inside quotes: write it bare, its type brings the quotes.`);
  }
  for (const name of new Set(names)) {
    if (!allowed.includes(name)) {
      problems.push(`It has the unknown placeholder \${${name}}; there are: ${allowed.join(', ')}.`);
    }
  }
  for (const [name, { type, value }] of Object.entries(parameters)) {
    if (!names.includes(name))
      problems.push(`It does not have the placeholder \${${name}} of its parameters.`);
    const unknown = unknownPlaceholders(String(value));
    if (unknown.length > 0)
      problems.push(`${name}: \${${unknown.join('}, ${')}} is no placeholder of a launch.`);
    const problem =
      unknown.length > 0 ? undefined : valueProblem(type, fillPlaceholders(String(value), SAMPLE));
    if (problem !== undefined) problems.push(`${name}: ${problem}`);
  }
  return problems;
}

/**
 * @param name of the table that is made
 * @throws GluepotError `usage` when a value of this very launch is not of its type
 */
export function createStatement(
  { sql, parameters }: { sql: string; parameters: TableParameters },
  name: string,
  values: PlaceholderValues,
): string {
  const texts = splitSql(sql).map((part) => {
    if (part.kind !== 'placeholder') return part.text;
    if (part.name === TABLE) return sqlOf('identifier', name);
    const { type, value } = parameters[part.name] as TableParameters[string];
    const filled = fillPlaceholders(String(value), values);
    const problem = valueProblem(type, filled);
    if (problem !== undefined) throw new GluepotError('usage', `Parameter ${part.name}: ${problem}`);
    return sqlOf(type, filled);
  });
  return texts.join('').replace(/[\s;]+$/, '');
}
