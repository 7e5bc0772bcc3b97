// An expression of Trino's as one of DuckDB's: names and types are looked up, and every operator says what it takes.
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import { alike } from './alike.js';
import { type Environment, failAt } from './analysis.js';
import { analyzeCall } from './analyze-call.js';
import { decimalLiteral, integerLiteral, typedLiteral } from './analyze-literal.js';
import { analyzeName } from './analyze-name.js';
import { analyzeArithmetic, analyzeZone, negated } from './analyze-operator.js';
import { analyzePredicate, compared } from './analyze-predicate.js';
import { analyzeSubquery } from './analyze-subquery.js';
import { analyzeSubscript } from './analyze-subscript.js';
import { isCoercible } from './common-type.js';
import { castSql, coerce } from './convert.js';
import { intervalSql } from './interval.js';
import { parseType } from './parse-type.js';
import type { Scope } from './scope.js';
import type { Expression, ExpressionOf } from './syntax.js';
import { boolean, double, fieldName, formatType, isSimple, simple, unknown } from './trino-type.js';
import { nullOf, type TypedSql } from './typed-sql.js';

/** @throws QueryFailure with Trino's name of the error and the place of what is wrong */
export function analyzeExpression(expression: Expression, scope: Scope, environment: Environment): TypedSql {
  const analyze = (inner: Expression) => analyzeExpression(inner, scope, environment);
  const fail = (errorName: string, message: string) => failAt(environment, expression.at, errorName, message);
  switch (expression.kind) {
    case 'null':
      return { sql: 'NULL', type: unknown };
    case 'boolean':
      return { sql: String(expression.value), type: boolean };
    case 'integer':
      return integerLiteral(expression, environment);
    case 'decimal':
      return decimalLiteral(expression.text);
    case 'double':
      return { sql: `CAST('${expression.text}' AS DOUBLE)`, type: double, constant: Number(expression.text) };
    case 'string':
      return {
        sql: `CAST(${duckdbText(expression.value)} AS VARCHAR)`,
        type: { kind: 'varchar', length: [...expression.value].length },
        constant: expression.value,
      };
    case 'binary':
      return { sql: `unhex(${duckdbText(expression.hex)})`, type: simple('varbinary') };
    case 'typed':
      return typedLiteral(expression, environment);
    case 'interval':
      return (
        intervalSql(expression) ??
        fail('INVALID_LITERAL', `'${expression.value}' is not a valid INTERVAL literal`)
      );
    case 'name':
    case 'member':
      return analyzeName(expression, scope, environment, analyze);
    case 'parameter': {
      const value = environment.parameters[expression.index];
      return value
        ? analyzeExpression(value, { fields: [] }, environment)
        : fail(
            'INVALID_PARAMETER_USAGE',
            `Incorrect number of parameters: expected at least ${expression.index + 1} but found ${environment.parameters.length}`,
          );
    }
    case 'negate':
      return negated(analyze(expression.operand), expression, environment);
    case 'arithmetic':
      return analyzeArithmetic(expression, analyze(expression.left), analyze(expression.right), environment);
    case 'at-time-zone':
      return analyzeZone(analyze(expression.value), analyze(expression.zone), expression, environment);
    case 'not':
      return { sql: `(NOT ${condition(expression.operand, scope, environment).sql})`, type: boolean };
    case 'and':
    case 'or': {
      const operands = expression.operands.map((operand) => condition(operand, scope, environment).sql);
      return { sql: `(${operands.join(` ${expression.kind.toUpperCase()} `)})`, type: boolean };
    }
    case 'compare':
    case 'distinct-from':
    case 'between':
    case 'in':
    case 'in-query':
    case 'compare-all':
    case 'like':
    case 'is-null':
    case 'exists':
      return analyzePredicate(expression, scope, environment, analyze);
    case 'case':
      return analyzeCase(expression, scope, environment);
    case 'cast':
      return analyzeCast(expression, analyze(expression.value), environment);
    case 'extract':
      return analyzeExtract(expression, scope, environment);
    case 'row': {
      const values = expression.values.map(analyze);
      const fields = values.map(({ type }) => ({ type }));
      const members = values.map(
        ({ sql, type }, index) =>
          `${duckdbName(fieldName(fields, index))} := ${isSimple(type, 'unknown') ? nullOf(type) : sql}`,
      );
      return { sql: `struct_pack(${members.join(', ')})`, type: { kind: 'row', fields } };
    }
    case 'array': {
      const items = alike(expression.values.map(analyze), 'array', expression, environment);
      const item = items[0]?.type ?? unknown;
      const sql =
        items.length === 0 || isSimple(item, 'unknown')
          ? `CAST([${items.map(() => 'NULL').join(', ')}] AS INTEGER[])`
          : `[${items.map(({ sql: each }) => each).join(', ')}]`;
      return { sql, type: { kind: 'array', item } };
    }
    case 'subscript':
      return analyzeSubscript(expression, analyze(expression.base), analyze(expression.index), environment);
    case 'lambda':
      return fail('SYNTAX_ERROR', 'Lambda expression should always be used inside a function');
    case 'query':
      return analyzeSubquery(expression, scope, environment);
    case 'call':
      return analyzeCall(expression, scope, environment, analyzeExpression);
  }
}

