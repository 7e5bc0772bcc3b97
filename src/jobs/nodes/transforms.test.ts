// Each transform: rows in, rows out.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AggFunction, CodeGenConfigurationNode, FilterExpression } from '@aws-sdk/client-glue';
import {
  jsonSource,
  openJobHarness,
  parquetTarget,
  type JobHarness,
} from '../../../test/jobs/job-harness.js';

let jobs: JobHarness;
beforeAll(async () => {
  jobs = await openJobHarness();
});
afterAll(() => jobs.close());

type Row = Record<string, unknown>;

async function transform(rows: Row[], node: CodeGenConfigurationNode, right?: Row[]): Promise<Row[]> {
  jobs.clear();
  const lines = (each: Row[]) => each.map((row) => JSON.stringify(row)).join('\n');
  await jobs.put('left/a.json', lines(rows));
  if (right) await jobs.put('right/a.json', lines(right));
  await jobs.run({
    a: jsonSource('left/'),
    ...(right && { b: jsonSource('right/') }),
    x: node,
    t: parquetTarget('x'),
  });
  return (await jobs.rows()).map(plain);
}

/** Whole numbers come out of DuckDB as text, so that none is too large. */
function plain(row: Row): Row {
  return JSON.parse(JSON.stringify(row)) as Row;
}

describe('ApplyMapping', () => {
  const mapping = (Mapping: object[]): CodeGenConfigurationNode => ({
    ApplyMapping: { Name: 'Map', Inputs: ['a'], Mapping },
  });

  test('renames, reorders, drops and reaches into structs', async () => {
    const rows = [{ id: 1, geo: { lat: 1.5, lon: 2.5 }, secret: 'x' }, { id: 2 }];
    const node = mapping([
      { ToKey: 'latitude', FromPath: ['geo', 'lat'], FromType: 'double', ToType: 'double' },
      { ToKey: 'key', FromPath: ['id'], FromType: 'long', ToType: 'string' },
      { FromPath: ['secret'], Dropped: true },
    ]);
    expect(await transform(rows, node)).toEqual([
      { latitude: 1.5, key: '1' },
      { latitude: null, key: '2' },
    ]);
  });

  test('a dot in ToKey makes a struct, backticks keep it', async () => {
    const node = mapping([
      { ToKey: 'out.a', FromPath: ['a'], FromType: 'long', ToType: 'long' },
      { ToKey: 'out.b', FromPath: ['b'], FromType: 'string', ToType: 'string' },
      { ToKey: '`x.y`', FromPath: ['a'], FromType: 'long', ToType: 'int' },
    ]);
    expect(await transform([{ a: 1, b: 'q' }], node)).toEqual([{ out: { a: '1', b: 'q' }, 'x.y': 1 }]);
  });

  test('Children change a struct from inside, and a null struct stays null', async () => {
    const node = mapping([
      {
        ToKey: 'place',
        FromPath: ['geo'],
        ToType: 'struct',
        Children: [
          { ToKey: 'y', FromPath: ['lat'], FromType: 'double', ToType: 'string' },
          { ToKey: 'lon', FromPath: ['lon'], Dropped: true },
        ],
      },
    ]);
    expect(await transform([{ geo: { lat: 1.5, lon: 2 } }, { geo: null }], node)).toEqual([
      { place: { y: '1.5' } },
      { place: null },
    ]);
  });

  test.each([
    ['12', 'string', 'int', 12],
    ['12.9', 'string', 'int', 12],
    ['-12.9', 'string', 'long', '-12'],
    ['1e3', 'string', 'int', null],
    ['x', 'string', 'int', null],
    [' 7 ', 'string', 'int', 7],
    ['99999999999', 'string', 'int', null],
    ['1.25', 'string', 'double', 1.25],
    ['abc', 'string', 'double', null],
    ['1.239', 'string', 'decimal(5,2)', '1.24'],
    ['true', 'string', 'boolean', true],
    ['2024-02-03', 'string', 'date', '2024-02-03'],
    ['2024-02-03T04:05:06', 'string', 'date', '2024-02-03'],
    ['2024-02-30', 'string', 'date', null],
    ['2024-02-03T04:05:06Z', 'string', 'timestamp', '2024-02-03 04:05:06'],
    [2.9, 'double', 'int', 2],
    [-2.9, 'double', 'long', '-2'],
    [1e30, 'double', 'long', null],
    [300, 'long', 'byte', null],
    [1, 'long', 'boolean', true],
    [86400, 'long', 'timestamp', '1970-01-02 00:00:00'],
    [2.5, 'double', 'string', '2.5'],
    [['a', 'b'], 'array', 'string', '["a","b"]'],
  ])('casts %j from %s to %s', async (value, FromType, ToType, expected) => {
    const node = mapping([{ ToKey: 'v', FromPath: ['v'], FromType, ToType }]);
    expect(await transform([{ v: value }], node)).toEqual([{ v: expected }]);
  });

  test('two mappings onto one key are refused', async () => {
    const one = { ToKey: 'k', FromPath: ['a'], FromType: 'long', ToType: 'long' };
    await expect(transform([{ a: 1 }], mapping([one, one]))).rejects.toThrow(
      'Node "Map" (ApplyMapping): two mappings have the ToKey "k".',
    );
  });
});

