// What a query says, as structures: Trino's SELECT, before any name or type is looked up.

/** Everything has the offset at which it begins in the query's text. */
interface Node {
  at: number;
}

export interface SortItem extends Node {
  value: Expression;
  isDescending: boolean;
  nulls: 'first' | 'last';
}

export type FrameBound =
  | { kind: 'unbounded-preceding' | 'current-row' | 'unbounded-following' }
  | { kind: 'preceding' | 'following'; count: Expression };

export interface WindowSpecification extends Node {
  /** A window that it adds to. */
  base?: string;
  partitionBy: Expression[];
  orderBy: SortItem[];
  frame?: { unit: 'ROWS' | 'RANGE' | 'GROUPS'; start: FrameBound; end?: FrameBound };
}

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface Call extends Node {
  kind: 'call';
  /** Lower-cased. */
  name: string;
  arguments: Expression[];
  /** `count(*)`. */
  isStar: boolean;
  isDistinct: boolean;
  /** Inside the brackets, or behind WITHIN GROUP. */
  orderBy: SortItem[];
  filter?: Expression;
  /** The name of a window, or one of its own. */
  over?: string | WindowSpecification;
  ignoresNulls: boolean;
}

export type Expression = Node &
  (
    | { kind: 'null' }
    | { kind: 'boolean'; value: boolean }
    | { kind: 'integer' | 'decimal' | 'double'; text: string }
    | { kind: 'string'; value: string }
    | { kind: 'binary'; hex: string }
    | { kind: 'typed'; type: string; value: string }
    | { kind: 'interval'; isNegative: boolean; value: string; from: string; to?: string }
    | { kind: 'name'; name: string; isQuoted: boolean }
    | { kind: 'member'; base: Expression; name: string }
    | { kind: 'subscript'; base: Expression; index: Expression }
    | { kind: 'parameter'; index: number }
    | { kind: 'negate'; operand: Expression }
    | {
        kind: 'arithmetic';
        operator: '+' | '-' | '*' | '/' | '%' | '||';
        left: Expression;
        right: Expression;
      }
    | { kind: 'at-time-zone'; value: Expression; zone: Expression }
    | { kind: 'not'; operand: Expression }
    | { kind: 'and' | 'or'; operands: Expression[] }
    | { kind: 'compare'; comparator: Comparator; left: Expression; right: Expression }
    | {
        kind: 'compare-all';
        comparator: Comparator;
        left: Expression;
        quantifier: 'ALL' | 'ANY';
        query: Query;
      }
    | { kind: 'distinct-from'; isNegated: boolean; left: Expression; right: Expression }
    | { kind: 'between'; isNegated: boolean; value: Expression; low: Expression; high: Expression }
    | { kind: 'in'; isNegated: boolean; value: Expression; items: Expression[] }
    | { kind: 'in-query'; isNegated: boolean; value: Expression; query: Query }
    | { kind: 'like'; isNegated: boolean; value: Expression; pattern: Expression; escape?: Expression }
    | { kind: 'is-null'; isNegated: boolean; value: Expression }
    | {
        kind: 'case';
        operand?: Expression;
        branches: { when: Expression; then: Expression }[];
        otherwise?: Expression;
      }
    | { kind: 'cast'; value: Expression; type: string; isTry: boolean }
    | { kind: 'extract'; field: string; value: Expression }
    | { kind: 'row'; values: Expression[] }
    | { kind: 'array'; values: Expression[] }
    | { kind: 'lambda'; parameters: string[]; body: Expression }
    | { kind: 'query'; query: Query }
    | { kind: 'exists'; query: Query }
    | Call
  );

/** The expressions of one kind. */
export type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

export type SelectItem = Node &
  (
    | { kind: 'star'; qualifier?: string[]; aliases?: string[] }
    | { kind: 'value'; value: Expression; alias?: string }
  );

export type GroupingElement = Node &
  (
    | { kind: 'simple'; values: Expression[] }
    | { kind: 'rollup' | 'cube'; sets: Expression[][] }
    | { kind: 'sets'; sets: Expression[][] }
  );

export interface Alias {
  name: string;
  columns?: string[];
}

export type JoinType = 'cross' | 'inner' | 'left' | 'right' | 'full';

export type Relation = Node & { alias?: Alias } & (
    | { kind: 'table'; name: string[] }
    | { kind: 'subquery'; query: Query; isLateral: boolean }
    | { kind: 'unnest'; values: Expression[]; withOrdinality: boolean }
    | { kind: 'sample'; input: Relation; method: 'BERNOULLI' | 'SYSTEM'; percentage: Expression }
    | {
        kind: 'join';
        type: JoinType;
        left: Relation;
        right: Relation;
        condition?:
          { kind: 'on'; value: Expression } | { kind: 'using'; columns: string[] } | { kind: 'natural' };
      }
  );

/** The relations of one kind. */
export type RelationOf<Kind extends Relation['kind']> = Extract<Relation, { kind: Kind }>;

export interface Select extends Node {
  kind: 'select';
  isDistinct: boolean;
  items: SelectItem[];
  from: Relation[];
  where?: Expression;
  groupBy: GroupingElement[];
  having?: Expression;
  windows: Map<string, WindowSpecification>;
}

export type QueryBody =
  | Select
  | (Node & { kind: 'values'; rows: Expression[] })
  | (Node & { kind: 'nested'; query: Query })
  | (Node & { kind: 'table'; name: string[] })
  | (Node & {
      kind: 'set';
      operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
      isAll: boolean;
      left: QueryBody;
      right: QueryBody;
    });

export interface Query extends Node {
  with: { name: string; columns?: string[]; query: Query; at: number }[];
  body: QueryBody;
  orderBy: SortItem[];
  offset?: Expression;
  /** Absent for ALL. */
  limit?: Expression;
}
