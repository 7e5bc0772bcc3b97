import { describe, expect, it } from 'vitest';
import { parseStatement } from './parse-statement.js';
import { QueryFailure } from './query-failure.js';
import type { CreateTable, Statement } from './statement.js';

const at = (line: number, column: number) => ({ line, column });

const bodyOf = (text: string): Partial<Statement> => {
  const body: Partial<Statement> = parseStatement(text);
  delete body.type;
  delete body.substatement;
  return body;
};

const failureOf = (text: string): QueryFailure => {
  try {
    parseStatement(text);
  } catch (error) {
    if (error instanceof QueryFailure) return error;
    throw error;
  }
  throw new Error(`Not refused: ${text}`);
};

describe('CREATE EXTERNAL TABLE', () => {
  it('is read with all its clauses', () => {
    const statement = parseStatement(`
      -- clicks of the site
      create external table if not exists \`Web\`.Clicks (
        Id bigint comment 'it''s the key', /* nested */
        tags array<struct<Name:string, weight : decimal(10,2)>>
      )
      comment "all clicks"
      partitioned by (dt date, \`hour\` int comment 'UTC')
      clustered by (id, tags) sorted by (id asc, tags desc) into 16 buckets
      row format delimited fields terminated by '\\t' escaped by '\\\\'
        collection items terminated by '\\002' map keys terminated by '\\u0003'
        lines terminated by '\\n' null defined as '\\\\N'
      stored as textfile
      location 's3://bucket/clicks/'
      tblproperties ('projection.enabled'='true', "skip.header.line.count"='1');`);
    expect(statement).toEqual({
      type: 'DDL',
      substatement: 'CREATE_TABLE',
      kind: 'create-table',
      isExternal: true,
      ifNotExists: true,
      table: { database: 'Web', name: 'Clicks' },
      columns: [
        { name: 'id', type: 'bigint', comment: 'its the key' },
        { name: 'tags', type: 'array<struct<name:string,weight:decimal(10,2)>>' },
      ],
      comment: 'all clicks',
      partitionKeys: [
        { name: 'dt', type: 'date' },
        { name: 'hour', type: 'int', comment: 'UTC' },
      ],
      partitionTransforms: [],
      buckets: {
        columns: ['id', 'tags'],
        sortedBy: [
          { column: 'id', isDescending: false },
          { column: 'tags', isDescending: true },
        ],
        count: 16,
      },
      rowFormat: {
        kind: 'delimited',
        fieldDelimiter: '\t',
        escapeCharacter: '\\',
        collectionItemDelimiter: '\u0002',
        mapKeyDelimiter: '\u0003',
        lineDelimiter: '\n',
        nullFormat: '\\N',
      },
      storedAs: { kind: 'format', format: 'textfile' },
      location: 's3://bucket/clicks/',
      properties: { 'projection.enabled': 'true', 'skip.header.line.count': '1' },
    } satisfies Statement);
  });

  it('takes a SerDe, classes, and a backslash in a regular expression', () => {
    expect(
      bodyOf(`CREATE EXTERNAL TABLE logs (line string)
              ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
              WITH SERDEPROPERTIES ("input.regex" = "^(\\\\S+)\\\\s\\"x\\"$", 'n' = '2')
              STORED AS INPUTFORMAT 'a.B' OUTPUTFORMAT 'a.C' LOCATION 's3://b/l'`),
    ).toMatchObject({
      rowFormat: {
        kind: 'serde',
        library: 'org.apache.hadoop.hive.serde2.RegexSerDe',
        properties: { 'input.regex': '^(\\S+)\\s"x"$', n: '2' },
      },
      storedAs: { kind: 'classes', inputFormat: 'a.B', outputFormat: 'a.C' },
    });
  });

  const typeOf = (type: string) =>
    (bodyOf(`CREATE EXTERNAL TABLE t (c ${type}) LOCATION 's3://b/'`) as CreateTable).columns[0]?.type;

  it.each([
    ['INTEGER', 'int'],
    ['double precision', 'double'],
    ['decimal', 'decimal(10,0)'],
    ['DECIMAL(38)', 'decimal(38,0)'],
    ['numeric(5, 5)', 'decimal(5,5)'],
    ['VarChar(65535)', 'varchar(65535)'],
    ['char(1)', 'char(1)'],
    ['map<string, array<int>>', 'map<string,array<int>>'],
    [
      'struct<`From`:timestamp comment "when", n:uniontype<int, struct<a:date>>>',
      'struct<from:timestamp,n:uniontype<int,struct<a:date>>>',
    ],
  ])('has the type %s as %s', (written, stored) => {
    expect(typeOf(written)).toBe(stored);
  });

  it.each([
    ['decimal(39)', 'FAILED: IllegalArgumentException Decimal precision out of allowed range [1,38]'],
    [
      'decimal(2,3)',
      'FAILED: IllegalArgumentException Decimal scale must be less than or equal to precision',
    ],
    [
      'varchar(65536)',
      'FAILED: IllegalArgumentException Varchar length 65536 out of allowed range [1, 65535]',
    ],
    ['char(0)', 'FAILED: IllegalArgumentException Char length 0 out of allowed range [1, 255]'],
    [
      'json',
      "FAILED: ParseException line 1:32 cannot recognize input near 'json' ')' '<EOF>' in column type",
    ],
    [
      'varchar',
      "FAILED: ParseException line 1:39 mismatched input ')' expecting ( near 'varchar' in primitive type specification",
    ],
    [
      'struct<a string>',
      "FAILED: ParseException line 1:41 mismatched input 'string' expecting : near 'a' in struct type",
    ],
    [
      'array<int',
      "FAILED: ParseException line 1:41 mismatched input ')' expecting > near 'int' in array type",
    ],
  ])('refuses the type %s', (type, message) => {
    expect(failureOf(`CREATE EXTERNAL TABLE table1 (c ${type})`).message).toBe(message);
  });

  it('of Iceberg is partitioned by transforms', () => {
    expect(
      bodyOf(`CREATE TABLE t (id bigint, ts timestamp, \`day\` string)
              PARTITIONED BY (\`day\`, day(ts), bucket(16, id), truncate(id, 4), truncate(4, id))
              LOCATION 's3://b/t' TBLPROPERTIES ('table_type'='ICEBERG')`),
    ).toMatchObject({
      isExternal: false,
      partitionKeys: [],
      partitionTransforms: [
        { transform: 'identity', column: 'day' },
        { transform: 'day', column: 'ts' },
        { transform: 'bucket', column: 'id', count: 16 },
        { transform: 'truncate', column: 'id', count: 4 },
        { transform: 'truncate', column: 'id', count: 4 },
      ],
    });
  });
});

