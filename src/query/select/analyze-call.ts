// Calls: which function of a name takes these arguments, and the forms that look like functions and are not.
import { failAt, type Environment } from './analysis.js';
import { coerce, lambdaName } from './convert.js';
import { alike } from './alike.js';
import { FUNCTIONS } from './functions/index.js';
import type { CallContext, FunctionDefinition } from './functions/function-definition.js';
import {
  acceptsCount,
  bind,
  lambdaParameterTypes,
  parameterAt,
  resultPattern,
  signatureOf,
  typeOf,
  type Bindings,
} from './functions/signature.js';
import { requireZone } from './functions/time-functions.js';
import type { Scope } from './scope.js';
import type { Call, Expression, FrameBound, SortItem, WindowSpecification } from './syntax.js';
import type { TypedSql } from './typed-sql.js';
import {
  bigint,
  boolean,
  duckdbTypeOf,
  formatType,
  isSimple,
  unknown,
  varchar,
  type TrinoType,
} from './trino-type.js';
import { isCoercible } from './common-type.js';

type Analyze = (expression: Expression, scope: Scope, environment: Environment) => TypedSql;

export function analyzeCall(call: Call, scope: Scope, environment: Environment, analyze: Analyze): TypedSql {
  const fail = (errorName: string, message: string) => failAt(environment, call.at, errorName, message);
  const special = specialCall(call, scope, environment, analyze);
  if (special) return special;
  const candidates = FUNCTIONS.get(call.name) ?? [];
  if (candidates.length === 0) {
    return fail('FUNCTION_NOT_FOUND', `Function '${call.name}' not registered`);
  }
  const parts = clauses(call, scope, environment, analyze);
  const argumentsWithoutLambdas = call.arguments.map((each) =>
    each.kind === 'lambda' ? undefined : analyze(each, scope, environment),
  );
  for (const isStrict of [true, false]) {
    for (const candidate of candidates) {
      const found = matched(candidate, call, argumentsWithoutLambdas, scope, environment, analyze, isStrict);
      if (found) return applyFunction(candidate, found, call, parts, environment);
    }
  }
  const types = argumentsWithoutLambdas
    .map((argument) => (argument ? formatType(argument.type) : 'function'))
    .join(', ');
  const expected = candidates.map(({ name, parameters }) => `${name}(${parameters})`).join(', ');
  return fail(
    'FUNCTION_NOT_FOUND',
    `Unexpected parameters (${types}) for function ${call.name}. Expected: ${expected}`,
  );
}

interface Matched {
  args: TypedSql[];
  bindings: Bindings;
}

/** @param isStrict whether arguments must be of the very types, as far as the function names them */
function matched(
  candidate: FunctionDefinition,
  call: Call,
  given: (TypedSql | undefined)[],
  scope: Scope,
  environment: Environment,
  analyze: Analyze,
  isStrict: boolean,
): Matched | undefined {
  const signature = signatureOf(candidate.parameters);
  if (!acceptsCount(signature, given.length)) return undefined;
  const bindings: Bindings = new Map();
  for (const [index, argument] of given.entries()) {
    const pattern = parameterAt(signature, index);
    if (!pattern || !argument) continue;
    if (isStrict && pattern.kind === 'exact' && formatType(pattern.type) !== formatType(argument.type)) {
      if (!(pattern.type.kind === 'varchar' && argument.type.kind === 'varchar')) return undefined;
    }
    if (!bind(pattern, argument.type, bindings)) return undefined;
  }
  const args: TypedSql[] = [];
  for (const [index, expression] of call.arguments.entries()) {
    const pattern = parameterAt(signature, index);
    if (!pattern) return undefined;
    if (expression.kind === 'lambda') {
      const types = lambdaParameterTypes(pattern, bindings);
      if (!types || types.length !== expression.parameters.length) return undefined;
      const lambda = analyzeLambda(expression, types, scope, environment, analyze);
      if (!bind(pattern, lambda.type, bindings)) return undefined;
      args.push(lambda);
      continue;
    }
    const argument = given[index] as TypedSql;
    const wanted = typeOf(pattern, bindings) ?? argument.type;
    args.push(
      isSimple(argument.type, 'unknown') || isCoercible(argument.type, wanted)
        ? coerce(argument, wanted)
        : argument,
    );
  }
  return { args, bindings };
}

function analyzeLambda(
  lambda: Extract<Expression, { kind: 'lambda' }>,
  types: readonly TrinoType[],
  scope: Scope,
  environment: Environment,
  analyze: Analyze,
): TypedSql {
  const names = lambda.parameters.map(() => lambdaName());
  const fields = lambda.parameters.map((name, index) => ({
    name,
    qualifier: [],
    type: types[index] as TrinoType,
    sql: names[index] as string,
  }));
  const body = analyze(lambda.body, { fields, outer: scope }, environment);
  return {
    sql: `lambda ${names.join(', ')}: ${body.sql}`,
    type: { kind: 'function', parameters: [...types], result: body.type },
  };
}

