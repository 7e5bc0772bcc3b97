// What a killed gluepot had acknowledged of DynamoDB is there when the next one opens the folder, with all its indexes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded.js';
import { backUpLocal, checkLocal, planRestoreLocal, restoreLocal } from '../../src/local-data.js';

it('items that were acknowledged survive kill -9, are counted, checked, backed up and restored', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-killed-writes-'));
  const [dataDir, backup, restored] = ['data', 'backup', 'restored'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  try {
    const child = fileURLToPath(new URL('killed-writes.child.ts', import.meta.url));
    const { signal, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', child, dataDir]);
    expect(signal, stderr.toString()).toBe('SIGKILL');
    const acknowledged = stdout.toString().trim().split('\n');
    expect(acknowledged.length).toBeGreaterThan(140);

    const idsOf = (items: Record<string, AttributeValue>[] = []) => items.map(({ id }) => id?.S).sort();
    const look = async (path: string) => {
      const aws = await openEmbedded({ dataDir: path });
      const { dynamodb } = aws.clients();
      const scan = await dynamodb.scan({ TableName: 'orders' });
      const query = await dynamodb.query({
        TableName: 'orders',
        IndexName: 'by-state',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': { S: 'new' } },
      });
      const { Table } = await dynamodb.describeTable({ TableName: 'orders' });
      await aws.close();
      return { items: idsOf(scan.Items), entries: idsOf(query.Items), count: Table?.ItemCount };
    };
    const found = await look(dataDir);
    expect(found.items).toEqual(expect.arrayContaining(acknowledged));
    expect(found.entries).toEqual(found.items);
    expect(found.count).toBe(found.items.length);

    expect(await checkLocal(dataDir, { content: true })).toEqual([]);
    await backUpLocal(dataDir, backup, { version: '0' });
    await restoreLocal(await planRestoreLocal(backup, restored));
    expect(await look(restored)).toEqual(found);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
