// SearchTables: every table of the account by what its metadata says.
import type { PropertyPredicate, SortCriterion } from '@aws-sdk/client-glue';
import type { State } from '../state/state.js';
import type { Page } from './catalog.js';

export interface TableSearch {
  /** Found anywhere in names, descriptions and columns, in any case; in double quotes it must be the whole of one. */
  text?: string;
  /** All must hold. */
  filters?: readonly PropertyPredicate[];
  sort?: readonly SortCriterion[];
  after?: string;
  count: number;
}

interface SearchedTable {
  text: string;
  members: Record<string, unknown>;
}

/** Tables as JSON text, by database and name unless sorted otherwise. `next` counts the tables that came before. */
export function searchTables(
  state: State,
  { text, filters = [], sort = [], after, count }: TableSearch,
): Page<string> {
  const offset = Number(after ?? 0);
  const found: SearchedTable[] = [];
  const rows = state.sql('SELECT document FROM catalog_tables ORDER BY database, name').iterate();
  for (const { document } of rows as Iterable<{ document: string }>) {
    const table: SearchedTable = { text: document, members: JSON.parse(document) as Record<string, unknown> };
    if (hasText(table.members, text) && filters.every((filter) => meets(table.members, filter)))
      found.push(table);
  }
  if (sort.length > 0) found.sort((a, b) => compareBy(sort, a, b));
  const items = found.slice(offset, offset + count).map((table) => table.text);
  return offset + count < found.length ? { items, next: String(offset + count) } : { items };
}

interface TextMembers {
  Name: string;
  DatabaseName: string;
  Description?: string;
  StorageDescriptor?: { Columns?: { Name: string; Comment?: string }[] };
  PartitionKeys?: { Name: string; Comment?: string }[];
}

function hasText(members: Record<string, unknown>, text = ''): boolean {
  if (text === '') return true;
  const table = members as unknown as TextMembers;
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  const texts = [
    table.Name,
    table.DatabaseName,
    table.Description,
    ...columns.flatMap((column) => [column.Name, column.Comment]),
  ].flatMap((found) => (found === undefined ? [] : [found.toLowerCase()]));
  const quoted = /^"(.*)"$/s.exec(text)?.[1]?.toLowerCase();
  if (quoted !== undefined) return texts.includes(quoted);
  return texts.some((found) => found.includes(text.toLowerCase()));
}

/** A plain member of the table, or a table parameter of that name. */
function propertyOf(members: Record<string, unknown>, name: string): string | number | undefined {
  const parameters = (members.Parameters ?? {}) as Record<string, unknown>;
  const property = [members, parameters].find((names) => Object.hasOwn(names, name))?.[name];
  if (typeof property === 'boolean') return String(property);
  return typeof property === 'string' || typeof property === 'number' ? property : undefined;
}

function meets(
  members: Record<string, unknown>,
  { Key = '', Value = '', Comparator = 'EQUALS' }: PropertyPredicate,
): boolean {
  const property = propertyOf(members, Key);
  if (property === undefined) return false;
  // AWS docs: the comparator is for times; all else is compared word by word.
  if (!/Time$/.test(Key)) return isWordOf(String(property), Value);
  const time = Number(property);
  const wanted = /^\d+(\.\d+)?$/.test(Value) ? Number(Value) : Date.parse(Value) / 1000;
  switch (Comparator) {
    case 'EQUALS':
      return time === wanted;
    case 'GREATER_THAN':
      return time > wanted;
    case 'LESS_THAN':
      return time < wanted;
    case 'GREATER_THAN_EQUALS':
      return time >= wanted;
    case 'LESS_THAN_EQUALS':
      return time <= wanted;
    default:
      return Comparator satisfies never;
  }
}

// AWS docs: `link` finds `customer-link` and `xx-link-yy`, but not `xxlinkyy`.
function isWordOf(property: string, value: string): boolean {
  const wanted = value.toLowerCase();
  const given = property.toLowerCase();
  return given === wanted || given.split(/[^\p{L}\p{N}]+/u).includes(wanted);
}

function compareBy(sort: readonly SortCriterion[], a: SearchedTable, b: SearchedTable): number {
  for (const { FieldName = 'Name', Sort } of sort) {
    const order = compare(propertyOf(a.members, FieldName), propertyOf(b.members, FieldName));
    if (order !== 0) return Sort === 'DESC' ? -order : order;
  }
  return 0;
}

function compare(a: string | number = '', b: string | number = ''): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [textA, textB] = [String(a), String(b)];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}