describe('statements of each kind', () => {
  it.each<[string, object]>([
    [
      'CREATE SCHEMA IF NOT EXISTS a',
      { kind: 'create-database', ifNotExists: true, name: 'a', properties: {} },
    ],
    [
      `create database \`a-b\` comment 'c' location 's3://x/' with dbproperties ('k'='v', 'Dept.'='x')`,
      {
        kind: 'create-database',
        ifNotExists: false,
        name: 'a-b',
        comment: 'c',
        location: 's3://x/',
        properties: { k: 'v', 'Dept.': 'x' },
      },
    ],
    [
      'DROP DATABASE IF EXISTS a CASCADE',
      { kind: 'drop-database', ifExists: true, isCascade: true, name: 'a' },
    ],
    ['drop schema a restrict;', { kind: 'drop-database', ifExists: false, isCascade: false, name: 'a' }],
    [
      "ALTER SCHEMA a SET DBPROPERTIES ('k'='v')",
      { kind: 'alter-database-set-properties', name: 'a', properties: { k: 'v' } },
    ],
    [
      'DROP TABLE IF EXISTS `my-db.my-table`',
      { kind: 'drop-table', ifExists: true, table: { database: 'my-db', name: 'my-table' } },
    ],
    ['DROP TABLE 123t', { kind: 'drop-table', ifExists: false, table: { name: '123t' } }],
    [
      'ALTER TABLE t ADD COLUMNS (time string, timestamp string, start int, dayofweek int)',
      {
        kind: 'alter-table-add-columns',
        table: { name: 't' },
        columns: [
          { name: 'time', type: 'string' },
          { name: 'timestamp', type: 'string' },
          { name: 'start', type: 'int' },
          { name: 'dayofweek', type: 'int' },
        ],
      },
    ],
    [
      'MSCK REPAIR TABLE awsdatacatalog.a.t',
      { kind: 'msck-repair-table', table: { catalog: 'awsdatacatalog', database: 'a', name: 't' } },
    ],
    [
      `ALTER TABLE a.t ADD IF NOT EXISTS PARTITION (dt = '2020-01-01', hr = 1) LOCATION 's3://b/1'
       PARTITION (dt=DATE '2020-01-02', hr=-2)`,
      {
        kind: 'alter-table-add-partitions',
        table: { database: 'a', name: 't' },
        ifNotExists: true,
        partitions: [
          {
            spec: [
              { key: 'dt', value: '2020-01-01' },
              { key: 'hr', value: '1' },
            ],
            location: 's3://b/1',
          },
          {
            spec: [
              { key: 'dt', value: '2020-01-02' },
              { key: 'hr', value: '-2' },
            ],
          },
        ],
      },
    ],
    [
      "ALTER TABLE t DROP IF EXISTS PARTITION (dt='a'), PARTITION (dt<>'b', `Hour`>=2)",
      {
        kind: 'alter-table-drop-partitions',
        table: { name: 't' },
        ifExists: true,
        conditions: [
          [{ key: 'dt', operator: '=', value: 'a' }],
          [
            { key: 'dt', operator: '!=', value: 'b' },
            { key: 'hour', operator: '>=', value: '2' },
          ],
        ],
      },
    ],
    [
      "ALTER TABLE t PARTITION (dt='a') RENAME TO PARTITION (dt='b')",
      {
        kind: 'alter-table-rename-partition',
        table: { name: 't' },
        from: [{ key: 'dt', value: 'a' }],
        to: [{ key: 'dt', value: 'b' }],
      },
    ],
    [
      'ALTER TABLE t ADD COLUMNS (a int, b string)',
      {
        kind: 'alter-table-add-columns',
        table: { name: 't' },
        columns: [
          { name: 'a', type: 'int' },
          { name: 'b', type: 'string' },
        ],
      },
    ],
    [
      "ALTER TABLE t PARTITION (dt='a') REPLACE COLUMNS (a int)",
      {
        kind: 'alter-table-replace-columns',
        table: { name: 't' },
        partition: [{ key: 'dt', value: 'a' }],
        columns: [{ name: 'a', type: 'int' }],
      },
    ],
    [
      "ALTER TABLE t CHANGE COLUMN A b string COMMENT 'x' AFTER C",
      {
        kind: 'alter-table-change-column',
        table: { name: 't' },
        oldName: 'a',
        column: { name: 'b', type: 'string', comment: 'x' },
        position: { kind: 'after', column: 'c' },
      },
    ],
    [
      'ALTER TABLE t CHANGE a a bigint FIRST',
      {
        kind: 'alter-table-change-column',
        table: { name: 't' },
        oldName: 'a',
        column: { name: 'a', type: 'bigint' },
        position: { kind: 'first' },
      },
    ],
    ['ALTER TABLE t DROP COLUMN a', { kind: 'alter-table-drop-column', table: { name: 't' }, column: 'a' }],
    [
      'ALTER TABLE a.t RENAME TO b.u',
      { kind: 'alter-table-rename', table: { database: 'a', name: 't' }, to: { database: 'b', name: 'u' } },
    ],
    [
      "ALTER TABLE t PARTITION (zip='98040') SET LOCATION 's3://b/c/'",
      {
        kind: 'alter-table-set-location',
        table: { name: 't' },
        partition: [{ key: 'zip', value: '98040' }],
        location: 's3://b/c/',
      },
    ],
    [
      `ALTER TABLE t SET TBLPROPERTIES ('notes'="Please don't.", 'compression_level' = 4)`,
      {
        kind: 'alter-table-set-properties',
        table: { name: 't' },
        properties: { notes: "Please don't.", compression_level: '4' },
      },
    ],
    [
      "ALTER TABLE t UNSET TBLPROPERTIES ('a', 'b')",
      { kind: 'alter-table-unset-properties', table: { name: 't' }, ifExists: false, names: ['a', 'b'] },
    ],
    ["SHOW SCHEMAS LIKE '.*x'", { kind: 'show-databases', pattern: '.*x' }],
    ['show databases', { kind: 'show-databases' }],
    ["SHOW TABLES IN `a-b` '*flights*'", { kind: 'show-tables', database: 'a-b', pattern: '*flights*' }],
    ["SHOW VIEWS IN a LIKE 'o*'", { kind: 'show-views', database: 'a', pattern: 'o*' }],
    ['SHOW COLUMNS IN t FROM a', { kind: 'show-columns', table: { database: 'a', name: 't' } }],
    [
      "SHOW PARTITIONS a.t PARTITION (dt='1')",
      {
        kind: 'show-partitions',
        table: { database: 'a', name: 't' },
        partition: [{ key: 'dt', value: '1' }],
      },
    ],
    [
      'SHOW CREATE TABLE `salesdata.clicks`;',
      { kind: 'show-create-table', table: { database: 'salesdata', name: 'clicks' } },
    ],
    [
      "SHOW TBLPROPERTIES t('comment')",
      { kind: 'show-properties', table: { name: 't' }, property: 'comment' },
    ],
    ['DESC t', { kind: 'describe-table', table: { name: 't' }, detail: 'plain' }],
    [
      'DESCRIBE TABLE t',
      { kind: 'describe-table', table: { name: 'TABLE' }, detail: 'plain', columnPath: ['t'] },
    ],
    [
      "DESCRIBE FORMATTED a.t PARTITION (p = 100) c.m.'$elem$'",
      {
        kind: 'describe-table',
        table: { database: 'a', name: 't' },
        detail: 'formatted',
        partition: [{ key: 'p', value: '100' }],
        columnPath: ['c', 'm', '$elem$'],
      },
    ],
    ['SHOW CREATE VIEW v', { kind: 'show-create-view', name: { name: 'v' } }],
    [
      'CREATE OR REPLACE VIEW "123 v" AS SELECT "a;b" FROM t -- end',
      {
        kind: 'create-view',
        orReplace: true,
        name: { name: '123 v' },
        query: 'SELECT "a;b" FROM t',
        place: at(1, 34),
      },
    ],
    ['DROP VIEW IF EXISTS a.v', { kind: 'drop-view', ifExists: true, name: { database: 'a', name: 'v' } }],
    ["  SELECT 'it\\', ';' ;\n", { kind: 'select', text: "SELECT 'it\\', ';'", place: at(1, 2) }],
    ['(VALUES 1) UNION SELECT 2', { kind: 'select', text: '(VALUES 1) UNION SELECT 2', place: at(1, 0) }],
    [
      'with a as (select 1) select * from a',
      { kind: 'select', text: 'with a as (select 1) select * from a', place: at(1, 0) },
    ],
    [
      `CREATE TABLE "a"."t" WITH (format = 'PARQUET', partitioned_by = ARRAY['x', 'y'], bucket_count=-3, Is_External = false)
       AS SELECT 1 AS x WITH NO DATA`,
      {
        kind: 'create-table-as',
        table: { database: 'a', name: 't' },
        ifNotExists: false,
        properties: { format: 'PARQUET', partitioned_by: ['x', 'y'], bucket_count: -3, is_external: false },
        withData: false,
        query: 'SELECT 1 AS x',
        place: at(2, 10),
      },
    ],
    [
      'CREATE TABLE IF NOT EXISTS t AS (SELECT 1 AS x)',
      {
        kind: 'create-table-as',
        table: { name: 't' },
        ifNotExists: true,
        properties: {},
        withData: true,
        query: '(SELECT 1 AS x)',
        place: at(1, 32),
      },
    ],
    [
      'INSERT INTO a.t (x, "Y") VALUES (1, 2)',
      {
        kind: 'insert',
        table: { database: 'a', name: 't' },
        columns: ['x', 'Y'],
        query: 'VALUES (1, 2)',
        place: at(1, 25),
      },
    ],
    [
      'INSERT INTO t (SELECT 1)',
      { kind: 'insert', table: { name: 't' }, query: '(SELECT 1)', place: at(1, 14) },
    ],
    [
      "UNLOAD (SELECT f(')') FROM (SELECT 1)) TO 's3://b/p/' WITH (format='JSON', compression = 'gzip')",
      {
        kind: 'unload',
        query: "SELECT f(')') FROM (SELECT 1)",
        place: at(1, 8),
        to: 's3://b/p/',
        properties: { format: 'JSON', compression: 'gzip' },
      },
    ],
    [
      'EXPLAIN (TYPE io, FORMAT json) SELECT 1',
      {
        kind: 'explain',
        isAnalyze: false,
        options: { type: 'IO', format: 'JSON' },
        text: 'SELECT 1',
        statement: {
          type: 'DML',
          substatement: 'SELECT',
          kind: 'select',
          text: 'SELECT 1',
          place: at(1, 31),
        },
      },
    ],
    [
      'PREPARE p FROM INSERT INTO t SELECT ?',
      {
        kind: 'prepare',
        name: 'p',
        text: 'INSERT INTO t SELECT ?',
        statement: {
          type: 'DML',
          substatement: 'INSERT',
          kind: 'insert',
          table: { name: 't' },
          query: 'SELECT ?',
          place: at(1, 29),
        },
      },
    ],
    [
      "EXECUTE p USING 1, 'a,b', f(1, 2), ARRAY[1,2]",
      { kind: 'execute', name: 'p', arguments: ['1', "'a,b'", 'f(1, 2)', 'ARRAY[1,2]'] },
    ],
    ['DEALLOCATE PREPARE p', { kind: 'deallocate', name: 'p' }],
    [
      "DELETE FROM t WHERE x = 'a'",
      { kind: 'delete', table: { name: 't' }, text: "DELETE FROM t WHERE x = 'a'", place: at(1, 0) },
    ],
    [
      'UPDATE t SET x = 1',
      { kind: 'update', table: { name: 't' }, text: 'UPDATE t SET x = 1', place: at(1, 0) },
    ],
    [
      'VACUUM a.t',
      { kind: 'vacuum', table: { database: 'a', name: 't' }, text: 'VACUUM a.t', place: at(1, 0) },
    ],
    [
      'OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE a = 1;',
      {
        kind: 'optimize',
        table: { name: 't' },
        text: 'OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE a = 1',
        place: at(1, 0),
      },
    ],
  ])('%s', (text, body) => {
    expect(bodyOf(text)).toEqual(body);
  });

  it('keeps a property that is called like a member of every object', () => {
    const { properties } = bodyOf("ALTER TABLE t SET TBLPROPERTIES ('__proto__'='x')") as {
      properties: object;
    };
    expect(Object.entries(properties)).toEqual([['__proto__', 'x']]);
  });
});

