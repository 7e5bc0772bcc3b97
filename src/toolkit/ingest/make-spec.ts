// A first spec for a database, to be read and changed by people: what is known of each table stands in it.
import { stringify } from 'yaml';
import { parseHiveType } from '../../tabular/hive-type.js';
import type { IngestClients } from './ingest-scope.js';
import { chooseTables, keysOf } from './run-ingest.js';
import { primaryKeyOf } from './source/database-tables.js';
import type { IngestSpec } from './spec.js';

/** Columns that hold when a row changed, by what people call them; the first that is there is proposed. */
const CURSOR_NAMES = [
  'updated_at',
  'modified_at',
  'last_modified',
  'updated',
  'changed_at',
  'update_time',
  'created_at',
];
const CURSOR_TYPES = new Set(['timestamp', 'date', 'string', 'bigint', 'int']);

/** YAML text of a spec with every table's proposed cursor and key. @throws GluepotError `usage` without the database */
export async function makeSpec(
  base: Pick<IngestSpec, 'database' | 'connection' | 'outputPath' | 'trackerPath' | 'keysPath'>,
  clients: IngestClients,
): Promise<string> {
  const keys = await keysOf(base, clients);
  const tables: NonNullable<IngestSpec['tables']> = {};
  for (const table of await chooseTables(base, clients)) {
    const { Name = '', StorageDescriptor, TableType } = table;
    if (TableType === 'VIRTUAL_VIEW') continue;
    const columns = new Map(
      (StorageDescriptor?.Columns ?? []).map(({ Name: column = '', Type = 'string' }) => [
        column.toLowerCase(),
        Type,
      ]),
    );
    const cursor = CURSOR_NAMES.find((name) => {
      const type = columns.get(name);
      const parsed = type === undefined ? undefined : parseHiveType(type);
      return parsed?.kind === 'primitive' && CURSOR_TYPES.has(parsed.name);
    });
    // A key file says it already; a column called id is a guess that a run does not prove.
    const guess = columns.has('id') ? ['id'] : undefined;
    const key = keys.has(Name.toLowerCase()) ? undefined : (primaryKeyOf(table) ?? guess);
    tables[Name] = { ...(cursor === undefined ? {} : { cursor }), ...(key ? { key } : {}) };
  }
  const head = '# Made by gluepot ingest init: look at each table’s key and cursor before the first run.\n';
  return head + stringify({ ...base, load: 'incremental', noCursor: 'replace', noKey: 'replace', tables });
}
