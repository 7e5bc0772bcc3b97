// What a line of the sample script's backup says, in each form that the script and its sibling write.
import { expect, it } from 'vitest';
import { parseBackupRecord } from './backup-record.js';

const parsed = (record: object) => parseBackupRecord(JSON.stringify(record), 'Line 1');
const ofTable = (item: object) => parsed({ type: 'table', database: 'Lake', items: [item] })[0];
const ofPartition = (item: object) =>
  parsed({ type: 'partition', database: 'lake', table: 'Orders', items: [item] })[0];

it('a single item is a list of one', () => {
  const record = { type: 'partition', database: 'lake', table: 'orders', item: { values: ['1'] } };
  expect(parsed(record)).toMatchObject([{ key: { TableName: 'orders', Values: ['1'] } }]);
});

it('an item is of the database and the table that it names itself, in lower case', () => {
  expect(ofTable({ name: 'T', databaseName: 'Other' })?.key).toMatchObject({
    DatabaseName: 'other',
    TableName: 't',
  });
  expect(ofTable({ name: 'T' })).toMatchObject({ key: { DatabaseName: 'lake' }, definition: { Name: 't' } });
  expect(ofPartition({ values: ['1'], tableName: 'Its' })?.key).toMatchObject({ TableName: 'its' });
  expect(ofPartition({ values: ['1'] })?.key).toMatchObject({ TableName: 'orders' });
});

it('a value in a folder of its location is all behind the first equals sign', () => {
  const storageDescriptor = { location: 's3://b/x=y/data/day=a=b/hour=1%3A2/' };
  const Values = ['a=b', '1:2'];
  expect(ofPartition({ storageDescriptor })).toMatchObject({ key: { Values }, definition: { Values } });
});

it('a member without a value is none', () => {
  const nothing = { owner: null, retention: null, storageDescriptor: null, parameters: null };
  expect(ofTable({ name: 't', ...nothing })?.definition).toEqual({ Name: 't' });
});

it('sort columns keep their order, and parameters without a value are none', () => {
  const storageDescriptor = { sortColumns: [{ column: 'a', order: 1 }] };
  expect(ofTable({ name: 't', storageDescriptor, parameters: { a: 'b', c: null } })?.definition).toEqual({
    ...{ Name: 't', Parameters: { a: 'b' } },
    StorageDescriptor: { SortColumns: [{ Column: 'a', SortOrder: 1 }] },
  });
});

it.each([1714557600000, '1714557600000', '2024-05-01T10:00:00.000Z'])('%j is a time', (createTime) => {
  const CreateTime = new Date('2024-05-01T10:00:00Z');
  expect(ofTable({ name: 't', createTime })?.provenance).toEqual({ CreateTime });
  expect(ofPartition({ values: ['1'], creationTime: createTime })?.provenance).toEqual({ CreateTime });
});
