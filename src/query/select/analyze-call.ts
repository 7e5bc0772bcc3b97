// Calls: which function of a name takes these arguments, and what becomes of it in DuckDB's SQL.
import { type Environment, failAt } from './analysis.js';
import { type Analyze, type Clauses, clauses } from './call-clauses.js';
import { isCoercible } from './common-type.js';
import { coerce, lambdaName } from './convert.js';
import type { CallContext, FunctionDefinition } from './functions/function-definition.js';
import { FUNCTIONS } from './functions/index.js';
import {
  acceptsCount,
  bind,
  type Bindings,
  lambdaParameterTypes,
  parameterAt,
  resultPattern,
  signatureOf,
  typeOf,
} from './functions/signature.js';
import { requireZone } from './functions/time-functions.js';
import type { Scope } from './scope.js';
import { specialCall } from './special-call.js';
import type { Call, Expression } from './syntax.js';
import { duckdbTypeOf, formatType, isSimple, type TrinoType, unknown } from './trino-type.js';
import type { TypedSql } from './typed-sql.js';

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