describe('what is not a statement', () => {
  const STATEMENTS =
    "'ALTER', 'ANALYZE', 'CALL', 'COMMENT', 'COMMIT', 'CREATE', 'DEALLOCATE', 'DELETE', 'DENY', 'DESC', 'DESCRIBE', " +
    "'DROP', 'EXECUTE', 'EXPLAIN', 'GRANT', 'INSERT', 'MERGE', 'PREPARE', 'REFRESH', 'RESET', 'REVOKE', 'ROLLBACK', " +
    "'SET', 'SHOW', 'START', 'TRUNCATE', 'UNLOAD', 'UPDATE', 'USE', <query>";

  it.each([
    ['', `line 1:1: mismatched input '<EOF>'. Expecting: ${STATEMENTS}`],
    ['\n  SELEC 1', `line 2:3: mismatched input 'SELEC'. Expecting: ${STATEMENTS}`],
    [
      'CREATE EXTERNL TABLE t',
      "line 1:8: mismatched input 'EXTERNL'. Expecting: 'MATERIALIZED', 'OR', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW'",
    ],
    ['DROP TABLE "t"', `line 1:12: no viable alternative at input 'DROP TABLE "t"'`],
    [
      'ALTER TABLE a."t" ADD COLUMNS (x int)',
      `line 1:15: no viable alternative at input 'ALTER TABLE a."t"'`,
    ],
    [
      'CREATE EXTERNAL TABLE t (a int)',
      'No location was specified for table. An S3 location must be specified',
    ],
    ['SELECT 1; SELECT 2', 'Only one sql statement is allowed. Got: SELECT 1; SELECT 2'],
    ['SELECT 1;;', 'Only one sql statement is allowed. Got: SELECT 1;;'],
    [
      'MSCK REPAIR TABLE t; SELECT 1',
      'Only one sql statement is allowed. Got: MSCK REPAIR TABLE t; SELECT 1',
    ],
    ['GRANT SELECT ON t TO u', 'Queries of this type are not supported'],
    ['EXPLAIN EXPLAIN SELECT 1', 'Queries of this type are not supported'],
    ['PREPARE p FROM DEALLOCATE PREPARE p', 'Queries of this type are not supported'],
    [
      'DROP VIEW `v`',
      'line 1:11: backquoted identifiers are not supported; use double quotes to quote identifiers',
    ],
    [
      'DROP VIEW 1v',
      'line 1:11: identifiers must not start with a digit; surround the identifier with double quotes',
    ],
    ['CREATE VIEW v SELECT 1', "line 1:15: mismatched input 'SELECT'. Expecting: 'AS'"],
    ["SELECT 'abc", "line 1:8: mismatched input '''. Expecting: <expression>"],
    ['UNLOAD (SELECT 1) TO s3://x', "line 1:22: mismatched input 's3'. Expecting: <string>"],
  ])('%s is refused when it is handed in', (text, message) => {
    expect(failureOf(text)).toMatchObject({ message, at: 'submission', category: 2 });
  });

  it.each([
    ['CREATE DATABASE my-db', "FAILED: ParseException line 1:18 missing EOF at '-' near 'my'"],
    ['DROP TABLE a.b-c', "FAILED: ParseException line 1:14 missing EOF at '-' near 'b'"],
    [
      'DROP DATABASE table',
      "FAILED: ParseException line 1:14 Failed to recognize predicate 'table'. Failed rule: 'identifier' in drop database statement",
    ],
    [
      'DROP TABLE IF EXIST t',
      "FAILED: ParseException line 1:14 mismatched input 'EXIST' expecting EXISTS near 'IF' in drop table statement",
    ],
    [
      'DROP TABLE _t',
      "FAILED: ParseException line 1:11 cannot recognize input near '_t' '<EOF>' '<EOF>' in table name",
    ],
    [
      'CREATE EXTERNAL TABLE t (\n  date int)',
      "FAILED: ParseException line 2:2 Failed to recognize predicate 'date'. Failed rule: 'identifier' in column specification",
    ],
    [
      'CREATE EXTERNAL TABLE t (a int,)',
      "FAILED: ParseException line 1:31 cannot recognize input near ')' '<EOF>' '<EOF>' in column specification",
    ],
    [
      "CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b' STORED AS ORC",
      "FAILED: ParseException line 1:50 missing EOF at 'STORED' near ''s3://b''",
    ],
    [
      "ALTER TABLE t ADD PARTITION (dt > '1')",
      "FAILED: ParseException line 1:32 mismatched input '>' expecting = near 'dt' in partition specification",
    ],
    [
      'ALTER TABLE t TOUCH',
      "FAILED: ParseException line 1:14 cannot recognize input near 'TOUCH' '<EOF>' '<EOF>' in alter table statement",
    ],
    [
      "CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b",
      "FAILED: ParseException line 1:41 mismatched input ''s3://b' expecting StringLiteral near 'LOCATION' in table location specification",
    ],
    [
      'MSCK TABLE t',
      "FAILED: ParseException line 1:5 mismatched input 'TABLE' expecting REPAIR near 'MSCK' in metastore check statement",
    ],
  ])('%s fails', (text, message) => {
    expect(failureOf(text)).toMatchObject({ message, at: 'execution', category: 1, errorType: 1003 });
  });
});

/** Some ten times what a busy machine needs; a reader that looks at every rest again needs minutes. */
const QUADRATIC_MS = 20_000;

describe('hostile texts', () => {
  it.each([
    ['nested types', `CREATE EXTERNAL TABLE t (a ${'array<'.repeat(50_000)}int`],
    ['nested arrays of properties', `CREATE TABLE t WITH (a = ${'ARRAY['.repeat(50_000)}`],
    ['statements in statements', 'EXPLAIN '.repeat(50_000)],
    ['open parentheses', `UNLOAD ${'('.repeat(200_000)}`],
    ['open comments', `${'/*'.repeat(100_000)}`],
  ])(
    '%s are refused, in a time that does not grow with their square',
    (_, text) => {
      expect(failureOf(text).message.length).toBeGreaterThan(0);
    },
    QUADRATIC_MS,
  );
});
