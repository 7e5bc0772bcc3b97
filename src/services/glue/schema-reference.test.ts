// Tables whose columns come from the schema registry, through the SDK's client.
import type { Glue, SchemaReference } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';

let aws: Embedded;
let glue: Glue;
const SchemaId = { RegistryName: 'events', SchemaName: 'click' };
const avro = (...fields: string[]) =>
  JSON.stringify({
    type: 'record',
    name: 'Click',
    fields: fields.map((name) => ({ name, type: ['null', 'long'], default: null })),
  });

beforeAll(async () => {
  aws = await openEmbedded();
  ({ glue } = aws.clients());
  await glue.createDatabase({ DatabaseInput: { Name: 'db' } });
  await glue.createRegistry({ RegistryName: 'events' });
  await glue.createSchema({
    RegistryId: { RegistryName: 'events' },
    SchemaName: 'click',
    DataFormat: 'AVRO',
    Compatibility: 'BACKWARD',
    SchemaDefinition: avro('id'),
  });
});
afterAll(() => aws.close());

const make = (Name: string, Reference: SchemaReference) =>
  glue.createTable({
    DatabaseName: 'db',
    TableInput: { Name, StorageDescriptor: { Location: 's3://b/t/', SchemaReference: Reference } },
  });
const columnsOf = async (Name: string) =>
  (await glue.getTable({ DatabaseName: 'db', Name })).Table?.StorageDescriptor?.Columns?.map((column) => [
    column.Name,
    column.Type,
  ]);

it('a table has the columns of the version that it refers to', async () => {
  await make('pinned', { SchemaId, SchemaVersionNumber: 1 });
  await make('latest', { SchemaId });
  expect(await columnsOf('pinned')).toEqual([['id', 'bigint']]);
  await glue.registerSchemaVersion({ SchemaId, SchemaDefinition: avro('id', 'at') });
  expect(await columnsOf('pinned')).toEqual([['id', 'bigint']]);
  expect(await columnsOf('latest')).toEqual([
    ['id', 'bigint'],
    ['at', 'bigint'],
  ]);
  const listed = (await glue.getTables({ DatabaseName: 'db', Expression: 'latest' })).TableList?.[0];
  expect(listed?.StorageDescriptor?.Columns).toHaveLength(2);
});

it('a reference beside columns is refused, also when the columns are those that were answered', async () => {
  const both = {
    Columns: [{ Name: 'id', Type: 'bigint' }],
    SchemaReference: { SchemaId, SchemaVersionNumber: 1 },
  };
  const refusal = {
    name: 'InvalidInputException',
    message: 'Both SchemaReference and Columns are populated, only one of them should be populated.',
  };
  const put = (Name: string, StorageDescriptor: object) => ({
    DatabaseName: 'db',
    TableInput: { Name, StorageDescriptor },
  });
  await expect(glue.createTable(put('both', both))).rejects.toMatchObject(refusal);
  await make('referring', { SchemaId, SchemaVersionNumber: 1 });
  const { Table } = await glue.getTable({ DatabaseName: 'db', Name: 'referring' });
  await expect(glue.updateTable(put('referring', Table?.StorageDescriptor ?? {}))).rejects.toMatchObject(
    refusal,
  );
  await glue.updateTable(put('referring', { ...Table?.StorageDescriptor, Columns: [] }));
  expect(await columnsOf('referring')).toEqual([['id', 'bigint']]);
});

it('a reference to a schema that is not there is refused', async () => {
  await expect(make('lost', { SchemaId: { ...SchemaId, SchemaName: 'nothing' } })).rejects.toMatchObject({
    name: 'EntityNotFoundException',
  });
});

it('a table outlives its schema, without columns', async () => {
  await glue.createSchema({
    RegistryId: { RegistryName: 'events' },
    SchemaName: 'short',
    DataFormat: 'AVRO',
    Compatibility: 'NONE',
    SchemaDefinition: avro('id'),
  });
  await make('orphan', { SchemaId: { RegistryName: 'events', SchemaName: 'short' } });
  await glue.deleteSchema({ SchemaId: { RegistryName: 'events', SchemaName: 'short' } });
  expect((await columnsOf('orphan')) ?? []).toEqual([]);
});
