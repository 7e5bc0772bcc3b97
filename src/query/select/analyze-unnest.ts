// UNNEST: arrays and maps as rows.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { type Environment, failAt } from './analysis.js';
import { analyzeExpression } from './analyze-expression.js';
import { aliased, type AnalyzedRelation, fieldsOf, newAlias } from './relation-fields.js';
import type { Scope } from './scope.js';
import type { RelationOf } from './syntax.js';
import { bigint, fieldName, type TrinoType } from './trino-type.js';

/** Arrays and maps as rows beside each other, the shorter ones filled up with nulls. */
export function analyzeUnnest(
  relation: RelationOf<'unnest'>,
  environment: Environment,
  scope: Scope,
): AnalyzedRelation {
  const alias = newAlias(environment);
  const lists: string[] = [];
  const columns: { type: TrinoType; sql: string }[] = [];
  for (const [index, expression] of relation.values.entries()) {
    const { sql, type } = analyzeExpression(expression, scope, environment);
    const item = `u.u${index}`;
    if (type.kind === 'array') {
      lists.push(sql);
      if (type.item.kind === 'row') {
        const { fields } = type.item;
        for (const [place, field] of fields.entries())
          columns.push({
            type: field.type,
            sql: `struct_extract(${item}, ${duckdbText(fieldName(fields, place))})`,
          });
      } else columns.push({ type: type.item, sql: item });
    } else if (type.kind === 'map') {
      lists.push(`map_entries(${sql})`);
      columns.push(
        { type: type.key, sql: `struct_extract(${item}, 'key')` },
        { type: type.value, sql: `struct_extract(${item}, 'value')` },
      );
    } else return failAt(environment, expression.at, 'TYPE_MISMATCH', 'Cannot unnest type: ' + type.kind);
  }
  const unnested = lists.map((list, index) => `unnest(${list}) AS u${index}`);
  if (relation.withOrdinality) {
    unnested.push(
      `unnest(range(1, greatest(${lists.map((list) => `coalesce(len(${list}), 0)`).join(', ')}, 0) + 1)) AS n`,
    );
    columns.push({ type: bigint, sql: 'u.n' });
  }
  const list = columns.map(({ sql }, index) => `${sql} AS c${index}`).join(', ');
  const sql = `LATERAL (SELECT ${list} FROM (SELECT ${unnested.join(', ')}) AS u) AS ${alias}`;
  return aliased({ sql, fields: fieldsOf(columns, alias, []) }, relation, environment);
}
