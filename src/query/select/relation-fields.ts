// The fields of what stands behind FROM, and their names by its alias.
import { type Environment, failAt, type OutputColumn } from './analysis.js';
import type { Field } from './scope.js';
import type { Alias } from './syntax.js';

export interface AnalyzedRelation {
  /** What may stand in a FROM. */
  sql: string;
  fields: Field[];
}

export function newAlias({ shared }: Environment): string {
  return `r${shared.nextNumber()}`;
}

export function fieldsOf(
  columns: readonly (OutputColumn & { origin?: Field['origin'] })[],
  alias: string,
  qualifier: readonly string[],
): Field[] {
  return columns.map(({ name, type, origin }, index) => ({
    qualifier,
    type,
    sql: `${alias}.c${index}`,
    ...(name !== undefined && { name }),
    ...(origin && { origin }),
  }));
}

export function aliased(
  relation: AnalyzedRelation,
  { alias, at }: { alias?: Alias; at: number },
  environment: Environment,
): AnalyzedRelation {
  if (!alias) return relation;
  const shown = relation.fields.filter((field) => !field.isHidden);
  const { columns } = alias;
  if (columns && columns.length !== shown.length) {
    return failAt(
      environment,
      at,
      'MISMATCHED_COLUMN_ALIASES',
      `Column alias list has ${columns.length} entries but '${alias.name}' has ${shown.length} columns available`,
    );
  }
  const qualifier = [alias.name.toLowerCase()];
  const fields = relation.fields.flatMap((field) => {
    // Columns that have new names hide what else there was.
    if (field.isHidden) return columns ? [] : [{ ...field, qualifier }];
    const name = columns?.[shown.indexOf(field)];
    return [{ ...field, qualifier, ...(name !== undefined && { name }) }];
  });
  return { sql: relation.sql, fields };
}
