// Names that an expression may use, and what they stand for.
import type { WindowSpecification } from './syntax.js';
import type { TypedSql } from './typed-sql.js';
import type { TrinoType } from './trino-type.js';

/** A partition key of a table that is scanned. */
export interface KeyOrigin {
  scan: number;
  key: string;
}

export interface Field {
  /** Absent for an expression without a name; compared without case. */
  name?: string;
  /** The table it is of: `t`, or `catalog.database.t`; lower-cased. */
  qualifier: readonly string[];
  type: TrinoType;
  sql: string;
  /** `$path` and the like, and the sides of a USING: found by name, not by `*`. */
  isHidden?: boolean;
  /** Set while nothing but the key's own value is in the field. */
  origin?: KeyOrigin;
}

export interface Scope {
  fields: readonly Field[];
  /** What surrounds it: the query that this is a subquery of, or what surrounds a lambda. */
  outer?: Scope;
  /** Of the WINDOW clause, by lower-cased name. */
  windows?: ReadonlyMap<string, WindowSpecification>;
}

export type Found = { field: Field; rest: string[] } | 'ambiguous' | undefined;

/**
 * Looks up `a`, `t.a`, `db.t.a` and a row's fields behind them. The longest part that is a column wins, the innermost
 * scope first.
 */
export function findField(scope: Scope, parts: readonly string[]): Found {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    for (let length = parts.length; length > 0; length--) {
      const found = matching(at.fields, parts.slice(0, length));
      if (found.length > 1) return 'ambiguous';
      if (found[0]) return { field: found[0], rest: parts.slice(length) };
    }
  }
  return undefined;
}

function matching(fields: readonly Field[], parts: readonly string[]): Field[] {
  const name = (parts.at(-1) as string).toLowerCase();
  const qualifier = parts.slice(0, -1).map((part) => part.toLowerCase());
  const found = fields.filter(
    (field) => field.name?.toLowerCase() === name && isQualifiedBy(field.qualifier, qualifier),
  );
  // Without a qualifier, a merged column hides the two that it was made of.
  const shown = found.filter((field) => !field.isHidden);
  return shown.length > 0 ? shown : found.slice(0, 1);
}

/** `t` and `db.t` name what is called `catalog.db.t`. */
export function isQualifiedBy(whole: readonly string[], part: readonly string[]): boolean {
  return (
    part.length <= whole.length &&
    part.every((each, index) => whole[whole.length - part.length + index] === each)
  );
}

export function fieldSql({ sql, type }: Field): TypedSql {
  return { sql, type };
}
