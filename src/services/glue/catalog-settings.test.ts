// What a catalog has beside databases, tables and partitions: statistics, functions, connections, policies, settings.
import type { ColumnStatistics, Glue } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';

let aws: Embedded;
let glue: Glue;
beforeEach(async () => {
  aws = await openEmbedded();
  ({ glue } = aws.clients());
  await glue.createDatabase({ DatabaseInput: { Name: 'db' } });
});
afterEach(() => aws.close());

const named = (name: string, message = /./) =>
  expect.objectContaining({ name, message: expect.stringMatching(message) as string }) as Error;

describe('column statistics', () => {
  const place = { DatabaseName: 'db', TableName: 't' };
  const AnalyzedTime = new Date('2024-05-01T10:00:00.500Z');
  const longs: ColumnStatistics = {
    ColumnName: 'id',
    ColumnType: 'bigint',
    AnalyzedTime,
    StatisticsData: {
      Type: 'LONG',
      LongColumnStatisticsData: {
        MinimumValue: 1,
        MaximumValue: 9,
        NumberOfNulls: 0,
        NumberOfDistinctValues: 9,
      },
    },
  };
  const decimals: ColumnStatistics = {
    ColumnName: 'price',
    ColumnType: 'decimal(10,2)',
    AnalyzedTime,
    StatisticsData: {
      Type: 'DECIMAL',
      DecimalColumnStatisticsData: {
        MaximumValue: { UnscaledValue: new Uint8Array([1, 0, 255]), Scale: 2 },
        NumberOfNulls: 3,
        NumberOfDistinctValues: 7,
      },
    },
  };
  beforeEach(async () => {
    const Columns = [
      { Name: 'id', Type: 'bigint' },
      { Name: 'price', Type: 'decimal(10,2)' },
    ];
    await glue.createTable({
      DatabaseName: 'db',
      TableInput: {
        Name: 't',
        StorageDescriptor: { Columns },
        PartitionKeys: [{ Name: 'year', Type: 'int' }],
      },
    });
  });

  it('of a table are kept as they were given, dates and bytes included', async () => {
    const ColumnStatisticsList = [longs, decimals];
    expect((await glue.updateColumnStatisticsForTable({ ...place, ColumnStatisticsList })).Errors).toEqual(
      [],
    );
    const got = await glue.getColumnStatisticsForTable({ ...place, ColumnNames: ['price', 'id', 'nothing'] });
    expect(got.ColumnStatisticsList).toEqual([decimals, longs]);
    expect(got.Errors).toEqual([
      {
        ColumnName: 'nothing',
        Error: { ErrorCode: 'EntityNotFoundException', ErrorMessage: 'Column nothing has no statistics.' },
      },
    ]);
    await glue.deleteColumnStatisticsForTable({ ...place, ColumnName: 'id' });
    await expect(glue.deleteColumnStatisticsForTable({ ...place, ColumnName: 'id' })).rejects.toEqual(
      named('EntityNotFoundException'),
    );
  });

  it('are refused item by item where a column or its data is not there', async () => {
    const { Errors } = await glue.updateColumnStatisticsForTable({
      ...place,
      ColumnStatisticsList: [
        { ...longs, ColumnName: 'unknown' },
        { ...longs, StatisticsData: { ...longs.StatisticsData, Type: 'STRING' } },
        longs,
      ],
    });
    expect(Errors?.map(({ Error }) => Error?.ErrorCode)).toEqual([
      'EntityNotFoundException',
      'InvalidInputException',
    ]);
    expect(
      (await glue.getColumnStatisticsForTable({ ...place, ColumnNames: ['id'] })).ColumnStatisticsList,
    ).toHaveLength(1);
  });

  it('of a partition follow it when it is renamed, and go with it', async () => {
    const PartitionValues = ['2024'];
    const update = () =>
      glue.updateColumnStatisticsForPartition({ ...place, PartitionValues, ColumnStatisticsList: [longs] });
    await expect(update()).rejects.toEqual(named('EntityNotFoundException', /Cannot find partition/));
    await glue.createPartition({ ...place, PartitionInput: { Values: PartitionValues } });
    await update();
    await glue.updatePartition({
      ...place,
      PartitionValueList: PartitionValues,
      PartitionInput: { Values: ['2025'] },
    });
    const at = (year: string) =>
      glue.getColumnStatisticsForPartition({ ...place, PartitionValues: [year], ColumnNames: ['id'] });
    expect((await at('2025')).ColumnStatisticsList).toEqual([longs]);
    await glue.deletePartition({ ...place, PartitionValues: ['2025'] });
    await glue.createPartition({ ...place, PartitionInput: { Values: ['2025'] } });
    expect((await at('2025')).ColumnStatisticsList).toEqual([]);
  });
});

