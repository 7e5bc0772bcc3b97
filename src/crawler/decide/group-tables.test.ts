// Which folders and files are tables.
import { describe, expect, it } from 'vitest';
import { primitive } from '../../tabular/hive-type.js';
import type { FileSchema } from '../../tabular/file-schema.js';
import { folderBuilder, type Folder } from '../observe/folder.js';
import type { ObservedFile } from '../observe/read-files.js';
import { groupTables, type GroupingRules } from './group-tables.js';

/** `csv:a,b` or `json.gz:a,b` */
function schema(text: string): FileSchema {
  const [kind, names] = text.split(':') as [string, string];
  const [classification, compression] = kind.split('.') as [string, string?];
  return {
    classification,
    compressionType: compression === 'gz' ? 'gzip' : 'none',
    columns: names
      .split(',')
      .filter((name) => name !== '')
      .map((name) => ({ name, type: primitive('string') })),
    recordCount: 1,
    averageRecordSize: 1,
    sizeKey: 1,
    format: undefined,
    serdeParameters: {},
    formatParameters: {},
    compatibilityKey: kind,
    sourceNames: [],
    reasons: [],
  };
}

function tree(files: Record<string, string>, prefix = ''): Folder<ObservedFile> {
  const builder = folderBuilder(prefix);
  for (const key of Object.keys(files).sort()) builder.add(key, 1);
  const observe = (folder: Folder): Folder<ObservedFile> => ({
    ...folder,
    files: folder.files.map((file) => ({ ...file, schema: schema(files[file.key] as string) })),
    folders: folder.folders.map(observe),
  });
  return observe(builder.root);
}

const SIMILAR: GroupingRules = { isCombiningCompatibleSchemas: false, tableLevel: undefined };
/** No work here is long enough for others to wait. */
const atOnce = () => undefined;
const COMBINED: GroupingRules = { ...SIMILAR, isCombiningCompatibleSchemas: true };
const atLevel = (tableLevel: number): GroupingRules => ({ ...SIMILAR, tableLevel });

/** Locations below the bucket, with the depth of partitions in parentheses. */
async function tablesOf(files: Record<string, string>, rules = SIMILAR, prefix = ''): Promise<string[]> {
  const { tables } = await groupTables('bucket', tree(files, prefix), rules, atOnce);
  return tables.map((table) => {
    const depth = table.leaves[0]?.segments.length;
    return `${table.location.slice('s3://bucket/'.length)}${depth ? ` (${depth} x ${table.leaves.length})` : ''}`;
  });
}

const folders = (count: number, names: (index: number) => string) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `t/p${String(index).padStart(2, '0')}/f.csv`,
      `csv:${names(index)}`,
    ]),
  );

