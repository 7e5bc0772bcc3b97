// An expression of Trino's as one of DuckDB's: names and types are looked up, and every operator says what it takes.
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import { failAt, type Environment } from './analysis.js';
import { analyzeCall } from './analyze-call.js';
import { alike } from './alike.js';
import { arithmetic } from './arithmetic.js';
import { castSql, coerce } from './convert.js';
import { fromWallClock, requireZone } from './functions/time-functions.js';
import { intervalSql } from './interval.js';
import { parseType } from './parse-type.js';
import { fieldSql, findField, type Scope } from './scope.js';
import type { Comparator, Expression } from './syntax.js';
import { nullOf, raiseSql, type TypedSql } from './typed-sql.js';
import {
  bigint,
  boolean,
  double,
  duckdbTypeOf,
  fieldName,
  formatType,
  integer,
  isInteger,
  isNumeric,
  isSimple,
  isText,
  simple,
  unknown,
  varchar,
  type TrinoType,
} from './trino-type.js';
import { commonType, isCoercible } from './common-type.js';

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

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
      return analyzeName(expression, scope, environment);
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
      return compared(
        expression.comparator,
        analyze(expression.left),
        analyze(expression.right),
        expression,
        environment,
      );
    case 'distinct-from': {
      const [left, right] = alike(
        [analyze(expression.left), analyze(expression.right)],
        'IS DISTINCT FROM',
        expression,
        environment,
      ) as [TypedSql, TypedSql];
      return {
        sql: `(${left.sql} IS ${expression.isNegated ? 'NOT ' : ''}DISTINCT FROM ${right.sql})`,
        type: boolean,
      };
    }
    case 'between': {
      const [value, low, high] = alike(
        [analyze(expression.value), analyze(expression.low), analyze(expression.high)],
        'BETWEEN',
        expression,
        environment,
      ) as [TypedSql, TypedSql, TypedSql];
      return { sql: `(${value.sql} ${not(expression)}BETWEEN ${low.sql} AND ${high.sql})`, type: boolean };
    }
    case 'in': {
      const [value, ...items] = alike(
        [expression.value, ...expression.items].map(analyze),
        'IN',
        expression,
        environment,
      );
      return {
        sql: `(${value?.sql} ${not(expression)}IN (${items.map(({ sql }) => sql).join(', ')}))`,
        type: boolean,
      };
    }
    case 'in-query': {
      const query = analyzeColumn(expression.query, scope, environment, expression.at);
      const value = analyze(expression.value);
      const common =
        commonType(value.type, query.type) ??
        fail(
          'TYPE_MISMATCH',
          `value and result of subquery must be of the same type for IN expression: ${formatType(value.type)} vs ${formatType(query.type)}`,
        );
      const wanted = coerce({ sql: 'q.c0', type: query.type }, common).sql;
      return {
        sql: `(${coerce(value, common).sql} ${not(expression)}IN (SELECT ${wanted} FROM (${query.sql}) AS q))`,
        type: boolean,
      };
    }
    case 'compare-all': {
      const query = analyzeColumn(expression.query, scope, environment, expression.at);
      const value = analyze(expression.left);
      const common =
        commonType(value.type, query.type) ??
        fail(
          'TYPE_MISMATCH',
          `Cannot apply operator: ${formatType(value.type)} ${expression.comparator} ${formatType(query.type)}`,
        );
      const wanted = coerce({ sql: 'q.c0', type: query.type }, common).sql;
      return {
        sql: `(${coerce(value, common).sql} ${expression.comparator} ${expression.quantifier} (SELECT ${wanted} FROM (${query.sql}) AS q))`,
        type: boolean,
      };
    }
    case 'like':
      return analyzeLike(expression, analyze, environment);
    case 'is-null':
      return { sql: `(${analyze(expression.value).sql} IS ${not(expression)}NULL)`, type: boolean };
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
    case 'query': {
      const query = environment.shared.analyzeQuery(expression.query, environment, scope);
      if (query.columns.length !== 1) {
        const fields = query.columns.map(({ name, type }) =>
          name === undefined ? { type } : { name, type },
        );
        const members = fields.map((_, index) => `${duckdbName(fieldName(fields, index))} := q.c${index}`);
        return {
          sql: `(SELECT struct_pack(${members.join(', ')}) FROM (${query.sql}) AS q)`,
          type: { kind: 'row', fields },
        };
      }
      return { sql: `(${query.sql})`, type: (query.columns[0] as { type: TrinoType }).type };
    }
    case 'exists':
      return {
        sql: `EXISTS (${environment.shared.analyzeQuery(expression.query, environment, scope).sql})`,
        type: boolean,
      };
    case 'call':
      return analyzeCall(expression, scope, environment, analyzeExpression);
  }
}