describe('user-defined functions', () => {
  const input = (FunctionName: string) => ({
    FunctionName,
    ClassName: 'com.example.F',
    OwnerName: 'me',
    OwnerType: 'USER' as const,
    ResourceUris: [{ ResourceType: 'JAR' as const, Uri: 's3://b/f.jar' }],
  });

  it('are made, found by pattern, changed and deleted with their database', async () => {
    for (const name of ['upperFirst', 'upperAll', 'lower']) {
      await glue.createUserDefinedFunction({ DatabaseName: 'DB', FunctionInput: input(name) });
    }
    await expect(
      glue.createUserDefinedFunction({ DatabaseName: 'db', FunctionInput: input('lower') }),
    ).rejects.toEqual(named('AlreadyExistsException'));
    const found = async (Pattern: string, DatabaseName?: string) =>
      (await glue.getUserDefinedFunctions({ Pattern, DatabaseName })).UserDefinedFunctions?.map(
        ({ FunctionName }) => FunctionName,
      );
    expect(await found('upper.*', 'db')).toEqual(['upperAll', 'upperFirst']);
    // Spark's Hive client asks for this one when it starts.
    expect(await found('*')).toEqual(['lower', 'upperAll', 'upperFirst']);
    await glue.updateUserDefinedFunction({
      DatabaseName: 'db',
      FunctionName: 'lower',
      FunctionInput: { ...input('lower'), ClassName: 'com.example.G' },
    });
    const { UserDefinedFunction } = await glue.getUserDefinedFunction({
      DatabaseName: 'db',
      FunctionName: 'lower',
    });
    expect(UserDefinedFunction).toMatchObject({
      DatabaseName: 'db',
      ClassName: 'com.example.G',
      OwnerType: 'USER',
    });
    await glue.deleteDatabase({ Name: 'db' });
    expect(await found('*')).toEqual([]);
  });

  it('are listed by their type', async () => {
    const make = (FunctionName: string, FunctionType: 'REGULAR_FUNCTION' | 'AGGREGATE_FUNCTION') =>
      glue.createUserDefinedFunction({
        DatabaseName: 'db',
        FunctionInput: { FunctionName, ClassName: 'x', OwnerName: 'o', FunctionType },
      });
    await make('plain', 'REGULAR_FUNCTION');
    await make('total', 'AGGREGATE_FUNCTION');
    const found = await glue.getUserDefinedFunctions({ Pattern: '*', FunctionType: 'AGGREGATE_FUNCTION' });
    expect(found.UserDefinedFunctions?.map(({ FunctionName }) => FunctionName)).toEqual(['total']);
  });

  it('are listed page by page', async () => {
    for (let index = 0; index < 7; index++) {
      await glue.createUserDefinedFunction({ DatabaseName: 'db', FunctionInput: input(`f${index}`) });
    }
    const names: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const page = await glue.getUserDefinedFunctions({ Pattern: 'f.*', MaxResults: 3, NextToken });
      names.push(...(page.UserDefinedFunctions ?? []).map(({ FunctionName }) => FunctionName));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(names).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6']);
  });
});

