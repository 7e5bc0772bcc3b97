// Forms that look like functions and are not: COALESCE, IF, NULLIF, TRY and others that Trino's analyzer knows itself.
import { alike } from './alike.js';
import { type Environment, failAt } from './analysis.js';
import { type Analyze, clauses } from './call-clauses.js';
import { coerce } from './convert.js';
import type { Scope } from './scope.js';
import type { Call, Expression } from './syntax.js';
import { bigint, boolean, formatType, varchar } from './trino-type.js';
import type { TypedSql } from './typed-sql.js';

/** What Trino's analyzer knows itself. */
export function specialCall(
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
