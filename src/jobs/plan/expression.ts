// Values computed from a row, as data: what an engine turns into its own language.
import type { HiveType } from '../../tabular/hive-type.js';

export type ComparisonOperator = '=' | '<' | '<=' | '>' | '>=';

/** Aggregate functions, named as Spark names them. */
export type AggregateFunction =
  | 'avg'
  | 'count'
  | 'countDistinct'
  | 'first'
  | 'kurtosis'
  | 'last'
  | 'max'
  | 'min'
  | 'skewness'
  | 'stddev_pop'
  | 'stddev_samp'
  | 'sum'
  | 'sumDistinct'
  | 'var_pop'
  | 'var_samp';

/** Nulls behave as in SQL unless said otherwise. */
export type Expression =
  /** The column at `index` of the input; of a join's two inputs laid side by side. */
  | { kind: 'column'; index: number; type: HiveType }
  /** A member of a struct; null when the struct is. `name` is spelled as in the struct's type. */
  | { kind: 'member'; of: Expression; name: string; type: HiveType }
  | { kind: 'literal'; value: string | null; type: HiveType }
  /** The value as `type`, null where it is not one: a cast never fails. */
  | { kind: 'cast'; value: Expression; type: HiveType }
  /** A struct of the given members. With `nullWhen`, null where that value is null. */
  | {
      kind: 'struct';
      members: { name: string; value: Expression }[];
      nullWhen?: Expression;
      type: HiveType;
    }
  /** Text without white space at its ends. */
  | { kind: 'trim'; value: Expression; type: HiveType }
  | { kind: 'compare'; operator: ComparisonOperator; left: Expression; right: Expression }
  /** True where the text begins with a match of the regular expression. */
  | { kind: 'matches'; value: Expression; pattern: string }
  | { kind: 'is-null'; value: Expression }
  /** False where the condition is true, true where it is false or null. */
  | { kind: 'not'; condition: Expression }
  | { kind: 'and' | 'or'; conditions: Expression[] };

const BOOLEAN: HiveType = { kind: 'primitive', name: 'boolean' };

export function typeOf(expression: Expression): HiveType {
  return 'type' in expression ? expression.type : BOOLEAN;
}