describe('SelectFields, DropFields and RenameField', () => {
  const rows = [{ a: 1, s: { x: 'q', y: { z: 2, w: 3 } }, b: true }];

  test.each<[string, CodeGenConfigurationNode, Row]>([
    [
      'select in the order asked',
      { SelectFields: { Name: 'N', Inputs: ['a'], Paths: [['b'], ['a']] } },
      { b: true, a: '1' },
    ],
    [
      'select inside structs',
      { SelectFields: { Name: 'N', Inputs: ['a'], Paths: [['s', 'y', 'w']] } },
      { s: { y: { w: '3' } } },
    ],
    [
      'select without regard to case',
      { SelectFields: { Name: 'N', Inputs: ['a'], Paths: [['A']] } },
      { a: '1' },
    ],
    [
      'select by a dotted path',
      { SelectFields: { Name: 'N', Inputs: ['a'], Paths: [['s.x']] } },
      { s: { x: 'q' } },
    ],
    [
      'drop',
      { DropFields: { Name: 'N', Inputs: ['a'], Paths: [['b'], ['s', 'y']] } },
      { a: '1', s: { x: 'q' } },
    ],
    [
      'drop all of a struct',
      { DropFields: { Name: 'N', Inputs: ['a'], Paths: [['s', 'x'], ['s', 'y'], ['b']] } },
      { a: '1' },
    ],
    [
      'rename in place',
      { RenameField: { Name: 'N', Inputs: ['a'], SourcePath: ['a'], TargetPath: ['A b"c'] } },
      { 'A b"c': '1', s: { x: 'q', y: { z: '2', w: '3' } }, b: true },
    ],
    [
      'rename inside a struct',
      { RenameField: { Name: 'N', Inputs: ['a'], SourcePath: ['s', 'x'], TargetPath: ['s', 'q'] } },
      { a: '1', s: { y: { z: '2', w: '3' }, q: 'q' }, b: true },
    ],
    [
      'rename out of a struct',
      { RenameField: { Name: 'N', Inputs: ['a'], SourcePath: ['s', 'x'], TargetPath: ['x'] } },
      { a: '1', s: { y: { z: '2', w: '3' } }, b: true, x: 'q' },
    ],
  ])('%s', async (_what, node, expected) => {
    const [row] = await transform(rows, node);
    expect(row).toEqual(expected);
    expect(Object.keys(row as Row)).toEqual(Object.keys(expected));
  });

  test('a struct that is null stays null when it is pruned', async () => {
    const node = { DropFields: { Name: 'N', Inputs: ['a'], Paths: [['s', 'x']] } };
    expect(await transform([{ s: { x: 1, y: 2 } }, { s: null }], node)).toEqual([
      { s: { y: '2' } },
      { s: null },
    ]);
  });
});