describe('connections', () => {
  const ConnectionInput = {
    Name: 'warehouse',
    ConnectionType: 'JDBC' as const,
    ConnectionProperties: { JDBC_CONNECTION_URL: 'jdbc:postgresql://h/d', USERNAME: 'u', PASSWORD: 'secret' },
    MatchCriteria: ['team'],
  };

  it('are made, shown without their password when asked, replaced and deleted', async () => {
    expect((await glue.createConnection({ ConnectionInput, Tags: { a: 'b' } })).CreateConnectionStatus).toBe(
      'READY',
    );
    await expect(glue.createConnection({ ConnectionInput })).rejects.toEqual(named('AlreadyExistsException'));
    expect((await glue.getConnection({ Name: 'warehouse' })).Connection).toMatchObject({
      ...ConnectionInput,
      Status: 'READY',
    });
    const hidden = (await glue.getConnection({ Name: 'warehouse', HidePassword: true })).Connection;
    expect(hidden?.ConnectionProperties).not.toHaveProperty('PASSWORD');
    expect(hidden?.ConnectionProperties).toHaveProperty('USERNAME');
    await glue.updateConnection({
      Name: 'warehouse',
      ConnectionInput: { ...ConnectionInput, Description: 'd', MatchCriteria: [] },
    });
    expect((await glue.getConnections({ Filter: { ConnectionType: 'JDBC' } })).ConnectionList).toHaveLength(
      1,
    );
    expect((await glue.getConnections({ Filter: { MatchCriteria: ['team'] } })).ConnectionList).toEqual([]);
    const ResourceArn = 'arn:aws:glue:us-east-1:123456789012:connection/warehouse';
    expect((await glue.getTags({ ResourceArn })).Tags).toEqual({ a: 'b' });
    const deleted = await glue.batchDeleteConnection({ ConnectionNameList: ['warehouse', 'nothing'] });
    expect(deleted.Succeeded).toEqual(['warehouse']);
    expect(deleted.Errors?.['nothing']?.ErrorCode).toBe('EntityNotFoundException');
    await expect(glue.getConnection({ Name: 'warehouse' })).rejects.toEqual(named('EntityNotFoundException'));
  });

  it('with what is not supported here are refused by its name', async () => {
    const AuthenticationConfiguration = { AuthenticationType: 'OAUTH2' as const };
    await expect(
      glue.createConnection({ ConnectionInput: { ...ConnectionInput, AuthenticationConfiguration } }),
    ).rejects.toEqual(named('InvalidInputException', /AuthenticationConfiguration/));
  });
});

describe('the catalog’s resource policy', () => {
  it('is put, read and deleted on conditions', async () => {
    const PolicyInJson = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await expect(glue.getResourcePolicy({})).rejects.toEqual(named('EntityNotFoundException'));
    await expect(
      glue.putResourcePolicy({ PolicyInJson, PolicyExistsCondition: 'MUST_EXIST' }),
    ).rejects.toEqual(named('EntityNotFoundException'));
    const { PolicyHash } = await glue.putResourcePolicy({ PolicyInJson, PolicyExistsCondition: 'NOT_EXIST' });
    expect(await glue.getResourcePolicy({})).toMatchObject({ PolicyInJson, PolicyHash });
    await expect(glue.putResourcePolicy({ PolicyInJson, PolicyHashCondition: 'other' })).rejects.toEqual(
      named('ConditionCheckFailureException'),
    );
    await expect(glue.putResourcePolicy({ PolicyInJson: '{"Statement' })).rejects.toEqual(
      named('InvalidInputException', /not JSON/),
    );
    expect((await glue.getResourcePolicies({})).GetResourcePoliciesResponseList).toHaveLength(1);
    await glue.deleteResourcePolicy({ PolicyHashCondition: PolicyHash });
    await expect(glue.deleteResourcePolicy({})).rejects.toEqual(named('EntityNotFoundException'));
  });
});