describe('groupTables', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['a folder of one file is a table', { 't/1.csv': 'csv:a,b' }, [' (1 x 1)']],
    ['files alike are one table', { '1.csv': 'csv:a,b', '2.csv': 'csv:a,b' }, ['']],
    [
      'files of two formats are a table each',
      { 't/1.csv': 'csv:a,b', 't/2.json': 'json:a,b' },
      ['t/1.csv', 't/2.json'],
    ],
    [
      'files of two compressions are a table each',
      { 't/1.csv': 'csv:a,b', 't/2.csv.gz': 'csv.gz:a,b' },
      ['t/1.csv', 't/2.csv.gz'],
    ],
    [
      'files with different columns are a table each',
      { 't/1.csv': 'csv:a,b', 't/2.csv': 'csv:c,d' },
      ['t/1.csv', 't/2.csv'],
    ],
    [
      'sibling folders of two formats are two tables',
      { 'weather/1.csv': 'csv:a,b', 'weather/2.csv': 'csv:a,b', 'incidents/1.json': 'json:a' },
      ['incidents/', 'weather/'],
    ],
    [
      'sibling folders alike are partitions',
      { 't/year=2020/1.csv': 'csv:a,b', 't/year=2021/1.csv': 'csv:a,b' },
      [' (2 x 2)'],
    ],
    [
      'the documented folders with other columns are two tables',
      { 't/year=2017/f.json': 'json:a,b', 't/year=2018/f.json': 'json:c,d' },
      ['t/year=2017/', 't/year=2018/'],
    ],
    [
      'a table above which nothing fits ends there',
      {
        'sales/y=1/f.csv': 'csv:a,b',
        'sales/y=2/f.csv': 'csv:a,b',
        'people/f.csv': 'csv:name,age',
      },
      ['people/', 'sales/ (1 x 2)'],
    ],
    [
      'folders alike of different depth are tables of their own',
      { 'a/x/f.csv': 'csv:a,b', 'b/f.csv': 'csv:a,b' },
      ['a/ (1 x 1)', 'b/'],
    ],
    [
      'a file beside folders splits them all',
      {
        'gold/part-0.parquet': 'parquet:a,b',
        'gold/year=2026/month=1/day=1/f.parquet': 'parquet:a,b',
        'gold/year=2026/month=2/day=1/f.parquet': 'parquet:a,b',
      },
      ['gold/part-0.parquet', 'gold/year=2026/ (2 x 2)'],
    ],
    ['nothing is no table', {}, []],
  ])('%s', async (_, files, tables) => {
    expect(await tablesOf(files)).toEqual(tables);
  });

  it.each([
    ['8 of 10 alike', 10, (index: number) => (index < 8 ? 'a,b' : 'c,d'), 1],
    ['7 of 10 alike, which is not more than 70 %', 10, (index: number) => (index < 7 ? 'a,b' : 'c,d'), 10],
    ['5 kinds, one of them 80 %', 20, (index: number) => (index < 16 ? 'a,b' : `c${index},d${index}`), 1],
    ['6 kinds, one of them 75 %', 20, (index: number) => (index < 15 ? 'a,b' : `c${index},d${index}`), 20],
  ])('with %s there are %i folders and the count of tables follows', async (_, count, names, tableCount) => {
    expect(await tablesOf(folders(count, names), SIMILAR, 't/')).toHaveLength(tableCount);
  });

  it('takes one more column of four as alike, and two more of two as different', async () => {
    expect(await tablesOf({ '1.csv': 'csv:a,b,c,d', '2.csv': 'csv:a,b,c,d,e' })).toEqual(['']);
    expect(await tablesOf({ '1.csv': 'csv:a,b', '2.csv': 'csv:a,b,c,d' })).toEqual(['1.csv', '2.csv']);
  });

  it('takes seven columns that two files share, of ten that they have together, as different', async () => {
    const files = { '1.csv': 'csv:a,b,c,d,e,f,g,x', '2.csv': 'csv:a,b,c,d,e,f,g,y,z' };
    expect(await tablesOf(files)).toEqual(['1.csv', '2.csv']);
    expect(await tablesOf({ ...files, '2.csv': 'csv:a,b,c,d,e,f,g,x,y' })).toEqual(['']);
  });

  it('combines compatible schemas, and not incompatible ones', async () => {
    const files = { 't/year=2017/f.json': 'json:a,b', 't/year=2018/f.json': 'json:c,d' };
    expect(await tablesOf(files, COMBINED, 't/')).toEqual(['t/ (1 x 2)']);
    expect(await tablesOf({ ...files, 't/year=2019/f.csv': 'csv:a,b' }, COMBINED, 't/')).toHaveLength(3);
  });

  it('makes tables at the level that is asked for', async () => {
    const files = {
      'sales/a/y=1/f.csv': 'csv:a,b',
      'sales/b/y=1/f.csv': 'csv:c,d',
      'people/a/y=1/f.csv': 'csv:a,b',
    };
    expect(await tablesOf(files, atLevel(2))).toEqual(['people/ (2 x 1)', 'sales/ (2 x 2)']);
    expect(await tablesOf(files, atLevel(3))).toEqual([
      'people/a/ (1 x 1)',
      'sales/a/ (1 x 1)',
      'sales/b/ (1 x 1)',
    ]);
    expect(await tablesOf(files, atLevel(1))).toEqual([' (3 x 3)']);
  });

  it('warns of files above the level at which tables are made', async () => {
    const { tables, warnings } = await groupTables(
      'bucket',
      tree({ 'sales/f.csv': 'csv:a,b', 'readme.csv': 'csv:x' }),
      atLevel(2),
      atOnce,
    );
    expect(tables.map((table) => table.location)).toEqual(['s3://bucket/sales/']);
    expect(warnings).toEqual([
      '1 objects directly in s3://bucket/ were left out: tables are made at level 2, this folder is at level 1.',
    ]);
  });

  it('says why one table or many', async () => {
    const { tables } = await groupTables(
      'bucket',
      tree({ 'weather/1.csv': 'csv:a,b', 'incidents/1.json': 'json:a' }),
      SIMILAR,
      atOnce,
    );
    expect(tables[0]?.reasons).toEqual([
      'The objects of s3://bucket/incidents/ belong together: 1.json stands alone.',
      'The folders of s3://bucket/ are not one table: incidents/ is json and weather/ is csv.',
    ]);
  });

  it('ignores a folder in which nothing could be read', async () => {
    const root = tree({ 't/y=1/f.csv': 'csv:a,b', 't/y=2/f.csv': 'csv:a,b', 't/y=3/f.csv': 'csv:a,b' }, 't/');
    root.folders[2]!.files = [];
    expect((await groupTables('bucket', root, SIMILAR, atOnce)).tables).toHaveLength(1);
  });

  it('lets others run between any two folders, and ends when it is told so there', async () => {
    const root = tree(folders(50, () => 'a,b'));
    let turnCount = 0;
    const stop = () => (++turnCount === 10 ? Promise.reject(new Error('stopped')) : Promise.resolve());
    await expect(groupTables('bucket', root, SIMILAR, stop)).rejects.toThrow('stopped');
    expect(turnCount).toBe(10);
  });
});