describe('Filter', () => {
  const rows = [
    { n: 1, t: 'John', m: 1 },
    { n: 2, t: 'Johnny', m: 5 },
    { n: null, t: null, m: 0 },
  ];
  const column = (name: string) => ({ Type: 'COLUMNEXTRACTED' as const, Value: [name] });
  const constant = (value: string) => ({ Type: 'CONSTANT' as const, Value: [value] });
  const kept = async (LogicalOperator: 'AND' | 'OR', ...Filters: FilterExpression[]) => {
    const node = { Filter: { Name: 'F', Inputs: ['a'], LogicalOperator, Filters } };
    return (await transform(rows, node)).map((row) => row.m);
  };

  test.each<[string, FilterExpression, string[]]>([
    ['EQ', { Operation: 'EQ', Values: [column('n'), constant('1')] }, ['1']],
    ['LT', { Operation: 'LT', Values: [column('n'), constant('1.5')] }, ['1']],
    ['LTE', { Operation: 'LTE', Values: [column('n'), constant('2')] }, ['1', '5']],
    ['GT', { Operation: 'GT', Values: [column('n'), constant('1')] }, ['5']],
    ['GTE', { Operation: 'GTE', Values: [column('n'), column('m')] }, ['1']],
    ['a constant first', { Operation: 'GT', Values: [constant('2'), column('n')] }, ['1']],
    ['REGEX from the start', { Operation: 'REGEX', Values: [column('t'), constant('John$')] }, ['1']],
    ['REGEX as a prefix', { Operation: 'REGEX', Values: [column('t'), constant('Jo|x')] }, ['1', '5']],
    ['REGEX not in the middle', { Operation: 'REGEX', Values: [column('t'), constant('ohn')] }, []],
    ['ISNULL', { Operation: 'ISNULL', Values: [column('t')] }, ['0']],
    ['not ISNULL', { Operation: 'ISNULL', Negated: true, Values: [column('t')] }, ['1', '5']],
    [
      'a negated comparison, true of nulls',
      { Operation: 'EQ', Negated: true, Values: [column('n'), constant('1')] },
      ['5', '0'],
    ],
    ['a quote in a constant', { Operation: 'EQ', Values: [column('t'), constant("x' OR 1=1 --")] }, []],
  ])('%s', async (_what, filter, expected) => {
    expect(await kept('AND', filter)).toEqual(expected);
  });

  test('AND needs all and OR any of the conditions', async () => {
    const isOne: FilterExpression = { Operation: 'EQ', Values: [column('n'), constant('1')] };
    const isNull: FilterExpression = { Operation: 'ISNULL', Values: [column('n')] };
    expect(await kept('AND', isOne, isNull)).toEqual([]);
    expect(await kept('OR', isOne, isNull)).toEqual(['1', '0']);
  });
});

describe('Join', () => {
  const left = [
    { id: 1, l: 'a' },
    { id: 2, l: 'b' },
    { id: null, l: 'n' },
  ];
  const right = [
    { key: 2, r: 'x' },
    { key: 2, r: 'y' },
    { key: 3, r: 'z' },
    { key: null, r: 'n' },
  ];
  const node = (JoinType: string): CodeGenConfigurationNode => ({
    Join: {
      Name: 'J',
      Inputs: ['a', 'b'],
      JoinType: JoinType as 'left',
      Columns: [
        { From: 'b', Keys: [['key']] },
        { From: 'a', Keys: [['id']] },
      ],
    },
  });

  test.each([
    ['equijoin', ['b/x', 'b/y']],
    ['left', ['a/null', 'b/x', 'b/y', 'n/null']],
    ['right', ['b/x', 'b/y', 'null/n', 'null/z']],
    ['outer', ['a/null', 'b/x', 'b/y', 'n/null', 'null/n', 'null/z']],
    ['leftsemi', ['b']],
    ['leftanti', ['a', 'n']],
  ])('%s', async (type, expected) => {
    const rows = await transform(left, node(type), right);
    const pairs = rows.map((row) => ('r' in row ? `${String(row.l)}/${String(row.r)}` : String(row.l)));
    expect(pairs.sort()).toEqual(expected);
  });

  test('an equijoin puts a dot before a name that both have, other joins refuse it', async () => {
    const same = (JoinType: 'equijoin' | 'left'): CodeGenConfigurationNode => ({
      Join: {
        Name: 'J',
        Inputs: ['a', 'b'],
        JoinType,
        Columns: [
          { From: 'a', Keys: [['id']] },
          { From: 'b', Keys: [['id']] },
        ],
      },
    });
    const rows = [{ id: 1, v: 'x' }];
    expect(await transform([{ id: 1 }], same('equijoin'), rows)).toEqual([{ id: '1', '.id': '1', v: 'x' }]);
    await expect(transform([{ id: 1 }], same('left'), rows)).rejects.toThrow(
      'both inputs have a column "id"; rename it in one of them before the join.',
    );
  });
});

