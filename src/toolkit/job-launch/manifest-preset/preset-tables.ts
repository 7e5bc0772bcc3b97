// The tables that the variables name, each with its SQL: the preset's own, or that of files written for the original.
import type { ReadText } from '../read-launch-spec.js';
import { valueProblem } from '../tables/sql-parameter.js';
import { convertedSql, manifestTableSql, MANIFEST_TABLES } from './manifest-tables.js';
import type { PresetVariables } from './preset-variables.js';

/** Entries of prepare.tables; none when no table is named. A table without its location, or the reverse, is a problem. */
export async function presetTables(variables: PresetVariables, readText: ReadText): Promise<object[]> {
  const folder = variables.find('GLUEPOT_LAUNCH_SQL')?.value.replace(/\/+$/, '');
  const entries: object[] = [];
  for (const table of MANIFEST_TABLES) {
    const name = variables.find(...table.nameVariables);
    const location = variables.find(table.locationVariable);
    if (!name && !location) continue;
    if (!name || !location) {
      const missing = name ? table.locationVariable : table.nameVariables.join(' or ');
      variables.problems.push(
        `${(name ?? location)?.name} is set, and ${missing} is not: a table needs both.`,
      );
      continue;
    }
    // Without a database Athena takes `default`; names are small letters to it, whatever is written.
    const [, database = 'default', tableName = ''] =
      /^(?:([a-z0-9_]+)\.)?([a-z0-9_]+)$/.exec(name.value.trim().toLowerCase()) ?? [];
    if (tableName === '') {
      variables.problem(
        name.name,
        name.value,
        'and must be TABLE or DATABASE.TABLE, of letters, digits and "_".',
      );
    }
    const value = location.value.endsWith('/') ? location.value : `${location.value}/`;
    const problem = valueProblem('location', value);
    if (problem !== undefined) variables.problems.push(`${location.name}: ${problem}`);
    const sql =
      folder === undefined
        ? manifestTableSql(table)
        : convertedSql(await readText(`${folder}/${table.file}`));
    entries.push({ database, table: tableName, sql, parameters: { location: { type: 'location', value } } });
  }
  return entries;
}
