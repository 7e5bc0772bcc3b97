// Spark's spelling into DuckDB's.
import { expect, test } from 'vitest';
import { sparkToDuckdb } from './spark-text.js';

test.each([
  ['select `a b`, `c``d` from t', 'select "a b", "c`d" from t'],
  ['select `a"b`', 'select "a""b"'],
  ['where a = "it\'s"', "where a = 'it''s'"],
  ["where a = 'x\\'y'", "where a = 'x''y'"],
  ["select 'a\\nb'", "select 'a\nb'"],
  ["a like '10\\%'", "a like '10\\%'"],
  ['cast(a as int)', 'TRY_CAST(a as int)'],
  ['CAST (a AS INT)', 'TRY_CAST (a AS INT)'],
  ['select cast from t', 'select cast from t'],
  ['t.size(1), size(a)', 't.size(1), len(a)'],
  ['a <=> b', 'a  IS NOT DISTINCT FROM  b'],
  ['collect_set(a)', 'list(DISTINCT a)'],
  ['current_date()', 'current_date'],
  ["'-- no comment' -- a comment's end", "'-- no comment'  "],
  ['/* a "quote */ 1', '  1'],
])('%s', (spark, duckdb) => {
  expect(sparkToDuckdb(spark)).toBe(duckdb);
});