describe('Union', () => {
  const node = (UnionType: 'ALL' | 'DISTINCT'): CodeGenConfigurationNode => ({
    Union: { Name: 'U', Inputs: ['a', 'b'], UnionType },
  });

  test('ALL keeps every row, goes by position and widens types', async () => {
    expect(await transform([{ a: 1 }, { a: 1 }], node('ALL'), [{ b: 2.5 }])).toEqual([
      { a: 1 },
      { a: 1 },
      { a: 2.5 },
    ]);
  });
  test('DISTINCT keeps one of each', async () => {
    const rows = await transform([{ a: 'x' }, { a: 'x' }], node('DISTINCT'), [{ a: 'x' }, { a: 'y' }]);
    expect(rows.map((row) => row.a).sort()).toEqual(['x', 'y']);
  });
  test('inputs of different widths are refused', async () => {
    await expect(transform([{ a: 1 }], node('ALL'), [{ a: 1, b: 2 }])).rejects.toThrow(
      'its inputs have 1 and 2 columns; they must have as many.',
    );
  });
});

describe('Aggregate', () => {
  const rows = [
    { g: 'a', v: 1 },
    { g: 'a', v: 2 },
    { g: 'a', v: 2 },
    { g: 'a', v: null },
    { g: 'a', v: 10 },
    { g: null, v: 7 },
  ];
  const node = (AggFunc: AggFunction, Groups: string[][]): CodeGenConfigurationNode => ({
    Aggregate: { Name: 'A', Inputs: ['a'], Groups, Aggs: [{ Column: ['v'], AggFunc }] },
  });

  test.each<[AggFunction, string, unknown]>([
    ['avg', 'avg(v)', 3.75],
    ['count', 'count(v)', '4'],
    ['countDistinct', 'count(DISTINCT v)', '3'],
    ['first', 'first(v)', '1'],
    ['last', 'last(v)', '10'],
    ['max', 'max(v)', '10'],
    ['min', 'min(v)', '1'],
    ['sum', 'sum(v)', '15'],
    ['sumDistinct', 'sum(DISTINCT v)', '13'],
    ['var_pop', 'var_pop(v)', 13.1875],
    ['var_samp', 'var_samp(v)', 17.583333333333332],
    ['stddev_pop', 'stddev_pop(v)', Math.sqrt(13.1875)],
    ['stddev_samp', 'stddev_samp(v)', Math.sqrt(17.583333333333332)],
  ])('%s of a group', async (name, columnName, expected) => {
    const rowsOut = await transform(rows, node(name, [['g']]));
    const found = rowsOut.find((row) => row.g === 'a')?.[columnName];
    if (typeof expected === 'number') expect(found).toBeCloseTo(expected, 10);
    else expect(found).toEqual(expected);
    expect(rowsOut).toHaveLength(2);
  });

  // Population moments of 1, 2, 2, 10: Spark's skewness is m3 / m2^1.5, its kurtosis m4 / m2^2 - 3.
  test('skewness and kurtosis are those of the population, as in Spark', async () => {
    const values = [1, 2, 2, 10];
    const mean = 3.75;
    const moment = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / 4;
    const [skew] = await transform(rows.slice(0, 5), node('skewness', []));
    expect(skew?.['skewness(v)']).toBeCloseTo(moment(3) / moment(2) ** 1.5, 10);
    const [kurtosis] = await transform(rows.slice(0, 5), node('kurtosis', []));
    expect(kurtosis?.['kurtosis(v)']).toBeCloseTo(moment(4) / moment(2) ** 2 - 3, 10);
  });

  test('a sum of text that is no number is refused for what cannot be one', async () => {
    await expect(transform([{ v: [1] }], node('sum', []))).rejects.toThrow(
      'sum needs numbers, and "v" is a array<bigint>.',
    );
  });
});