describe('the account', () => {
  it('has a catalog of its own and no other', async () => {
    const ResourceArn = 'arn:aws:glue:us-east-1:123456789012:catalog';
    expect((await glue.getCatalog({ CatalogId: '123456789012' })).Catalog).toMatchObject({
      CatalogId: '123456789012',
      ResourceArn,
    });
    await expect(glue.getCatalog({ CatalogId: '999999999999' })).rejects.toEqual(
      named('EntityNotFoundException'),
    );
    expect((await glue.getCatalogs({})).CatalogList).toEqual([]);
    expect((await glue.getCatalogs({ IncludeRoot: true })).CatalogList).toHaveLength(1);
    expect((await glue.getCatalogImportStatus({})).ImportStatus).toEqual({ ImportCompleted: true });
  });

  it('keeps its encryption settings and security configurations', async () => {
    const settings = async () =>
      (await glue.getDataCatalogEncryptionSettings({})).DataCatalogEncryptionSettings;
    expect((await settings())?.EncryptionAtRest?.CatalogEncryptionMode).toBe('DISABLED');
    await glue.putDataCatalogEncryptionSettings({
      DataCatalogEncryptionSettings: {
        EncryptionAtRest: { CatalogEncryptionMode: 'SSE-KMS', SseAwsKmsKeyId: 'key' },
      },
    });
    expect(await settings()).toEqual({
      EncryptionAtRest: { CatalogEncryptionMode: 'SSE-KMS', SseAwsKmsKeyId: 'key' },
      ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted: false },
    });
    const EncryptionConfiguration = { S3Encryption: [{ S3EncryptionMode: 'SSE-S3' as const }] };
    const made = await glue.createSecurityConfiguration({ Name: 'strict', EncryptionConfiguration });
    expect(made.Name).toBe('strict');
    expect(made.CreatedTimestamp).toBeInstanceOf(Date);
    expect((await glue.getSecurityConfiguration({ Name: 'strict' })).SecurityConfiguration).toMatchObject({
      Name: 'strict',
      EncryptionConfiguration,
    });
    expect((await glue.getSecurityConfigurations({})).SecurityConfigurations).toHaveLength(1);
    await glue.deleteSecurityConfiguration({ Name: 'strict' });
    await expect(glue.getSecurityConfiguration({ Name: 'strict' })).rejects.toEqual(
      named('EntityNotFoundException'),
    );
  });
});

describe('what would change what happens and is not there', () => {
  const DatabaseName = 'db';
  const Name = 't';
  beforeEach(() => glue.createTable({ DatabaseName, TableInput: { Name } }));

  it.each<[string, () => Promise<unknown>]>([
    ['TransactionId', () => glue.getTable({ DatabaseName, Name, TransactionId: '1' })],
    ['TransactionId', () => glue.deleteTable({ DatabaseName, Name, TransactionId: '1' })],
    ['QueryAsOfTime', () => glue.getTables({ DatabaseName, QueryAsOfTime: new Date(0) })],
    [
      'QueryAsOfTime',
      () => glue.getPartitions({ DatabaseName, TableName: Name, QueryAsOfTime: new Date(0) }),
    ],
    [
      'ExecutionRoleSessionPolicy',
      () => glue.startJobRun({ JobName: 'j', ExecutionRoleSessionPolicy: '{}' }),
    ],
    [
      'FederatedDatabase',
      () => glue.createDatabase({ DatabaseInput: { Name: 'far', FederatedDatabase: { Identifier: 'x' } } }),
    ],
  ])('is refused by its name: %s', async (member, call) => {
    await expect(call()).rejects.toThrow(
      named('InvalidInputException', new RegExp(`^${member} is not supported`)),
    );
    expect((await glue.getTable({ DatabaseName, Name })).Table).toMatchObject({ Name });
  });
});
