// Names of what is made for a DynamoDB table: safe in length, free of collisions, and the same at every run.
import { createHash } from 'node:crypto';
import type { DynamodbTable } from './dynamodb-table.js';

/** AWS docs, IAM quotas: a role's name. Crawlers could have 255, but one name for both is easier to live with. */
export const NAME_LENGTH_MAX = 64;
/** AWS docs, "Parameters set on Data Catalog tables by crawler": crawlers give table names of at most 128 characters. */
const CATALOG_NAME_LENGTH_MAX = 128;
const HASH_LENGTH = 10;
const PREFIX_HASH_LENGTH = 8;

type Named = Pick<DynamodbTable, 'TableName' | 'TableArn'>;

/**
 * Names for a table's role and crawler, the better one first: `ddb_<table>_crawler` where it fits, and one with a hash of
 * the table's ARN and database in it, for tables of long names and for names that are taken.
 */
export function nameCandidates(table: Named, DatabaseName: string): string[] {
  const plain = `ddb_${table.TableName}_crawler`;
  const end = `_${hashOf(table, DatabaseName).slice(0, HASH_LENGTH)}_crawler`;
  const hashed = `ddb_${table.TableName.slice(0, NAME_LENGTH_MAX - 'ddb_'.length - end.length)}${end}`;
  return plain.length <= NAME_LENGTH_MAX ? [plain, hashed] : [hashed];
}

/** Whether a table's role and crawler may be called so. */
export function isObjectName(name: string): boolean {
  return /^ddb_.+_crawler$/.test(name);
}

/**
 * The catalog table that a crawler makes of a DynamoDB table: prefix and name in lower case, `_` for all but letters, digits
 * and `_`, cut where crawlers cut names. Known of S3; that it holds for DynamoDB is taken for granted.
 */
export function crawledName(TableName: string, TablePrefix = ''): string {
  return `${TablePrefix}${TableName.toLowerCase().replace(/[^a-z0-9_]/g, '_')}`.slice(
    0,
    CATALOG_NAME_LENGTH_MAX,
  );
}

export interface CatalogName {
  /** Of the table in the catalog. */
  name: string;
  /** What the crawler puts in front of the normalised name: empty unless two tables would get the same one. */
  TablePrefix: string;
}

/** The prefix that keeps a table apart from one whose name is normalised to the same. */
export function prefixOf(table: Named, DatabaseName: string): string {
  return `${hashOf(table, DatabaseName).slice(0, PREFIX_HASH_LENGTH)}_`;
}

/**
 * A name in the catalog for each table, by its name. `heldPrefixes` are those that tables have already: who has a name
 * keeps it, whatever tables come later. Of the others, the one that is spelled like the name goes first.
 */
export function assignCatalogNames(
  tables: readonly Named[],
  DatabaseName: string,
  heldPrefixes: ReadonlyMap<string, string>,
): Map<string, CatalogName> {
  const names = new Map<string, CatalogName>();
  const taken = new Set<string>();
  const give = (table: Named, TablePrefix: string) => {
    const name = crawledName(table.TableName, TablePrefix);
    taken.add(name);
    names.set(table.TableName, { name, TablePrefix });
  };
  const claims = (table: Named, TablePrefix: string) => {
    const isOwn = TablePrefix === '' || TablePrefix === prefixOf(table, DatabaseName);
    return isOwn && !taken.has(crawledName(table.TableName, TablePrefix));
  };
  const rest: Named[] = [];
  for (const table of inNameOrder(tables)) {
    const held = heldPrefixes.get(table.TableName);
    if (held !== undefined && claims(table, held)) give(table, held);
    else rest.push(table);
  }
  for (const table of rest) {
    give(table, claims(table, '') ? '' : prefixOf(table, DatabaseName));
  }
  return names;
}

// Spelled like the normalised name comes first, then by name: the order decides who goes without a prefix.
function inNameOrder(tables: readonly Named[]): Named[] {
  const isPlain = ({ TableName }: Named) => (TableName === crawledName(TableName) ? 0 : 1);
  return [...tables].sort(
    (a, b) => isPlain(a) - isPlain(b) || (a.TableName < b.TableName ? -1 : a.TableName > b.TableName ? 1 : 0),
  );
}

function hashOf({ TableArn }: Named, DatabaseName: string): string {
  return createHash('sha256').update(`${TableArn}\n${DatabaseName}`).digest('hex');
}