/** An expression that must be true or false. */
export function condition(
  expression: Expression,
  scope: Scope,
  environment: Environment,
  what = 'Logical expression term',
): TypedSql {
  const found = analyzeExpression(expression, scope, environment);
  if (isCoercible(found.type, boolean)) return coerce(found, boolean);
  return failAt(
    environment,
    expression.at,
    'TYPE_MISMATCH',
    `${what} must evaluate to a boolean: actual type ${formatType(found.type)}`,
  );
}

function analyzeCase(expression: ExpressionOf<'case'>, scope: Scope, environment: Environment): TypedSql {
  const { operand, branches, otherwise } = expression;
  const tested = operand && analyzeExpression(operand, scope, environment);
  const whens = branches.map(({ when }) =>
    tested
      ? compared('=', tested, analyzeExpression(when, scope, environment), when, environment).sql
      : condition(when, scope, environment, 'CASE WHEN clause').sql,
  );
  const results = [...branches.map(({ then }) => then), ...(otherwise ? [otherwise] : [])];
  const values = alike(
    results.map((result) => analyzeExpression(result, scope, environment)),
    'CASE',
    expression,
    environment,
  );
  const parts = whens.map((when, index) => `WHEN ${when} THEN ${(values[index] as TypedSql).sql}`);
  const last = otherwise ? ` ELSE ${(values.at(-1) as TypedSql).sql}` : '';
  return { sql: `CASE ${parts.join(' ')}${last} END`, type: (values[0] as TypedSql).type };
}

function analyzeCast(expression: ExpressionOf<'cast'>, value: TypedSql, environment: Environment): TypedSql {
  const type = parseType(expression.type);
  if (!type) return failAt(environment, expression.at, 'TYPE_NOT_FOUND', `Unknown type: ${expression.type}`);
  const sql = castSql(value.sql, value.type, type);
  if (sql === undefined)
    return failAt(
      environment,
      expression.at,
      'TYPE_MISMATCH',
      `Cannot cast ${formatType(value.type)} to ${formatType(type)}`,
    );
  return { sql: expression.isTry ? `TRY(${sql})` : sql, type };
}

const EXTRACT: Readonly<Record<string, string>> = {
  YEAR: 'year',
  QUARTER: 'quarter',
  MONTH: 'month',
  WEEK: 'week',
  DAY: 'day',
  DAY_OF_MONTH: 'day',
  DAY_OF_WEEK: 'day_of_week',
  DOW: 'day_of_week',
  DAY_OF_YEAR: 'day_of_year',
  DOY: 'day_of_year',
  YEAR_OF_WEEK: 'year_of_week',
  YOW: 'year_of_week',
  HOUR: 'hour',
  MINUTE: 'minute',
  SECOND: 'second',
};

function analyzeExtract(
  { field, value, at }: ExpressionOf<'extract'>,
  scope: Scope,
  environment: Environment,
): TypedSql {
  const name = EXTRACT[field] ?? failAt(environment, at, 'SYNTAX_ERROR', `Invalid EXTRACT field: ${field}`);
  return analyzeCall(
    {
      kind: 'call',
      name,
      arguments: [value],
      isStar: false,
      isDistinct: false,
      orderBy: [],
      ignoresNulls: false,
      at,
    },
    scope,
    environment,
    analyzeExpression,
  );
}