const not = ({ isNegated }: { isNegated: boolean }) => (isNegated ? 'NOT ' : '');

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

function analyzeColumn(
  query: Of<'query'>['query'],
  scope: Scope,
  environment: Environment,
  at: number,
): { sql: string; type: TrinoType } {
  const analyzed = environment.shared.analyzeQuery(query, environment, scope);
  const [column] = analyzed.columns;
  if (analyzed.columns.length !== 1 || !column) {
    return failAt(
      environment,
      at,
      'NOT_SUPPORTED',
      `Multiple columns returned by subquery are not supported here. Found ${analyzed.columns.length}`,
    );
  }
  return { sql: analyzed.sql, type: column.type };
}

function integerLiteral({ text, at }: { text: string; at: number }, environment: Environment): TypedSql {
  const value = BigInt(text);
  if (value > 9223372036854775807n)
    return failAt(environment, at, 'INVALID_LITERAL', `Invalid numeric literal: ${text}`);
  const type = value <= 2147483647n ? integer : bigint;
  return { sql: `CAST(${value} AS ${duckdbTypeOf(type)})`, type, constant: value };
}

function decimalLiteral(text: string): TypedSql {
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^0+/, '');
  const type: TrinoType = {
    kind: 'decimal',
    precision: Math.max(1, digits.length + fraction.length),
    scale: fraction.length,
  };
  return { sql: `CAST('${text}' AS ${duckdbTypeOf(type)})`, type, constant: Number(text) };
}

function typedLiteral({ type: name, value, at }: Of<'typed'>, environment: Environment): TypedSql {
  const invalid = () =>
    failAt(environment, at, 'INVALID_LITERAL', `'${value}' is not a valid ${name.toUpperCase()} literal`);
  if (name === 'decimal') return /^[+-]?\d*\.?\d+$/.test(value) ? decimalLiteral(value) : invalid();
  if (name === 'json') return { sql: `json(${duckdbText(value)})`, type: simple('json') };
  if (name === 'timestamp') {
    const parts =
      /^\s*[+-]?\d{4,}-\d{1,2}-\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2}(?:\.(\d{1,6}))?)?)?(?: ([A-Za-z][\w/+-]*))?\s*$/.exec(
        value,
      );
    if (!parts) return invalid();
    const precision = parts[1]?.length ?? (/:\d+:/.test(value) ? 0 : 0);
    const clock = value
      .trim()
      .replace(/ [A-Za-z].*$/, '')
      .replace(/ (\d+:\d+)$/, ' $1:00');
    const wall = `TIMESTAMP ${duckdbText(clock)}`;
    if (parts[2] === undefined) return { sql: wall, type: { kind: 'timestamp', precision } };
    const zone = requireZone(parts[2], {
      refuse: (message) => failAt(environment, at, 'INVALID_LITERAL', message),
    });
    const type: TrinoType = { kind: 'timestamp-tz', precision, zone };
    return { sql: fromWallClock(wall, type), type };
  }
  if (name === 'date')
    return /^\s*[+-]?\d{4,}-\d{1,2}-\d{1,2}\s*$/.test(value)
      ? { sql: `DATE ${duckdbText(value.trim())}`, type: simple('date') }
      : invalid();
  const type = parseType(name);
  const sql = type && castSql(duckdbText(value), varchar, type);
  return sql === undefined || !type ? invalid() : { sql, type };
}

function analyzeName(expression: Expression, scope: Scope, environment: Environment): TypedSql {
  const parts: string[] = [];
  let base: Expression = expression;
  for (; base.kind === 'member'; base = base.base) parts.unshift(base.name);
  if (base.kind !== 'name')
    return analyzeMember(
      expression as Of<'member'>,
      analyzeExpression((expression as Of<'member'>).base, scope, environment),
      environment,
    );
  parts.unshift(base.name);
  const found = findField(scope, parts);
  if (found === 'ambiguous')
    return failAt(environment, expression.at, 'AMBIGUOUS_NAME', `Column '${parts.join('.')}' is ambiguous`);
  if (!found) {
    return failAt(
      environment,
      expression.at,
      'COLUMN_NOT_FOUND',
      `Column '${parts.join('.')}' cannot be resolved or requester is not authorized to access requested resources`,
    );
  }
  let value = fieldSql(found.field);
  for (const name of found.rest)
    value =
      memberOf(value, name) ??
      failAt(
        environment,
        expression.at,
        'COLUMN_NOT_FOUND',
        `Column '${parts.join('.')}' cannot be resolved or requester is not authorized to access requested resources`,
      );
  return value;
}

