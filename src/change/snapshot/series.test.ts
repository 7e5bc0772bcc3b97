// Which snapshots follow one another, and which of them a new one goes on from.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Glue } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';
import type { CatalogHome } from '../catalog-home.js';
import { openDocumentStore, type DocumentStore } from '../document-store.js';
import { takeSnapshot, type SnapshotManifest, type SnapshotScope } from './index.js';
import { seriesOf } from './scope.js';

const HOME: CatalogHome = { accountId: '123456789012', region: 'us-east-1' };

describe('a series', () => {
  it.each<[what: string, one: SnapshotScope, other: SnapshotScope]>([
    ['order and case of databases', { databases: ['a', 'B'] }, { databases: ['b', 'A'] }],
    ['number of times that one is named', { databases: ['a', 'A'] }, { databases: ['a'] }],
    ['names of tables', { tables: ['a'] }, { tables: ['b', 'c'] }],
    ['word for no statistics', { statistics: 'none' }, {}],
  ])('is the same whatever the %s', (_, one, other) => {
    expect(seriesOf(HOME, one)).toBe(seriesOf(HOME, other));
  });

  it('of an account’s own catalog is the same whether that is named or not', () => {
    expect(seriesOf({ ...HOME, CatalogId: HOME.accountId }, {})).toBe(seriesOf(HOME, {}));
  });

  it('is another for another catalog and for another scope', () => {
    const homes: CatalogHome[] = [
      { ...HOME, accountId: '999999999999', CatalogId: HOME.accountId },
      { ...HOME, region: 'eu-west-1' },
      { ...HOME, CatalogId: '999999999999' },
    ];
    const scopes: SnapshotScope[] = [
      {},
      { databases: ['a'] },
      { databases: ['b'] },
      { databases: ['a', 'b'] },
      { tables: 'a*' },
      { tables: 'b*' },
      { tables: ['a'] },
      { statistics: 'tables' },
      { statistics: 'all' },
    ];
    const all = [...homes.map((home) => seriesOf(home, {})), ...scopes.map((scope) => seriesOf(HOME, scope))];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a snapshot goes on from', () => {
  let embedded: Embedded;
  let glue: Glue;
  let folder: string;
  let store: DocumentStore;
  beforeEach(async () => {
    embedded = await openEmbedded();
    glue = embedded.clients().glue;
    folder = mkdtempSync(join(tmpdir(), 'gluepot-series-'));
    store = openDocumentStore(folder, embedded.clients());
    await glue.createDatabase({ DatabaseInput: { Name: 'sales' } });
    await glue.createTable({ DatabaseName: 'sales', TableInput: { Name: 'orders' } });
  });
  afterEach(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true });
  });

  const take = async (scope: SnapshotScope = {}): Promise<SnapshotManifest> => {
    const asked = { scope, reason: 'manual' as const, tool: { name: 'gluepot', version: '1' } };
    return (await takeSnapshot({ glue }, HOME, store, asked)).manifest;
  };
  const damage = (...manifests: SnapshotManifest[]) => {
    for (const { id } of manifests) {
      const name = readdirSync(join(folder, 'manifests')).find((one) => one.includes(id)) ?? '';
      writeFileSync(join(folder, 'manifests', name), 'no gzip');
    }
  };

  it('the newest of its own series, though one of another was taken since', async () => {
    await take();
    const second = await take();
    await take({ databases: ['sales'] });
    expect((await take()).parent).toBe(second.id);
  });

  it('the newest of any other where it is the first of its series, and keeps nothing twice', async () => {
    await take();
    const second = await take({ tables: 'orders' });
    const first = await take({ databases: ['sales'] });
    expect(first.parent).toBe(second.id);
    expect(readdirSync(join(folder, 'objects'))).toHaveLength(2);
  });

  it('an older one where the newest are damaged, and from none where three are', async () => {
    const oldest = await take();
    damage(await take(), await take());
    const fourth = await take();
    expect(fourth.parent).toBe(oldest.id);
    damage(fourth, await take());
    expect((await take()).parent).toBeUndefined();
  });
});