interface Clauses {
  distinct: string;
  orderBy: string;
  /** FILTER and OVER. */
  after: string;
  nulls: string;
}

function applyFunction(
  definition: FunctionDefinition,
  { args, bindings }: Matched,
  call: Call,
  parts: Clauses,
  environment: Environment,
): TypedSql {
  const fail = (message: string) =>
    failAt(environment, call.at, 'INVALID_FUNCTION_ARGUMENT', `${call.name}: ${message}`);
  const types = args.map(({ type }) => type);
  const declared =
    typeof definition.result === 'string'
      ? typeOf(resultPattern(definition.result), bindings)
      : definition.result(types);
  const type = zonedResult(definition, declared ?? unknown, args, fail);
  if (definition.kind === 'window' && call.over === undefined) {
    return failAt(
      environment,
      call.at,
      'MISSING_OVER',
      `Window function ${call.name} requires an OVER clause`,
    );
  }
  if (definition.kind === 'scalar' && (call.over !== undefined || call.filter || call.isDistinct)) {
    return failAt(
      environment,
      call.at,
      'FUNCTION_NOT_AGGREGATE',
      `${call.name} is not an aggregate or window function`,
    );
  }
  const context: CallContext = { result: type, now: environment.session.now, refuse: fail };
  const template = typeof definition.sql === 'string' ? definition.sql : definition.sql(args, context);
  // What a scalar function made of its arguments' texts is not looked through again.
  const isFilled = definition.kind === 'scalar' && typeof definition.sql !== 'string';
  const sql = isFilled ? template : filled(template, args, parts);
  // DuckDB's scales are not Trino's: round(1.234, 2) is 1.230.
  const isRounded = definition.kind === 'scalar' && type.kind === 'decimal';
  return { sql: isRounded ? `CAST(${sql} AS ${duckdbTypeOf(type)})` : sql, type };
}

/** The zone that a time is shown in comes from a literal. */
function zonedResult(
  definition: FunctionDefinition,
  type: TrinoType,
  args: TypedSql[],
  refuse: (message: string) => never,
): TrinoType {
  const zoneIndex = { at_timezone: 1, with_timezone: 1, from_unixtime: 1 }[definition.name];
  const zone = zoneIndex === undefined ? undefined : args[zoneIndex]?.constant;
  return type.kind === 'timestamp-tz' && typeof zone === 'string'
    ? { ...type, zone: requireZone(zone, { refuse }) }
    : type;
}

function filled(
  template: string,
  args: readonly TypedSql[],
  { distinct, orderBy, after, nulls }: Clauses,
): string {
  return template.replace(/\$(\d|\*|D|O|F|N)/g, (_, place: string) => {
    switch (place) {
      case '*':
        return args.map(({ sql }) => sql).join(', ');
      case 'D':
        return distinct;
      case 'O':
        return orderBy;
      case 'F':
        return after;
      case 'N':
        return nulls;
      default:
        return args[Number(place) - 1]?.sql ?? '';
    }
  });
}

function clauses(call: Call, scope: Scope, environment: Environment, analyze: Analyze): Clauses {
  const expression = (each: Expression) => analyze(each, scope, environment).sql;
  const filter = call.filter ? ` FILTER (WHERE ${expression(call.filter)})` : '';
  return {
    distinct: call.isDistinct ? 'DISTINCT ' : '',
    orderBy: call.orderBy.length > 0 ? ` ORDER BY ${sortSql(call.orderBy, expression)}` : '',
    after:
      filter +
      (call.over === undefined
        ? ''
        : ` OVER (${windowSql(call.over, call, scope, expression, environment)})`),
    nulls: call.ignoresNulls ? ' IGNORE NULLS' : '',
  };
}

export function sortSql(items: readonly SortItem[], expression: (each: Expression) => string): string {
  return items
    .map(
      ({ value, isDescending, nulls }) =>
        `${expression(value)} ${isDescending ? 'DESC' : 'ASC'} NULLS ${nulls.toUpperCase()}`,
    )
    .join(', ');
}