function memberOf({ sql, type }: TypedSql, name: string): TypedSql | undefined {
  if (type.kind !== 'row') return undefined;
  const index = type.fields.findIndex((field) => field.name?.toLowerCase() === name.toLowerCase());
  const field = type.fields[index];
  return (
    field && { sql: `struct_extract(${sql}, ${duckdbText(fieldName(type.fields, index))})`, type: field.type }
  );
}

function analyzeMember(expression: Of<'member'>, base: TypedSql, environment: Environment): TypedSql {
  if (base.type.kind !== 'row') {
    return failAt(environment, expression.at, 'TYPE_MISMATCH', `Expression is not of type ROW`);
  }
  return (
    memberOf(base, expression.name) ??
    failAt(
      environment,
      expression.at,
      'COLUMN_NOT_FOUND',
      `Column '${expression.name}' cannot be resolved or requester is not authorized to access requested resources`,
    )
  );
}

function negated(operand: TypedSql, { at }: Expression, environment: Environment): TypedSql {
  if (isNumeric(operand.type) || isSimple(operand.type, 'interval day to second', 'interval year to month')) {
    const { constant } = operand;
    const sql = `(-${operand.sql})`;
    return constant === undefined || typeof constant === 'string'
      ? { sql, type: operand.type }
      : { sql, type: operand.type, constant: -constant };
  }
  return failAt(environment, at, 'TYPE_MISMATCH', `Cannot negate ${formatType(operand.type)}`);
}

function analyzeArithmetic(
  expression: Of<'arithmetic'>,
  left: TypedSql,
  right: TypedSql,
  environment: Environment,
): TypedSql {
  const { operator, at } = expression;
  const found = operator === '||' ? concatenated(left, right) : arithmetic(operator, left, right);
  if (found) return found;
  const shown = `${formatType(left.type)} ${operator} ${formatType(right.type)}`;
  return operator === '||'
    ? failAt(
        environment,
        at,
        'FUNCTION_NOT_FOUND',
        `Unexpected parameters (${formatType(left.type)}, ${formatType(right.type)}) for function concat. Expected: concat(char(x), char(y)), concat(array(E), E) E, concat(E, array(E)) E, concat(array(E)) E, concat(varchar), concat(varbinary)`,
      )
    : failAt(environment, at, 'TYPE_MISMATCH', `Cannot apply operator: ${shown}`);
}

function concatenated(left: TypedSql, right: TypedSql): TypedSql | undefined {
  const [a, b] = [left.type, right.type];
  const isTextual = (type: TrinoType) => isText(type) || isSimple(type, 'unknown');
  if (isTextual(a) && isTextual(b))
    return { sql: `(${coerce(left, varchar).sql} || ${coerce(right, varchar).sql})`, type: varchar };
  if (isSimple(a, 'varbinary') && isSimple(b, 'varbinary'))
    return { sql: `(${left.sql} || ${right.sql})`, type: a };
  const item =
    a.kind === 'array' && b.kind === 'array'
      ? commonType(a.item, b.item)
      : a.kind === 'array'
        ? commonType(a.item, b)
        : b.kind === 'array'
          ? commonType(a, b.item)
          : undefined;
  if (!item) return undefined;
  const type: TrinoType = { kind: 'array', item };
  const x = a.kind === 'array' ? coerce(left, type).sql : `[${coerce(left, item).sql}]`;
  const y = b.kind === 'array' ? coerce(right, type).sql : `[${coerce(right, item).sql}]`;
  return { sql: `CASE WHEN ${x} IS NULL OR ${y} IS NULL THEN NULL ELSE list_concat(${x}, ${y}) END`, type };
}

