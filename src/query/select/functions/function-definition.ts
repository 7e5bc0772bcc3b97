// What is known of one of Trino's functions.
import type { TypedSql } from '../typed-sql.js';
import type { TrinoType } from '../trino-type.js';

export interface CallContext {
  result: TrinoType;
  /** When the query began. */
  now: Date;
  /** A failure of the query, at the call. */
  refuse(message: string): never;
}

/** `$1` ... are the arguments, `$*` all of them; in aggregates `$D`, `$O` and `$F` are DISTINCT, ORDER BY and FILTER/OVER. */
export type Template = string | ((args: TypedSql[], context: CallContext) => string);

export interface FunctionDefinition {
  kind: 'scalar' | 'aggregate' | 'window';
  name: string;
  parameters: string;
  /** A type, or what the arguments' types make of it. */
  result: string | ((types: TrinoType[]) => TrinoType);
  sql: Template;
}

type Row = readonly [names: string, parameters: string, result: FunctionDefinition['result'], sql: Template];

/** Rows of a table of functions; several names with a space between them are the same function. */
export function define(kind: FunctionDefinition['kind'], rows: readonly Row[]): FunctionDefinition[] {
  return rows.flatMap(([names, parameters, result, sql]) =>
    names.split(' ').map((name) => ({ kind, name, parameters, result, sql })),
  );
}

/** The text of an argument that must be a literal, e.g. a unit or a format. */
export function literalText(args: TypedSql[], index: number, context: CallContext): string {
  const constant = args[index]?.constant;
  if (typeof constant === 'string') return constant;
  return context.refuse('this argument must be a literal text here');
}
