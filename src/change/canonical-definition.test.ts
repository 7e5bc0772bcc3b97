// Definitions are picked by the members that the API takes, and are the same whenever AWS would answer them alike.
import type { ColumnStatistics, Database, Partition, Table } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  databaseDefinition,
  decodeDefinition,
  definitionHash,
  definitionText,
  encodeDefinition,
  isSameDefinition,
  partitionDefinition,
  partitionIndexDefinition,
  statisticsDefinition,
  tableDefinition,
} from './canonical-definition.js';
import { byChance } from '../../test/law.js';

const ANSWERED: Table = {
  Name: 'orders',
  DatabaseName: 'sales',
  CreateTime: new Date('2024-05-01T10:00:00Z'),
  UpdateTime: new Date('2024-05-02T10:00:00Z'),
  LastAccessTime: new Date(0),
  Retention: 0,
  StorageDescriptor: {
    Columns: [{ Name: 'id', Type: 'bigint', Comment: '' }],
    Location: 's3://lake/orders/',
    Compressed: false,
    NumberOfBuckets: 0,
    SortColumns: [],
    StoredAsSubDirectories: false,
    SkewedInfo: { SkewedColumnNames: [], SkewedColumnValues: [], SkewedColumnValueLocationMaps: {} },
    Parameters: { b: '', a: '1' },
  },
  PartitionKeys: [],
  Parameters: {},
  CreatedBy: 'arn:aws:iam::123456789012:root',
  IsRegisteredWithLakeFormation: false,
  CatalogId: '123456789012',
  VersionId: '7',
  IsMultiDialectView: false,
  Status: { Action: 'CREATE' },
};

describe('a definition picked from an answer', () => {
  it('of a table has what CreateTable takes, without what AWS says by itself', () => {
    expect(tableDefinition(ANSWERED)).toEqual({
      Name: 'orders',
      StorageDescriptor: {
        Columns: [{ Name: 'id', Type: 'bigint' }],
        Location: 's3://lake/orders/',
        Parameters: { a: '1', b: '' },
      },
    });
  });

  it('of a view leaves out what only answers have, at every depth', () => {
    const Representations = [{ Dialect: 'SPARK' as const, ViewOriginalText: 'SELECT 1', IsStale: true }];
    expect(tableDefinition({ Name: 'v', ViewDefinition: { IsProtected: true, Representations } })).toEqual({
      Name: 'v',
      ViewDefinition: {
        IsProtected: true,
        Representations: [{ Dialect: 'SPARK', ViewOriginalText: 'SELECT 1' }],
      },
    });
  });

  it('of a table with a schema reference leaves out the columns that AWS read from the schema', () => {
    const SchemaReference = { SchemaVersionId: 'v', SchemaVersionNumber: 2 };
    const StorageDescriptor = { Columns: [{ Name: 'id', Type: 'int' }], SchemaReference };
    expect(tableDefinition({ Name: 't', StorageDescriptor })).toEqual({
      Name: 't',
      StorageDescriptor: { SchemaReference },
    });
  });

  it('of a partition has what CreatePartition takes, empty values included', () => {
    const partition: Partition = {
      Values: ['2024', ''],
      DatabaseName: 'sales',
      TableName: 'orders',
      CreationTime: new Date('2024-05-01T10:00:00Z'),
      LastAccessTime: new Date('2024-05-01T11:00:00Z'),
      CatalogId: '123456789012',
      StorageDescriptor: { Location: 's3://lake/orders/2024/', NumberOfBuckets: -1 },
    };
    expect(partitionDefinition(partition)).toEqual({
      Values: ['2024', ''],
      LastAccessTime: new Date('2024-05-01T11:00:00Z'),
      StorageDescriptor: { Location: 's3://lake/orders/2024/', NumberOfBuckets: -1 },
    });
  });

  it('of a database keeps an empty list of permissions, which grants less than none', () => {
    const database: Database = {
      Name: 'sales',
      CreateTime: new Date(),
      CatalogId: '123456789012',
      CreateTableDefaultPermissions: [],
    };
    expect(databaseDefinition(database)).toEqual({ Name: 'sales', CreateTableDefaultPermissions: [] });
  });

  it('of an index has the names of its keys', () => {
    const Keys = [
      { Name: 'year', Type: 'int' },
      { Name: 'month', Type: 'int' },
    ];
    expect(partitionIndexDefinition({ IndexName: 'by_month', Keys, IndexStatus: 'ACTIVE' })).toEqual({
      IndexName: 'by_month',
      Keys: ['year', 'month'],
    });
  });
});