function analyzeZone(
  value: TypedSql,
  zone: TypedSql,
  { at }: Expression,
  environment: Environment,
): TypedSql {
  const refuse = (message: string) => failAt(environment, at, 'INVALID_FUNCTION_ARGUMENT', message);
  if (typeof zone.constant !== 'string') return refuse('the time zone must be a literal here');
  const name = requireZone(zone.constant, { refuse });
  if (value.type.kind === 'timestamp-tz') return { sql: value.sql, type: { ...value.type, zone: name } };
  if (value.type.kind === 'timestamp')
    return {
      sql: `(${value.sql} AT TIME ZONE 'UTC')`,
      type: { kind: 'timestamp-tz', precision: value.type.precision, zone: name },
    };
  return failAt(
    environment,
    at,
    'TYPE_MISMATCH',
    `Type of value must be a time or timestamp with or without time zone (actual ${formatType(value.type)})`,
  );
}

function compared(
  comparator: Comparator,
  left: TypedSql,
  right: TypedSql,
  expression: Expression,
  environment: Environment,
): TypedSql {
  const [a, b] = alike([left, right], comparator, expression, environment) as [TypedSql, TypedSql];
  const isOrdered = a.type.kind !== 'map' && a.type.kind !== 'function';
  if (!isOrdered && comparator !== '=' && comparator !== '<>') {
    return failAt(
      environment,
      expression.at,
      'TYPE_MISMATCH',
      `Cannot apply operator: ${formatType(a.type)} ${comparator} ${formatType(b.type)}`,
    );
  }
  return { sql: `(${a.sql} ${comparator} ${b.sql})`, type: boolean };
}

function analyzeLike(
  expression: Of<'like'>,
  analyze: (inner: Expression) => TypedSql,
  environment: Environment,
): TypedSql {
  const text = (inner: Expression, what: string) => {
    const found = analyze(inner);
    if (isText(found.type) || isSimple(found.type, 'unknown')) return coerce(found, varchar).sql;
    return failAt(
      environment,
      inner.at,
      'TYPE_MISMATCH',
      `${what} of LIKE expression must evaluate to a varchar (actual: ${formatType(found.type)})`,
    );
  };
  const [value, pattern] = [text(expression.value, 'Left side'), text(expression.pattern, 'Pattern')];
  const escape = expression.escape ? ` ESCAPE ${text(expression.escape, 'Escape')}` : '';
  return { sql: `(${value} ${not(expression)}LIKE ${pattern}${escape})`, type: boolean };
}

function analyzeCase(expression: Of<'case'>, scope: Scope, environment: Environment): TypedSql {
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

function analyzeCast(expression: Of<'cast'>, value: TypedSql, environment: Environment): TypedSql {
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
  { field, value, at }: Of<'extract'>,
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

function analyzeSubscript(
  { at }: Expression,
  base: TypedSql,
  index: TypedSql,
  environment: Environment,
): TypedSql {
  const { type } = base;
  if (type.kind === 'array' && isInteger(index.type)) {
    const place = coerce(index, bigint).sql;
    const fails = (message: string) => raiseSql('INVALID_FUNCTION_ARGUMENT', `'${message}'`, type.item);
    const sql = `CASE WHEN ${place} = 0 THEN ${fails('SQL array indices start at 1')} WHEN ${place} < 0 THEN ${fails('Array subscript is negative')} WHEN ${place} > len(${base.sql}) THEN ${fails('Array subscript must be less than or equal to array length')} ELSE list_extract(${base.sql}, ${place}) END`;
    return { sql, type: type.item };
  }
  if (type.kind === 'map' && isCoercible(index.type, type.key)) {
    const key = coerce(index, type.key).sql;
    const missing = raiseSql(
      'INVALID_FUNCTION_ARGUMENT',
      `'Key not present in map: ' || CAST(${key} AS VARCHAR)`,
      type.value,
    );
    return {
      sql: `CASE WHEN ${base.sql} IS NULL OR ${key} IS NULL THEN NULL WHEN NOT map_contains(${base.sql}, ${key}) THEN ${missing} ELSE ${base.sql}[${key}] END`,
      type: type.value,
    };
  }
  if (type.kind === 'row' && typeof index.constant === 'bigint') {
    const place = Number(index.constant) - 1;
    const field = type.fields[place];
    if (!field)
      return failAt(
        environment,
        at,
        'INVALID_FUNCTION_ARGUMENT',
        `ROW index out of bounds: ${index.constant}`,
      );
    return {
      sql: `struct_extract(${base.sql}, ${duckdbText(fieldName(type.fields, place))})`,
      type: field.type,
    };
  }
  return failAt(
    environment,
    at,
    'TYPE_MISMATCH',
    `Cannot use ${formatType(index.type)} for subscript of ${formatType(type)}`,
  );
}
