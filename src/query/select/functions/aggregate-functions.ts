// Trino's aggregates and window functions.
import { divideDecimals } from '../arithmetic.js';
import { double, duckdbTypeOf, isSimple, simple, type TrinoType } from '../trino-type.js';
import { define } from './function-definition.js';

const first = (types: TrinoType[]): TrinoType => types[0] as TrinoType;

const sumType = (types: TrinoType[]): TrinoType => {
  const type = first(types);
  if (type.kind === 'decimal') return { ...type, precision: 38 };
  return isSimple(type, 'real', 'double') ? type : simple('bigint');
};

const averageType = (types: TrinoType[]): TrinoType => {
  const type = first(types);
  return type.kind === 'decimal' || isSimple(type, 'real') ? type : double;
};

const COUNT = { kind: 'decimal', precision: 19, scale: 0 } as const;

const statistic = (name: string) => `${name}($D$1)$F`;

export const AGGREGATE_FUNCTIONS = [
  ...define('aggregate', [
    ['count', 'T', 'bigint', 'count($D$1)$F'],
    ['count_if', 'boolean', 'bigint', 'CAST(count_if($D$1)$F AS BIGINT)'],
    ['sum', 'N', sumType, (_, { result }) => `CAST(sum($D$1)$F AS ${duckdbTypeOf(result)})`],
    [
      'avg',
      'N',
      averageType,
      (_, { result }) =>
        result.kind === 'decimal'
          ? divideDecimals('sum($D$1)$F', { ...result, precision: 38 }, 'count($D$1)$F', COUNT, result)
          : `CAST(avg($D$1)$F AS ${duckdbTypeOf(result)})`,
    ],
    [
      'avg',
      'interval day to second',
      'interval day to second',
      'to_microseconds(CAST(avg($Depoch($1))$F * 1000000 AS BIGINT))',
    ],
    [
      'sum',
      'interval day to second',
      'interval day to second',
      'to_microseconds(CAST(sum($Depoch($1))$F * 1000000 AS BIGINT))',
    ],
    ['min', 'T', 'T', 'min($D$1)$F'],
    ['max', 'T', 'T', 'max($D$1)$F'],
    ['min', 'T, bigint', 'array(T)', 'min($1, CAST($2 AS INTEGER))$F'],
    ['max', 'T, bigint', 'array(T)', 'max($1, CAST($2 AS INTEGER))$F'],
    ['min_by', 'T, U', 'T', 'arg_min_null($1, $2)$F'],
    ['max_by', 'T, U', 'T', 'arg_max_null($1, $2)$F'],
    ['min_by', 'T, U, bigint', 'array(T)', 'arg_min($1, $2, CAST($3 AS INTEGER))$F'],
    ['max_by', 'T, U, bigint', 'array(T)', 'arg_max($1, $2, CAST($3 AS INTEGER))$F'],
    ['arbitrary any_value', 'T', 'T', 'any_value($1)$F'],
    ['bool_and every', 'boolean', 'boolean', 'bool_and($1)$F'],
    ['bool_or', 'boolean', 'boolean', 'bool_or($1)$F'],
    ['array_agg', 'T', 'array(T)', 'list($D$1$O)$F'],
    ['map_agg', 'K, V', 'map(K, V)', 'trino_map_of(list(struct_pack(key := $1, value := $2)$O)$F)'],
    [
      'multimap_agg',
      'K, V',
      'map(K, array(V))',
      'trino_multimap_of(list(struct_pack(key := $1, value := $2)$O)$F)',
    ],
    [
      'histogram',
      'T',
      'map(T, bigint)',
      (_, { result }) => `CAST(histogram($1)$F AS ${duckdbTypeOf(result)})`,
    ],
    ['listagg', 'varchar, varchar', 'varchar', 'string_agg($D$1, $2$O)$F'],
    ['listagg', 'varchar', 'varchar', `string_agg($D$1, ''$O)$F`],
    ['approx_distinct', 'T', 'bigint', 'CAST(approx_count_distinct($1)$F AS BIGINT)'],
    ['approx_distinct', 'T, double', 'bigint', 'CAST(approx_count_distinct($1)$F AS BIGINT)'],
    ['approx_percentile', 'N, double', 'N', 'quantile_disc($1, $2)$F'],
    ['approx_percentile', 'N, array(double)', 'array(N)', 'quantile_disc($1, $2)$F'],
    ['stddev stddev_samp', 'double', 'double', statistic('stddev_samp')],
    ['stddev_pop', 'double', 'double', statistic('stddev_pop')],
    ['variance var_samp', 'double', 'double', statistic('var_samp')],
    ['var_pop', 'double', 'double', statistic('var_pop')],
    ['corr', 'double, double', 'double', 'corr($1, $2)$F'],
    ['covar_pop', 'double, double', 'double', 'covar_pop($1, $2)$F'],
    ['covar_samp', 'double, double', 'double', 'covar_samp($1, $2)$F'],
    ['regr_slope', 'double, double', 'double', 'regr_slope($1, $2)$F'],
    ['regr_intercept', 'double, double', 'double', 'regr_intercept($1, $2)$F'],
    ['geometric_mean', 'double', 'double', 'exp(avg(ln($1))$F)'],
    ['bitwise_and_agg', 'bigint', 'bigint', 'bit_and($1)$F'],
    ['bitwise_or_agg', 'bigint', 'bigint', 'bit_or($1)$F'],
    ['bitwise_xor_agg', 'bigint', 'bigint', 'bit_xor($1)$F'],
    ['kurtosis', 'double', 'double', 'kurtosis($1)$F'],
    // DuckDB's is that of a sample.
    [
      'skewness',
      'double',
      'double',
      'CASE WHEN count($1)$F > 2 THEN skewness($1)$F * (count($1)$F - 2) / sqrt(count($1)$F * (count($1)$F - 1)) END',
    ],
    // Of counts: those of 0 add nothing.
    [
      'entropy',
      'double',
      'double',
      'coalesce(log2(nullif(sum($1)$F, 0)) - sum(CASE WHEN $1 > 0 THEN $1 * log2($1) END)$F / nullif(sum($1)$F, 0), 0)',
    ],
    ...(['regr_avgx', 'regr_avgy', 'regr_r2', 'regr_sxx', 'regr_sxy', 'regr_syy'] as const).map(
      (name) => [name, 'double, double', 'double', `${name}($1, $2)$F`] as const,
    ),
    ['regr_count', 'double, double', 'bigint', 'CAST(regr_count($1, $2)$F AS BIGINT)'],
    ['map_union', 'map(K, V)', 'map(K, V)', 'trino_map_of(flatten(list(map_entries($1))$F))'],
    [
      'reduce_agg',
      'T, T, function(T, T, T), function(T, T, T)',
      'T',
      'list_reduce(list_filter(list($1)$F, lambda item: item IS NOT NULL), $3, $2)',
    ],
    // Exact, which is approximate enough: the most frequent first, of equals the smaller.
    [
      'approx_most_frequent',
      'bigint, T, bigint',
      'map(T, bigint)',
      (_, { result }) =>
        `CAST(map_from_entries(list_transform(list_slice(list_sort(list_transform(map_entries(histogram($2)$F), lambda entry: struct_pack(rank := -CAST(entry.value AS BIGINT), item := entry.key))), 1, $1), lambda entry: struct_pack(key := entry.item, value := -entry.rank))) AS ${duckdbTypeOf(result)})`,
    ],
  ]),
  ...define('window', [
    ['row_number', '', 'bigint', 'row_number()$F'],
    ['rank', '', 'bigint', 'rank()$F'],
    ['dense_rank', '', 'bigint', 'dense_rank()$F'],
    ['percent_rank', '', 'double', 'percent_rank()$F'],
    ['cume_dist', '', 'double', 'cume_dist()$F'],
    ['ntile', 'bigint', 'bigint', 'ntile($1)$F'],
    ['lag', 'T', 'T', 'lag($1$N)$F'],
    ['lag', 'T, bigint', 'T', 'lag($1, $2$N)$F'],
    ['lag', 'T, bigint, T', 'T', 'lag($1, $2, $3$N)$F'],
    ['lead', 'T', 'T', 'lead($1$N)$F'],
    ['lead', 'T, bigint', 'T', 'lead($1, $2$N)$F'],
    ['lead', 'T, bigint, T', 'T', 'lead($1, $2, $3$N)$F'],
    ['first_value', 'T', 'T', 'first_value($1$N)$F'],
    ['last_value', 'T', 'T', 'last_value($1$N)$F'],
    ['nth_value', 'T, bigint', 'T', 'nth_value($1, $2$N)$F'],
  ]),
];
