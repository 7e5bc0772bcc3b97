// Expressions in DuckDB's SQL.
import { formatHiveType } from '../../../tabular/hive-type.js';
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import { typeOf, type Expression } from '../../plan/expression.js';
import { castSql } from './cast-sql.js';
import { duckdbType } from '../../../tabular/duckdb-type.js';

/** Every relation calls its columns by their position, so that names of the data never meet. */
export function columnSql(index: number, qualifier?: string): string {
  return qualifier === undefined ? `c${index}` : `${qualifier}.c${index}`;
}

/** `column` says how the input's column at an index is spelled. */
export function expressionSql(expression: Expression, column: (index: number) => string = columnSql): string {
  const sql = (each: Expression) => expressionSql(each, column);
  switch (expression.kind) {
    case 'column':
      return column(expression.index);
    case 'member':
      return `struct_extract(${sql(expression.of)}, ${duckdbText(expression.name)})`;
    case 'literal': {
      const type = duckdbType(expression.type);
      return expression.value === null
        ? `CAST(NULL AS ${type})`
        : `TRY_CAST(${duckdbText(expression.value)} AS ${type})`;
    }
    case 'cast':
      return castSql(sql(expression.value), typeOf(expression.value), expression.type);
    case 'struct': {
      const members = expression.members.map(
        (member) => `${duckdbName(member.name)} := ${sql(member.value)}`,
      );
      const made = `struct_pack(${members.join(', ')})`;
      return expression.nullWhen
        ? `CASE WHEN ${sql(expression.nullWhen)} IS NULL THEN NULL ELSE ${made} END`
        : made;
    }
    case 'trim':
      return `trim(${sql(expression.value)}, ${duckdbText(' \t\r\n\f\v')})`;
    case 'compare':
      return `(${sql(expression.left)} ${expression.operator} ${sql(expression.right)})`;
    case 'matches':
      return `regexp_matches(${sql(expression.value)}, ${duckdbText(`^(?:${expression.pattern})`)})`;
    case 'is-null':
      return `(${sql(expression.value)} IS NULL)`;
    case 'not':
      return `(NOT coalesce(${sql(expression.condition)}, false))`;
    case 'and':
    case 'or':
      return `(${expression.conditions.map(sql).join(expression.kind === 'and' ? ' AND ' : ' OR ')})`;
  }
}

/** A column as a writer of text files needs it: nested values as JSON, bytes in base 64. */
export function textFileSql(sql: string, type: Parameters<typeof duckdbType>[0], isJson: boolean): string {
  if (formatHiveType(type) === 'binary') return `to_base64(${sql})`;
  if (type.kind === 'primitive' || isJson) return sql;
  return `CAST(to_json(${sql}) AS VARCHAR)`;
}