const STATISTICS: ColumnStatistics[] = [
  {
    ColumnName: 'price',
    ColumnType: 'decimal(10,2)',
    AnalyzedTime: new Date('2024-05-01T10:00:00Z'),
    StatisticsData: {
      Type: 'DECIMAL',
      DecimalColumnStatisticsData: {
        MinimumValue: { UnscaledValue: new Uint8Array([1, 255]), Scale: 2 },
        NumberOfNulls: 0,
        NumberOfDistinctValues: 5,
      },
    },
  },
  {
    ColumnName: 'day',
    ColumnType: 'date',
    AnalyzedTime: new Date('2024-05-01T10:00:00Z'),
    StatisticsData: {
      Type: 'DATE',
      DateColumnStatisticsData: { MinimumValue: new Date(0), NumberOfNulls: 0, NumberOfDistinctValues: 1 },
    },
  },
  {
    ColumnName: 'ratio',
    ColumnType: 'double',
    AnalyzedTime: new Date('2024-05-01T10:00:00Z'),
    StatisticsData: {
      Type: 'DOUBLE',
      DoubleColumnStatisticsData: {
        MinimumValue: -Infinity,
        MaximumValue: NaN,
        NumberOfNulls: 0,
        NumberOfDistinctValues: 1,
      },
    },
  },
];

describe('canonical JSON', () => {
  it('has its members in alphabetical order, whatever order they came in', () => {
    expect(definitionText('table', { Parameters: { z: '1', a: '2' }, Name: 't' })).toBe(
      '{"Name":"t","Parameters":{"a":"2","z":"1"}}',
    );
  });

  it('is the same text for what was picked from an answer and for its copy, whose members come in any order', () => {
    const text = fc.string({ maxLength: 3 });
    const parameters = fc.dictionary(fc.oneof(text, fc.nat(20).map(String)), text, { maxKeys: 4 });
    const column = fc.record({ Type: text, Name: text, Parameters: parameters }, { requiredKeys: ['Name'] });
    const descriptor = fc.record(
      {
        SchemaReference: fc.constant({ SchemaVersionNumber: 1, SchemaId: { SchemaName: 's' } }),
        Parameters: parameters,
        Location: text,
        Columns: fc.array(column, { maxLength: 2 }),
        BucketColumns: fc.array(text, { maxLength: 2 }),
        NumberOfBuckets: fc.integer({ min: 0, max: 2 }),
      },
      { requiredKeys: [] },
    );
    const answer = fc.record(
      {
        StorageDescriptor: descriptor,
        Retention: fc.integer({ min: 0, max: 1 }),
        Parameters: parameters,
        Name: text,
        LastAccessTime: fc.date({ noInvalidDate: true }),
      },
      { requiredKeys: ['Name'] },
    );
    fc.assert(
      fc.property(answer, (table) => {
        const definition = tableDefinition(table);
        const turned = Object.fromEntries(Object.entries(definition).reverse()) as typeof definition;
        expect(definitionText('table', definition)).toBe(definitionText('table', turned));
        expect(definitionText('table', definition)).toBe(
          JSON.stringify(encodeDefinition('table', definition)),
        );
      }),
      byChance({ numRuns: 100, seed: 20_261_121 }),
    );
  });

  it('carries times, bytes and numbers that JSON has not, there and back', () => {
    const definition = statisticsDefinition(STATISTICS);
    const text = JSON.stringify(encodeDefinition('table-statistics', definition));
    expect(text).toContain('"UnscaledValue":"Af8="');
    expect(decodeDefinition('table-statistics', JSON.parse(text))).toEqual(definition);
    expect(definition.map(({ ColumnName }) => ColumnName)).toEqual(['day', 'price', 'ratio']);
  });

  it('hashes what AWS answers and what it was given alike', () => {
    const given = {
      Name: 'orders',
      StorageDescriptor: { ...ANSWERED.StorageDescriptor, Compressed: undefined },
    };
    expect(definitionHash('table', given)).toBe(definitionHash('table', tableDefinition(ANSWERED)));
    expect(definitionHash('table', { Name: 't' })).toBe(
      '0bd63795fa83abd70f10c7b44ec30ec8876a8939c2211f9c63d6015884da0225',
    );
  });
});

describe('isSameDefinition', () => {
  it.each([
    ['two that are not there', undefined, undefined, true],
    ['one that is not there', { Name: 't' }, undefined, false],
    ['nothing and a default', { Name: 't' }, { Name: 't', Retention: 0 }, true],
    ['another value', { Name: 't' }, { Name: 't', Retention: 1 }, false],
    ['an empty parameter and none', { Name: 't', Parameters: { a: '' } }, { Name: 't' }, false],
    ['empty parameters and none', { Name: 't', Parameters: {} }, { Name: 't' }, true],
  ])('%s', (_, one, other, expected) => {
    expect(isSameDefinition('table', one, other)).toBe(expected);
  });
});
