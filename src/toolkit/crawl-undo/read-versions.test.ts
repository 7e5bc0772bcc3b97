// Versions of a table, however a Glue pages and orders them.
import type { TableVersion } from '@aws-sdk/client-glue';
import { expect, it } from 'vitest';
import { answeringGlue } from '../../../test/faults/answering-glue.js';
import { readVersions } from './read-versions.js';

const key = { kind: 'table' as const, DatabaseName: 'sales', TableName: 'orders' };
const version = (VersionId: string, ofTable?: string): TableVersion => ({
  VersionId,
  Table: { Name: 'orders', ...(ofTable === undefined ? {} : { VersionId: ofTable }) },
});

async function read(pages: readonly (readonly TableVersion[])[], enough = Infinity) {
  const { glue, calls } = answeringGlue({
    GetTableVersions: ({ NextToken = '0' }: { NextToken?: string }) => {
      const index = Number(NextToken);
      const TableVersions = pages[index] ?? [];
      return { TableVersions, ...(index + 1 < pages.length ? { NextToken: String(index + 1) } : {}) };
    },
  });
  const found = await readVersions({ glue }, key, (versions) => versions.length >= enough);
  return { ids: found.map(({ provenance }) => provenance.VersionId), calls: calls.length };
}

it('are read to the last page, the newest first', async () => {
  expect(await read([[version('10'), version('9')], [version('2')], [version('1')]])).toEqual({
    ...{ ids: ['10', '9', '2', '1'], calls: 3 },
  });
});

it('are the newest first where a Glue answers the oldest first', async () => {
  expect(
    (
      await read([
        [version('1'), version('2')],
        [version('9'), version('10')],
      ])
    ).ids,
  ).toEqual([...['10', '9', '2', '1']]);
});

it('are read as far as is enough', async () => {
  expect(await read([[version('3'), version('2')], [version('1')]], 2)).toEqual({
    ids: ['3', '2'],
    calls: 1,
  });
});

it('are called what the answer calls them, and what their tables say where it does not', async () => {
  const unnamed = { Table: { Name: 'orders', VersionId: '4' } };
  expect((await read([[version('5', '7'), unnamed, { VersionId: '3' }]])).ids).toEqual(['5', '4']);
});

it('there are none of a table that is gone', async () => {
  const { glue } = answeringGlue({
    GetTableVersions: () => {
      throw Object.assign(new Error('Gone.'), { name: 'EntityNotFoundException' });
    },
  });
  expect(await readVersions({ glue }, key, () => false)).toEqual([]);
});
