// What SHOW CREATE TABLE says makes the same table again.
import fc from 'fast-check';
import type { Table, TableInput } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ddl, openDdl } from './ddl-harness.js';

let ddl: Ddl;
beforeAll(async () => {
  ddl = await openDdl();
});
afterAll(() => ddl.close());

const text = fc.string({ unit: fc.constantFrom(...'ab;\'"\\`\n\t|,é😀\u0001$'), maxLength: 6 });
const word = fc.string({ unit: fc.constantFrom(...'abc_1'), minLength: 1, maxLength: 5 });
/** Parameters may be called like members of every object. */
const parameterName = fc.oneof(word, fc.constantFrom('toString', '__proto__', 'constructor'));
const name = fc.oneof(word, fc.constantFrom('date', 'a-b', 'x y', 'a`b', 'table'));

const type = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('int', 'bigint', 'string', 'decimal(10,2)', 'varchar(20)', 'timestamp', 'binary'),
    tie('type').map((inside) => `array<${inside}>`),
    tie('type').map((inside) => `map<string,${inside}>`),
    fc
      .array(fc.tuple(fc.constantFrom('m', 'n1'), tie('type')), { minLength: 1, maxLength: 2 })
      .map((members) => `struct<${members.map(([member, inside]) => `${member}:${inside}`).join(',')}>`),
  ),
})).type;

const column = fc
  .record({ Name: name, Type: type, Comment: fc.option(text, { nil: undefined }) })
  .map(({ Comment, ...rest }) => (Comment === undefined ? rest : { ...rest, Comment }));
const columns = (least: number) =>
  fc.uniqueArray(column, { minLength: least, maxLength: 4, selector: ({ Name }) => Name });

/** Not those that a statement sets by itself. */
const parameters = fc.dictionary(
  parameterName.filter((key) => key !== 'comment'),
  text,
  { maxKeys: 3 },
);

const CLASSES = {
  InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
};

const delimiter = fc.constantFrom(',', '\t', '|', '\\', "'", '\u0001', ';');
const lazySimple = fc
  .record(
    {
      'field.delim': delimiter,
      'escape.delim': delimiter,
      'colelction.delim': delimiter,
      'mapkey.delim': delimiter,
      'line.delim': fc.constant('\n'),
      'serialization.null.format': text,
      'something.else': text,
    },
    { requiredKeys: [] },
  )
  .map((delimiters) => ({
    SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
    Parameters: { 'serialization.format': delimiters['field.delim'] ?? '1', ...delimiters },
  }));
const anySerde = parameters.map((given) => ({
  SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  Parameters: { 'serialization.format': '1', ...given },
}));

const table: fc.Arbitrary<TableInput> = fc
  .record({
    columns: columns(1),
    keys: columns(0),
    comment: fc.option(text, { nil: undefined }),
    parameters,
    SerdeInfo: fc.oneof(lazySimple, anySerde),
    buckets: fc.option(fc.record({ count: fc.integer({ min: 1, max: 9 }), isDescending: fc.boolean() })),
  })
  .map(({ columns: Columns, keys, comment, parameters: given, SerdeInfo, buckets }) => ({
    Name: 't',
    Owner: 'hadoop',
    Retention: 0,
    TableType: 'EXTERNAL_TABLE',
    PartitionKeys: keys.filter(({ Name }) => !Columns.some((each) => each.Name === Name)),
    Parameters: {
      ...given,
      EXTERNAL: 'TRUE',
      transient_lastDdlTime: '1600000000',
      ...(comment === undefined ? {} : { comment }),
    },
    StorageDescriptor: {
      Columns,
      Location: 's3://lake/a folder/t',
      ...CLASSES,
      SerdeInfo,
      Compressed: false,
      NumberOfBuckets: buckets?.count ?? -1,
      BucketColumns: buckets ? [Columns[0]?.Name as string] : [],
      SortColumns: buckets
        ? [{ Column: Columns.at(-1)?.Name as string, SortOrder: buckets.isDescending ? 0 : 1 }]
        : [],
      Parameters: {},
      SkewedInfo: { SkewedColumnNames: [], SkewedColumnValues: [], SkewedColumnValueLocationMaps: {} },
      StoredAsSubDirectories: false,
    },
  }));

/** A table without what the catalog says of when and by whom it was made. */
function described({ Name, Owner, TableType, PartitionKeys, Parameters, StorageDescriptor }: Table): object {
  return { Name, Owner, TableType, PartitionKeys, Parameters, StorageDescriptor };
}

it('SHOW CREATE TABLE makes the same table again', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (input) => {
      ddl.catalog.createTable('web', input, { createdBy: 'arn:aws:iam::123456789012:user/ana' });
      const before = ddl.catalog.getTable('web', 't');
      const shown = (await ddl.run('SHOW CREATE TABLE web.t')).rows.map(([line]) => line).join('\n');
      await ddl.run('DROP TABLE web.t');
      await ddl.run(shown);
      const after = ddl.catalog.getTable('web', 't');
      const again = (await ddl.run('SHOW CREATE TABLE web.t')).rows.map(([line]) => line).join('\n');
      await ddl.run('DROP TABLE web.t');
      expect(described(after)).toEqual(described(before));
      expect(again).toBe(shown);
    }),
    { numRuns: 200 },
  );
});
