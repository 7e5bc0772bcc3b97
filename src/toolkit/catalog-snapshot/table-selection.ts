// Which tables a plan is of: all, or those that are named, but for those that are left out.
import { GluepotError } from '../../base/errors.js';
import type { TableName } from '../../change/catalog-key.js';
import type { PlanSubject } from '../../change/index.js';
import { nameIn, tableMatcher } from '../../change/table-pattern.js';
import { whichThereAre } from '../crawl-run/which-there-are.js';

export interface TablesAsked {
  /**
   * Only these: globs over `database.table`, or over names of tables in any database when they have no dot. All when not
   * given.
   */
  tables?: readonly string[] | undefined;
  /** The same, of tables that stay as they are. */
  except?: readonly string[] | undefined;
}

export interface TableSelection {
  /** Whether the plan is of a table. */
  has(table: TableName): boolean;
  /**
   * For what a plan says was resolved; of tables that `has` was asked about.
   * @param where for people: where those tables are, e.g. `in database sales`
   * @throws GluepotError `usage` for a pattern that names none of them
   */
  resolved(where: string): Record<string, string>;
}

const LEFT_OUT = 'tablesLeftOut';

/** @throws GluepotError `usage` for a glob that is none */
export function selectTables({ tables, except }: TablesAsked): TableSelection {
  const isNamed = tables ? tableMatcher(tables) : () => true;
  const isLeftOut = tableMatcher(except ?? []);
  const known = new Map<string, { table: TableName; isMeant: boolean }>();
  return {
    has({ DatabaseName, TableName }) {
      const text = JSON.stringify([DatabaseName, TableName]);
      const found = known.get(text);
      if (found) return found.isMeant;
      const table = { DatabaseName, TableName };
      const isMeant = isNamed(table) && !isLeftOut(table);
      known.set(text, { table, isMeant });
      return isMeant;
    },
    resolved(where) {
      if (!tables && !except) return {};
      const all = [...known.values()];
      for (const pattern of [...(tables ?? []), ...(except ?? [])]) {
        if (all.some(({ table }) => tableMatcher([pattern])(table))) continue;
        const which = whichThereAre(pattern, all.map(({ table }) => table).map(nameIn(pattern)));
        throw new GluepotError('usage', `There is no table ${pattern} ${where}. ${which}`);
      }
      return {
        ...(tables ? { tables: tables.join(', ') } : {}),
        ...(except ? { except: except.join(', ') } : {}),
        [LEFT_OUT]: String(all.filter(({ isMeant }) => !isMeant).length),
      };
    },
  };
}

/** What was resolved, for another plan, which may be of other tables. */
export function withoutSelection({ resolved }: Pick<PlanSubject, 'resolved'>): Record<string, string> {
  const own = ['tables', 'except', LEFT_OUT];
  return Object.fromEntries(Object.entries(resolved).filter(([name]) => !own.includes(name)));
}
