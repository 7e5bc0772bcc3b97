// Random statements as lists of words, so that words can be taken out, changed and put elsewhere.
import fc from 'fast-check';

type Words = fc.Arbitrary<string[]>;

const words = (...text: string[]): Words => fc.constant(text.flatMap((part) => part.split(' ')));
/** One of the texts, in words; '' is none. */
const choice = (...texts: string[]): Words =>
  fc.constantFrom(...texts).map((text) => text.split(' ').filter((word) => word !== ''));
const inOrder = (...parts: Words[]): Words => fc.tuple(...parts).map((all) => all.flat());
const perhaps = (part: Words): Words => fc.oneof(choice(''), part);
const listOf = (item: Words, most = 3): Words =>
  fc
    .array(item, { minLength: 1, maxLength: most })
    .map((items) => items.flatMap((each, index) => (index === 0 ? each : [',', ...each])));
const inParentheses = (inside: Words): Words => inside.map((each) => ['(', ...each, ')']);
const after = (introduction: string, part: Words): Words =>
  part.map((each) => [...introduction.split(' '), ...each]);

/** Names that no grammar reserves, bare and in back quotes. */
export const plainName = fc.constantFrom('a', 'b1', 'Clicks', 'year_', '`date`', '`a-b`', '`x y`', 'tags');
const name: Words = plainName.map((text) => [text]);
const string: Words = fc
  .constantFrom("''", "'x'", '"y"', "'it\\'s'", "'\\t'", "'s3://b/c/'", "'a\"b'", "'TRUE'", "';--'")
  .map((text) => [text]);
const number: Words = fc.constantFrom('0', '1', '16', '2020').map((text) => [text]);
const tableName: Words = fc.oneof(
  name,
  fc.tuple(plainName, plainName).map(([a, b]) => [a, '.', b]),
);

const PLAIN_TYPES = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'string',
  'binary',
  'date',
];

/** Hive's types, nested a few levels. */
export const type: Words = fc.letrec<{ type: string[] }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...PLAIN_TYPES, 'timestamp').map((text) => [text]),
    words('decimal ( 10 , 2 )'),
    words('varchar ( 20 )'),
    words('char ( 3 )'),
    tie('type').map((inside) => ['array', '<', ...inside, '>']),
    tie('type').map((inside) => ['map', '<', 'string', ',', ...inside, '>']),
    listOf(inOrder(name, words(':'), tie('type'))).map((inside) => ['struct', '<', ...inside, '>']),
    listOf(tie('type')).map((inside) => ['uniontype', '<', ...inside, '>']),
  ),
})).type;

const column = inOrder(name, type, perhaps(after('COMMENT', string)));
const columns = inParentheses(listOf(column));
const properties = inParentheses(listOf(inOrder(string, words('='), string)));
const partition = after(
  'PARTITION',
  inParentheses(listOf(inOrder(name, words('='), fc.oneof(string, number)))),
);

const createTable = inOrder(
  words('CREATE EXTERNAL TABLE'),
  perhaps(words('IF NOT EXISTS')),
  tableName,
  perhaps(columns),
  perhaps(after('COMMENT', string)),
  perhaps(after('PARTITIONED BY', columns)),
  perhaps(
    inOrder(
      after('CLUSTERED BY', inParentheses(listOf(name))),
      perhaps(after('SORTED BY', inParentheses(listOf(inOrder(name, choice('', 'ASC', 'DESC')))))),
      after('INTO', number),
      words('BUCKETS'),
    ),
  ),
  perhaps(
    fc.oneof(
      inOrder(after('ROW FORMAT SERDE', string), perhaps(after('WITH SERDEPROPERTIES', properties))),
      inOrder(
        words('ROW FORMAT DELIMITED'),
        perhaps(inOrder(after('FIELDS TERMINATED BY', string), perhaps(after('ESCAPED BY', string)))),
        perhaps(after('COLLECTION ITEMS TERMINATED BY', string)),
        perhaps(after('MAP KEYS TERMINATED BY', string)),
        perhaps(after('LINES TERMINATED BY', string)),
        perhaps(after('NULL DEFINED AS', string)),
      ),
    ),
  ),
  perhaps(
    fc.oneof(
      fc.constantFrom('PARQUET', 'ORC', 'TEXTFILE', 'avro').map((format) => ['STORED', 'AS', format]),
      inOrder(after('STORED AS INPUTFORMAT', string), after('OUTPUTFORMAT', string)),
    ),
  ),
  after('LOCATION', string),
  perhaps(after('TBLPROPERTIES', properties)),
);

const database = choice('DATABASE', 'SCHEMA');
const alterTable = (...parts: Words[]) => inOrder(words('ALTER TABLE'), tableName, ...parts);

