// Sharing changes no definition, and keeps equal parts of a table's partitions once.
import { expect, it } from 'vitest';
import type { ObjectOf } from './catalog-object.js';
import { openSharing } from './shared-parts.js';

const partition = (day: string, type = 'int'): ObjectOf<'partition'> => ({
  key: { kind: 'partition', DatabaseName: 'sales', TableName: 'orders', Values: [day] },
  definition: {
    Values: [day],
    Parameters: { recordCount: '5' },
    LastAccessTime: new Date(1000),
    StorageDescriptor: { Columns: [{ Name: 'a', Type: type }], Location: `s3://lake/${day}/` },
  },
  provenance: { CreateTime: new Date(2000) },
});

it('says of each partition what it said before', () => {
  const share = openSharing();
  for (const one of [partition('1'), partition('2'), partition('3', 'string')]) {
    expect(share(structuredClone(one))).toEqual(one);
  }
  const bare: ObjectOf<'partition'> = { ...partition('1'), definition: { Values: ['1'] } };
  expect(share(bare)).toEqual(bare);
});

it('keeps equal columns and parameters once, and others apart', () => {
  const share = openSharing();
  const [one, other, different] = [partition('1'), partition('2'), partition('3', 'string')].map(share);
  const columnsOf = (of: typeof one) => of?.definition.StorageDescriptor?.Columns;
  expect(columnsOf(other)).toBe(columnsOf(one));
  expect(other?.definition.Parameters).toBe(one?.definition.Parameters);
  expect(columnsOf(different)).not.toBe(columnsOf(one));
  expect(other?.definition.StorageDescriptor?.Location).toBe('s3://lake/2/');
});

it('remembers a bounded number of parts, and shares those all the same', () => {
  const share = openSharing();
  const first = share(partition('1'));
  for (let index = 0; index < 2000; index++) share(partition('1', `decimal(${index},0)`));
  expect(share(partition('2')).definition.StorageDescriptor?.Columns).toBe(
    first.definition.StorageDescriptor?.Columns,
  );
  const late = () => share(partition('1', 'late')).definition.StorageDescriptor?.Columns;
  expect(late()).not.toBe(late());
});