function windowSql(
  over: string | WindowSpecification,
  call: Call,
  scope: Scope,
  expression: (each: Expression) => string,
  environment: Environment,
): string {
  const named = (name: string) =>
    scope.windows?.get(name) ??
    failAt(environment, call.at, 'INVALID_WINDOW_REFERENCE', `Cannot resolve WINDOW name ${name}`);
  if (typeof over === 'string') return windowSql(named(over), call, scope, expression, environment);
  const parts: string[] = [];
  if (over.base !== undefined) parts.push(windowSql(named(over.base), call, scope, expression, environment));
  if (over.partitionBy.length > 0) parts.push(`PARTITION BY ${over.partitionBy.map(expression).join(', ')}`);
  if (over.orderBy.length > 0) parts.push(`ORDER BY ${sortSql(over.orderBy, expression)}`);
  if (over.frame) {
    const { unit, start, end } = over.frame;
    const shown = end
      ? `BETWEEN ${boundSql(start, expression)} AND ${boundSql(end, expression)}`
      : boundSql(start, expression);
    parts.push(`${unit} ${shown}`);
  }
  return parts.join(' ');
}

function boundSql(bound: FrameBound, expression: (each: Expression) => string): string {
  switch (bound.kind) {
    case 'preceding':
    case 'following':
      return `${expression(bound.count)} ${bound.kind.toUpperCase()}`;
    default:
      return bound.kind.replaceAll('-', ' ').toUpperCase();
  }
}

/** What Trino's analyzer knows itself. */
function specialCall(
  call: Call,
  scope: Scope,
  environment: Environment,
  analyze: Analyze,
): TypedSql | undefined {
  const argument = (index: number) => analyze(call.arguments[index] as Expression, scope, environment);
  const count = call.arguments.length;
  const all = () =>
    alike(
      call.arguments.map((_, index) => argument(index)),
      call.name,
      call,
      environment,
    );
  switch (call.name) {
    case 'count': {
      if (!call.isStar && count > 0) return undefined;
      return { sql: `count(*)${clauses(call, scope, environment, analyze).after}`, type: bigint };
    }
    case 'coalesce': {
      if (count < 2)
        return failAt(
          environment,
          call.at,
          'INVALID_FUNCTION_ARGUMENT',
          "The 'coalesce' function must have at least two arguments",
        );
      const values = all();
      return {
        sql: `coalesce(${values.map(({ sql }) => sql).join(', ')})`,
        type: (values[0] as TypedSql).type,
      };
    }
    case 'if': {
      if (count < 2 || count > 3)
        return failAt(
          environment,
          call.at,
          'INVALID_FUNCTION_ARGUMENT',
          "Invalid number of arguments for 'if' function",
        );
      const test = coerce(argument(0), boolean).sql;
      const values = alike(
        call.arguments.slice(1).map((each) => analyze(each, scope, environment)),
        'CASE',
        call,
        environment,
      );
      const otherwise = values[1] ? ` ELSE ${values[1].sql}` : '';
      return {
        sql: `CASE WHEN ${test} THEN ${values[0]?.sql}${otherwise} END`,
        type: (values[0] as TypedSql).type,
      };
    }
    case 'nullif': {
      if (count !== 2)
        return failAt(
          environment,
          call.at,
          'INVALID_FUNCTION_ARGUMENT',
          "Invalid number of arguments for 'nullif' function",
        );
      const [first, second] = all() as [TypedSql, TypedSql];
      const value = argument(0);
      return {
        sql: `CASE WHEN ${first.sql} = ${second.sql} THEN NULL ELSE ${value.sql} END`,
        type: value.type,
      };
    }
    case 'try': {
      if (count !== 1)
        return failAt(
          environment,
          call.at,
          'INVALID_FUNCTION_ARGUMENT',
          "The 'try' function must have exactly one argument",
        );
      const value = argument(0);
      return { sql: `TRY(${value.sql})`, type: value.type };
    }
    case 'greatest':
    case 'least': {
      if (count === 0) return undefined;
      const values = all();
      const isNull = values.map(({ sql }) => `${sql} IS NULL`).join(' OR ');
      return {
        sql: `CASE WHEN ${isNull} THEN NULL ELSE ${call.name}(${values.map(({ sql }) => sql).join(', ')}) END`,
        type: (values[0] as TypedSql).type,
      };
    }
    case 'typeof':
      return count === 1
        ? { sql: `CAST('${formatType(argument(0).type).replaceAll("'", "''")}' AS VARCHAR)`, type: varchar }
        : undefined;
    case 'grouping':
      return {
        sql: `grouping(${call.arguments.map((_, index) => argument(index).sql).join(', ')})`,
        type: bigint,
      };
    case 'date': {
      const value = count === 1 ? argument(0) : undefined;
      if (value?.type.kind !== 'varchar' || !call.arguments[0]) return undefined;
      return analyze(
        { kind: 'cast', value: call.arguments[0], type: 'date', isTry: false, at: call.at },
        scope,
        environment,
      );
    }
    case 'current_catalog':
      return { sql: `'${environment.session.catalog}'`, type: varchar };
    case 'current_schema':
      return { sql: `'${environment.session.database.replaceAll("'", "''")}'`, type: varchar };
    default:
      return undefined;
  }
}
