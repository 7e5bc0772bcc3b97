// Whatever text comes, it is read or refused, in time in proportion to its length.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStatement } from './parse-statement.js';
import { QueryFailure } from './query-failure.js';

const outcome = (text: string): 'read' | 'refused' => {
  try {
    parseStatement(text);
    return 'read';
  } catch (error) {
    if (error instanceof QueryFailure) return 'refused';
    throw error;
  }
};

const PIECES =
  `CREATE EXTERNAL TABLE IF NOT EXISTS t ( a int , struct < b : array < string >> ) PARTITIONED BY ROW FORMAT SERDE
   'x' "y" \`z\` STORED AS LOCATION TBLPROPERTIES = ALTER ADD PARTITION DROP RENAME TO SHOW DESCRIBE MSCK REPAIR VIEW OR
   REPLACE SELECT 1 FROM INSERT INTO UNLOAD WITH ARRAY [ ] EXPLAIN PREPARE EXECUTE USING ; -- /* */ ' " \` \\ . , - é 😀`.split(
    /\s+/,
  );

describe('any text', () => {
  it('of known pieces is read or refused', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }), (pieces) => {
        expect(['read', 'refused']).toContain(outcome(pieces.join(' ')));
      }),
      { numRuns: 3000 },
    );
  });

  it('at all is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(['read', 'refused']).toContain(outcome(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('with a beginning that is known is read or refused', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          "CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/",
          'ALTER TABLE t ',
          'DESCRIBE ',
          'UNLOAD (',
        ),
        fc.string({ maxLength: 60 }),
        (beginning, rest) => {
          expect(['read', 'refused']).toContain(outcome(beginning + rest));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** Some ten times what a busy machine needs; a reader that looks at every rest again needs minutes. */
const QUADRATIC_MS = 20_000;
/** AWS's model: a query has at most so many characters. */
const QUERY_LENGTH_MAX = 262_144;

describe('the longest text', () => {
  const filled = (before: string, piece: string, behind = '') =>
    before +
    piece.repeat(Math.floor((QUERY_LENGTH_MAX - before.length - behind.length) / piece.length)) +
    behind;

  it.each([
    ['of columns', filled('CREATE EXTERNAL TABLE t (a int', ', a int', ')')],
    ['of types', filled('CREATE EXTERNAL TABLE t (a ', 'struct<a:')],
    ['of escapes', filled("CREATE DATABASE d COMMENT '", '\\u0041', "'")],
    ['of quotes', filled('', "''")],
    ['of lines', filled('', '\n', 'x')],
    ['of partitions', filled('ALTER TABLE t ADD', " PARTITION (a='1')")],
    ['of semicolons', filled('SELECT 1', ';')],
    ['of comments', filled('', '/**/', 'SELECT 1')],
    ['of a query', filled('CREATE TABLE t AS SELECT 1', ' + 1', ' WITH NO DATA')],
    ['of arguments', filled('EXECUTE p USING 1', ', (1)')],
    ['of nested explanations', filled('', 'EXPLAIN ')],
  ])(
    '%s is read or refused, in a time that does not grow with its square',
    (_, text) => {
      expect(['read', 'refused']).toContain(outcome(text));
    },
    QUADRATIC_MS,
  );
});