describe('DropDuplicates and DropNullFields', () => {
  test('whole rows, or the given columns', async () => {
    const rows = [
      { a: 1, b: 'x' },
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
    ];
    expect(await transform(rows, { DropDuplicates: { Name: 'D', Inputs: ['a'] } })).toHaveLength(2);
    const by = { DropDuplicates: { Name: 'D', Inputs: ['a'], Columns: [['a']] } };
    expect(await transform(rows, by)).toHaveLength(1);
  });

  const rows = [
    { keep: 1, none: null, empty: '', text: 'null', minus: -1, zero: 0, s: { x: null, y: 1 } },
    { keep: null, none: null, empty: ' ', text: null, minus: null, zero: 0, s: { x: null, y: 2 } },
  ];
  test.each<[string, object, string[]]>([
    ['nulls only', {}, ['keep', 'empty', 'text', 'minus', 'zero', 's']],
    [
      'the boxes',
      { NullCheckBoxList: { IsEmpty: true, IsNullString: true, IsNegOne: true } },
      ['keep', 'zero', 's'],
    ],
    [
      'a placeholder of its type',
      { NullTextList: [{ Value: '0', Datatype: { Id: 'INT', Label: 'INT' } }] },
      ['keep', 'empty', 'text', 'minus', 's'],
    ],
    [
      'a placeholder of another type',
      { NullTextList: [{ Value: '0', Datatype: { Id: 'STRING', Label: 'STRING' } }] },
      ['keep', 'empty', 'text', 'minus', 'zero', 's'],
    ],
  ])('columns that are null everywhere go: %s', async (_what, options, expected) => {
    const out = await transform(rows, { DropNullFields: { Name: 'D', Inputs: ['a'], ...options } });
    expect(Object.keys(out[0] as Row)).toEqual(expected);
    expect(out[0]?.s).toEqual({ y: '1' });
  });
});

describe('SparkSQL', () => {
  const query = (SqlQuery: string): CodeGenConfigurationNode => ({
    SparkSQL: {
      Name: 'Q',
      Inputs: ['a', 'b'],
      SqlQuery,
      SqlAliases: [
        { From: 'a', Alias: 'myDataSource' },
        { From: 'b', Alias: 'other' },
      ],
    },
  });

  test.each<[string, Row[]]>([
    ['select n + 1 as m from myDataSource order by n', [{ m: '2' }, { m: '3' }]],
    ['select `t` as `odd name` from MyDataSource where t = "x" -- only x', [{ 'odd name': 'x' }]],
    ["select cast('abc' as int) as c, nvl(null, 'd') as d from other limit 1", [{ c: null, d: 'd' }]],
    [
      'with q as (select * from other) select a.n, q.v from myDataSource a join q on a.n <=> q.n;',
      [{ n: '2', v: 'two' }],
    ],
    ['select sum(n) as s, count(*) as c from myDataSource', [{ s: '3', c: '2' }]],
  ])('%s', async (sql, expected) => {
    const left = [
      { n: 1, t: 'x' },
      { n: 2, t: 'y' },
    ];
    expect(await transform(left, query(sql), [{ n: 2, v: 'two' }])).toEqual(expected);
  });
});
