// Looks at a query before it is run: is it one query, and does each row of its result come from one row of its input?
import { duckdbText } from '../../../tabular/duckdb-text.js';
import type { DuckdbRow } from '../../../tabular/duckdb.js';

interface Parsed {
  error: boolean;
  error_message?: string;
  statements?: { node: QueryNode }[];
}

interface QueryNode {
  type: string;
  modifiers: unknown[];
  cte_map: { map: unknown[] };
  from_table: { type: string; sample: unknown };
  select_list: unknown[];
  where_clause: unknown;
  group_expressions: unknown[];
  having: unknown;
  qualify: unknown;
  sample: unknown;
}

/**
 * `text` is in DuckDB's SQL. A query that takes rows one by one can be run on every input file by itself.
 * @throws Error when it is not exactly one query
 */
export async function parseQuery(
  text: string,
  rows: (query: string) => Promise<DuckdbRow[]>,
): Promise<{ isPerRow: boolean }> {
  const [row] = await rows(`SELECT json_serialize_sql(${duckdbText(text)}) AS parsed`);
  const parsed = JSON.parse(row?.parsed as string) as Parsed;
  if (parsed.error) throw new Error(`SqlQuery cannot be read: ${parsed.error_message}.`);
  const [statement, ...others] = parsed.statements ?? [];
  if (!statement || others.length > 0) throw new Error('SqlQuery must be one SELECT statement.');
  const { node } = statement;
  if (!isPlain(node)) return { isPerRow: false };
  const aggregates = await rows(
    `SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type = 'aggregate'`,
  );
  const names = new Set(aggregates.map((each) => each.name as string));
  return { isPerRow: ![node.select_list, node.where_clause].some((part) => bringsRowsTogether(part, names)) };
}

/** `SELECT ... FROM one_table WHERE ...` and nothing else. */
function isPlain(node: QueryNode): boolean {
  return (
    node.type === 'SELECT_NODE' &&
    node.from_table.type === 'BASE_TABLE' &&
    [node.modifiers, node.cte_map.map, node.group_expressions].every((part) => part.length === 0) &&
    [node.having, node.qualify, node.sample, node.from_table.sample].every((part) => part === null)
  );
}

function bringsRowsTogether(part: unknown, aggregates: ReadonlySet<string>): boolean {
  if (typeof part !== 'object' || part === null) return false;
  const { class: kind, function_name: name } = part as { class?: string; function_name?: string };
  if (kind === 'WINDOW' || kind === 'SUBQUERY') return true;
  if (kind === 'FUNCTION' && name !== undefined && aggregates.has(name.toLowerCase())) return true;
  return Object.values(part).some((each) => bringsRowsTogether(each, aggregates));
}