/** Statements in Hive's grammar. */
export const hiveStatement: Words = fc.oneof(
  { weight: 8, arbitrary: createTable },
  inOrder(
    words('CREATE'),
    database,
    perhaps(words('IF NOT EXISTS')),
    name,
    perhaps(after('COMMENT', string)),
    perhaps(after('LOCATION', string)),
    perhaps(after('WITH DBPROPERTIES', properties)),
  ),
  inOrder(words('DROP'), database, perhaps(words('IF EXISTS')), name, choice('', 'CASCADE', 'RESTRICT')),
  inOrder(words('ALTER'), database, name, after('SET DBPROPERTIES', properties)),
  inOrder(words('DROP TABLE'), perhaps(words('IF EXISTS')), tableName),
  inOrder(words('MSCK REPAIR TABLE'), tableName),
  alterTable(
    words('ADD'),
    perhaps(words('IF NOT EXISTS')),
    fc
      .array(inOrder(partition, perhaps(after('LOCATION', string))), { minLength: 1, maxLength: 3 })
      .map((all) => all.flat()),
  ),
  alterTable(words('DROP'), perhaps(words('IF EXISTS')), listOf(partition)),
  alterTable(partition, words('RENAME TO'), partition),
  alterTable(perhaps(partition), choice('ADD', 'REPLACE'), words('COLUMNS'), columns),
  alterTable(
    perhaps(partition),
    choice('CHANGE', 'CHANGE COLUMN'),
    name,
    column,
    fc.oneof(choice('', 'FIRST'), after('AFTER', name)),
  ),
  alterTable(perhaps(partition), after('SET LOCATION', string)),
  alterTable(after('SET TBLPROPERTIES', properties)),
  inOrder(words('SHOW'), choice('DATABASES', 'SCHEMAS'), perhaps(after('LIKE', string))),
  inOrder(words('SHOW TABLES'), perhaps(after('IN', name)), perhaps(string)),
  inOrder(words('SHOW VIEWS'), perhaps(after('IN', name)), perhaps(after('LIKE', string))),
  inOrder(words('SHOW COLUMNS'), choice('IN', 'FROM'), tableName, perhaps(after('IN', name))),
  inOrder(words('SHOW PARTITIONS'), tableName, perhaps(partition)),
  inOrder(words('SHOW CREATE TABLE'), tableName),
  inOrder(words('SHOW TBLPROPERTIES'), tableName, perhaps(inParentheses(string))),
  inOrder(
    choice('DESCRIBE', 'DESC'),
    choice('', 'FORMATTED', 'EXTENDED'),
    tableName,
    perhaps(partition),
    perhaps(name),
  ),
);

const trinoName = fc.constantFrom('a', 'b1', '"date"', '"a-b"', '"1x"').map((text) => [text]);
const trinoTable: Words = fc.oneof(
  trinoName,
  fc.tuple(trinoName, trinoName).map(([a, b]) => [...a, '.', ...b]),
);
const trinoString = fc.constantFrom("'x'", "'it''s'", "'a\\'", "''").map((text) => [text]);
const trinoValue: Words = fc.oneof(
  trinoString,
  number,
  choice('true', 'FALSE'),
  listOf(trinoString).map((items) => ['ARRAY', '[', ...items, ']']),
);
const trinoProperties = after('WITH', inParentheses(listOf(inOrder(trinoName, words('='), trinoValue))));

/** The query that every statement in Trino's grammar ends with: one word, so that nothing is changed in it. */
const query: Words = fc
  .constantFrom('SELECT 1', 'VALUES (1, 2)', 'WITH q AS (SELECT 1) SELECT * FROM q')
  .map((text) => [text]);

/** Statements in Trino's grammar around a query. */
export const trinoStatement: Words = fc.oneof(
  inOrder(
    words('CREATE TABLE'),
    perhaps(words('IF NOT EXISTS')),
    trinoTable,
    perhaps(trinoProperties),
    words('AS'),
    query,
    perhaps(choice('WITH DATA', 'WITH NO DATA')),
  ),
  inOrder(words('CREATE'), perhaps(words('OR REPLACE')), words('VIEW'), trinoTable, words('AS'), query),
  inOrder(words('DROP VIEW'), perhaps(words('IF EXISTS')), trinoTable),
  inOrder(words('SHOW CREATE VIEW'), trinoTable),
  inOrder(words('INSERT INTO'), trinoTable, perhaps(inParentheses(listOf(trinoName))), query),
  inOrder(words('PREPARE'), trinoName, words('FROM'), query),
  inOrder(words('EXECUTE'), trinoName, perhaps(after('USING', listOf(fc.oneof(trinoString, number))))),
  inOrder(words('DEALLOCATE PREPARE'), trinoName),
  inOrder(
    words('EXPLAIN'),
    perhaps(inParentheses(listOf(choice('TYPE LOGICAL', 'TYPE IO', 'FORMAT JSON', 'FORMAT TEXT'), 2))),
    query,
  ),
  inOrder(words('DELETE FROM'), trinoTable, perhaps(words('WHERE a = 1'))),
);

type Mutation =
  { kind: 'drop' | 'double' | 'swap'; at: number } | { kind: 'replace' | 'insert'; at: number; word: string };

const STRAY_WORDS =
  "TABLE EXISTS BY COMMENT PARTITION AS WITH IN FROM ( ) , = < > : . 1 `q` 's' foo int select $ ; @".split(
    ' ',
  );

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constantFrom<'drop' | 'double' | 'swap'>('drop', 'double', 'swap'), at: fc.nat(60) }),
  fc.record({
    kind: fc.constantFrom<'replace' | 'insert'>('replace', 'insert'),
    at: fc.nat(60),
    word: fc.constantFrom(...STRAY_WORDS),
  }),
);

function changed(statement: readonly string[], change: Mutation): string[] {
  const at = change.at % statement.length;
  const [before, word, rest] = [statement.slice(0, at), statement[at] as string, statement.slice(at + 1)];
  switch (change.kind) {
    case 'drop':
      return [...before, ...rest];
    case 'double':
      return [...before, word, word, ...rest];
    case 'swap':
      return [...before, ...rest.slice(0, 1), word, ...rest.slice(1)];
    case 'replace':
      return [...before, change.word, ...rest];
    case 'insert':
      return [...before, change.word, word, ...rest];
  }
}

/** A statement with one word or two dropped, doubled, moved, replaced or put in. */
export const damaged = (statement: Words): Words =>
  fc
    .tuple(statement, fc.array(mutation, { minLength: 1, maxLength: 2 }))
    .map(([given, changes]) =>
      changes.reduce((current, change) => (current.length === 0 ? current : changed(current, change)), given),
    );
