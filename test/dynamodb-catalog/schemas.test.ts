// Schemas in the Glue Schema Registry: a version for each change of columns, linked to the table; what is incompatible is told.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkSettings, planCatalog, syncCatalogSchemas } from '../../src/toolkit/dynamodb-catalog/index.js';
import { openCatalogFixture, type CatalogFixture } from './catalog-fixture.js';

let catalog: CatalogFixture;
beforeEach(async () => {
  catalog = await openCatalogFixture();
});
afterEach(() => catalog.aws.close());

const DIRECT = { engine: 'direct' as const };
const put = (TableName: string, ...items: Record<string, AttributeValue>[]) =>
  catalog.put(TableName, ...items);
const applyAndSync = async () => {
  await catalog.apply(DIRECT);
  const plan = await planCatalog(catalog.scope, checkSettings(DIRECT), { isSampling: false });
  return syncCatalogSchemas(catalog.scope, plan);
};
const parametersOf = async (Name: string) =>
  (await catalog.clients.glue.getTable({ DatabaseName: 'ddb_tables', Name })).Table?.Parameters ?? {};
const SchemaId = { RegistryName: 'ddb_tables', SchemaName: 'orders' };

it('registers a schema, links the table to it, and does nothing while the columns stay', async () => {
  const { glue } = catalog.clients;
  await catalog.createTables('orders');
  await put('orders', { id: { S: '1' }, 'odd name': { N: '1' }, map: { M: { in: { BOOL: true } } } });
  expect(await applyAndSync()).toEqual([
    { TableName: 'orders', catalogTable: 'orders', outcome: 'registered', version: 1 },
  ]);
  const version = await glue.getSchemaVersion({ SchemaId, SchemaVersionNumber: { LatestVersion: true } });
  expect(version).toMatchObject({ DataFormat: 'AVRO', Status: 'AVAILABLE', VersionNumber: 1 });
  expect(JSON.parse(version.SchemaDefinition ?? '')).toEqual({
    type: 'record',
    name: 'orders',
    fields: [
      { name: 'id', type: ['null', 'string'], default: null },
      {
        name: 'map',
        type: [
          'null',
          {
            type: 'record',
            name: 'orders__map',
            fields: [{ name: 'in', type: ['null', 'boolean'], default: null }],
          },
        ],
        default: null,
      },
      { name: 'odd_name', doc: 'attribute odd name', type: ['null', 'long'], default: null },
    ],
  });
  expect(await parametersOf('orders')).toMatchObject({
    'gluepot.schema-arn': version.SchemaArn,
    'gluepot.schema-version': '1',
  });
  catalog.writes.length = 0;
  expect(await applyAndSync()).toMatchObject([{ outcome: 'unchanged', version: 1 }]);
  expect(catalog.writes).toEqual([]);
});

it('registers another version when an attribute comes, and links the table to that', async () => {
  await catalog.createTables('orders');
  await put('orders', { id: { S: '1' } });
  await applyAndSync();
  await put('orders', { id: { S: '2' }, total: { N: '1' } });
  expect(await applyAndSync()).toMatchObject([{ outcome: 'registered', version: 2 }]);
  expect(await parametersOf('orders')).toMatchObject({ 'gluepot.schema-version': '2' });
});

it('tells of a change that readers of the schema could not bear, once written, and leaves the link', async () => {
  await catalog.createTables('orders', 'fine');
  await put('orders', { id: { S: '1' }, total: { S: 'one' } });
  await put('fine', { id: { S: '1' } });
  await applyAndSync();
  await catalog.clients.dynamodb.deleteItem({ TableName: 'orders', Key: { id: { S: '1' } } });
  await put('orders', { id: { S: '2' }, total: { N: '1' } });
  const told = {
    TableName: 'orders',
    outcome: 'incompatible',
    message: 'The columns are not compatible with version 1, to which the table stays linked.',
  };
  expect(await applyAndSync()).toMatchObject([{ TableName: 'fine', outcome: 'unchanged' }, told]);
  expect(await parametersOf('orders')).toMatchObject({ 'gluepot.schema-version': '1' });
  catalog.writes.length = 0;
  expect(await applyAndSync()).toMatchObject([{ TableName: 'fine' }, told]);
  expect(catalog.writes).toEqual([]);
});

it('leaves tables of the database that are others’ without schemas', async () => {
  const { glue } = catalog.clients;
  await catalog.createTables('orders');
  await applyAndSync();
  await glue.createTable({
    DatabaseName: 'ddb_tables',
    TableInput: {
      Name: 'theirs',
      StorageDescriptor: { Location: 'arn:aws:dynamodb:us-east-1:123456789012:table/theirs' },
    },
  });
  await applyAndSync();
  const { Schemas = [] } = await glue.listSchemas({ RegistryId: { RegistryName: 'ddb_tables' } });
  expect(Schemas.map(({ SchemaName }) => SchemaName)).toEqual(['orders']);
});
