// Which databases a crawler writes into.
import type { Crawler } from '@aws-sdk/client-glue';
import { expect, it } from 'vitest';
import { databasesWritten } from './databases-written.js';

const ofTables = (...names: string[]) => ({
  CatalogTargets: names.map((DatabaseName) => ({ DatabaseName, Tables: ['orders'] })),
});

it.each<[string, Crawler, string[]]>([
  ['its own, in lower case', { DatabaseName: 'Sales' }, ['sales']],
  [
    'those of the tables that it keeps up, each once',
    { Targets: ofTables('sales', 'Sales', 'stock') },
    ['sales', 'stock'],
  ],
  ['both', { DatabaseName: 'sales', Targets: ofTables('stock') }, ['sales', 'stock']],
  [
    'none, when its own is not named',
    { DatabaseName: '', Targets: { S3Targets: [{ Path: 's3://lake/' }] } },
    [],
  ],
])('are %s', (_, crawler, expected) => {
  expect(databasesWritten(crawler)).toEqual(expected);
});
