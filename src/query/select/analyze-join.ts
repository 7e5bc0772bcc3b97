// Joins: their conditions, and what USING and NATURAL make of columns that both sides have.
import { type Environment, failAt } from './analysis.js';
import { condition } from './analyze-expression.js';
import { commonType } from './common-type.js';
import { coerce } from './convert.js';
import type { AnalyzedRelation } from './relation-fields.js';
import type { Field, Scope } from './scope.js';
import type { RelationOf } from './syntax.js';

export function analyzeJoin(
  join: RelationOf<'join'>,
  left: AnalyzedRelation,
  right: AnalyzedRelation,
  environment: Environment,
  outer: Scope | undefined,
): AnalyzedRelation {
  const word = join.type === 'cross' ? 'CROSS JOIN' : `${join.type.toUpperCase()} JOIN`;
  const rightSql = join.right.kind === 'join' ? `(${right.sql})` : right.sql;
  const both = [...left.fields, ...right.fields];
  const scope: Scope = { fields: both, ...(outer && { outer }) };
  if (!join.condition) return { sql: `${left.sql} ${word} ${rightSql}`, fields: both };
  if (join.condition.kind === 'on') {
    const on = condition(join.condition.value, scope, environment, 'JOIN ON clause');
    return { sql: `${left.sql} ${word} ${rightSql} ON ${on.sql}`, fields: both };
  }
  const names = join.condition.kind === 'using' ? join.condition.columns : sharedNames(left, right);
  if (names.length === 0) return { sql: `${left.sql} CROSS JOIN ${rightSql}`, fields: both };
  const pairs = names.map((name) => {
    const of = (relation: AnalyzedRelation, side: string) =>
      relation.fields.find((field) => field.name?.toLowerCase() === name.toLowerCase() && !field.isHidden) ??
      failAt(
        environment,
        join.at,
        'COLUMN_NOT_FOUND',
        `Column '${name}' is missing from ${side} side of join`,
      );
    const [a, b] = [of(left, 'left'), of(right, 'right')];
    const type =
      commonType(a.type, b.type) ??
      failAt(environment, join.at, 'TYPE_MISMATCH', `Column types in USING clause are not equal: ${name}`);
    return { name, a, b, type, x: coerce(a, type).sql, y: coerce(b, type).sql };
  });
  const on = pairs.map(({ x, y }) => `${x} = ${y}`).join(' AND ');
  const merged: Field[] = pairs.map(({ name, type, x, y, a, b }) => {
    const value = { full: `coalesce(${x}, ${y})`, right: y, left: x, inner: x, cross: x }[join.type];
    const origin = join.type === 'right' ? b.origin : join.type === 'full' ? undefined : a.origin;
    return { name, qualifier: [], type, sql: value, ...(origin && { origin }) };
  });
  const used = new Set(pairs.flatMap(({ a, b }) => [a, b]));
  const rest = both.map((field) => (used.has(field) ? { ...field, isHidden: true } : field));
  return { sql: `${left.sql} ${word} ${rightSql} ON ${on}`, fields: [...merged, ...rest] };
}

function sharedNames(left: AnalyzedRelation, right: AnalyzedRelation): string[] {
  const names = new Set(
    right.fields.filter((field) => !field.isHidden).map((field) => field.name?.toLowerCase()),
  );
  return left.fields.flatMap((field) =>
    !field.isHidden && field.name !== undefined && names.has(field.name.toLowerCase()) ? [field.name] : [],
  );
}
