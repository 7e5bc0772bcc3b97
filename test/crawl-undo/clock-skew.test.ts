// The clock of the machine on which commands run is hours or minutes off: what was before a crawl and after it is told by AWS's.
import { afterEach, describe, expect, it } from 'vitest';
import { DATABASE_LEASE_MS } from '../../src/change/apply/database-leases.js';
import { applyUndo } from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { withFaults } from '../faults/faulty-glue.js';
import { runCommand } from '../in-process-command.js';
import { CRAWLER, csv, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
afterEach(() => lake.close());

const part = (day: string) => ({ [`orders/day=${day}/part.csv`]: csv('id,amount', '1,10.5', '2,11.5') });

/** A first crawl has made partition 1. */
async function open(aheadMs: number) {
  lake = await openUndoFixture({ aheadMs });
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }] } });
  lake.put(part('1'));
  await lake.crawlLater();
  const { endpoint } = await lake.aws.listen({ port: 0 });
  return (...args: string[]) => runCommand('--endpoint-url', endpoint, ...args, '--store', lake.folder);
}

async function editPartition(day: string) {
  const [found] = (await lake.partitions('orders')).filter(({ Values }) => Values?.[0] === day);
  const { Values, StorageDescriptor, Parameters } = found!;
  await lake.glue.updatePartition({
    ...{ DatabaseName: DATABASE, TableName: 'orders', PartitionValueList: Values! },
    PartitionInput: { Values, StorageDescriptor, Parameters: { ...Parameters, checked: 'yes' } },
  });
}

const partitions = async () =>
  (await lake.partitions('orders'))
    .map(({ Values, Parameters }) => `${Values?.[0]} ${Parameters?.['checked'] ?? 'no'}`)
    .sort();

const HOUR = 3_600_000;

describe.each([
  ['two hours behind', 2 * HOUR],
  ['seven minutes behind', 7 * 60_000],
  ['seven minutes ahead', -7 * 60_000],
  ['two hours ahead', -2 * HOUR],
])('on a machine that is %s', (_, aheadMs) => {
  it('undoes what a crawl made and changed, and no edit of before it', async () => {
    const gluepot = await open(aheadMs);
    await lake.snapshot();
    await editPartition('1');
    lake.later();
    await gluepot('catalog', 'snapshot', 'create');
    lake.later();
    lake.put(part('2'));
    await lake.crawlLater();
    await editPartition('2');

    const { text } = await gluepot('crawl', 'undo', CRAWLER, '--on-conflict', 'force', '--yes');
    expect(text).toContain('0 to create, 1 to change, 1 to delete, 0 to leave');
    expect(await partitions()).toEqual(['1 yes']);
    lake.later();
    await gluepot('crawl', 'redo', '--yes');
    expect(await partitions()).toEqual(['1 yes', '2 yes']);
  });

  it('takes snapshots for evidence that were taken around a crawl', async () => {
    const gluepot = await open(aheadMs);
    for (let tens = 0; tens < 60; tens++) lake.later();
    const { outcome } = await gluepot('catalog', 'snapshot', 'create');
    const { id } = outcome.result as { id: string };
    lake.put(part('2'));
    await lake.crawlLater();
    const after = (await gluepot('catalog', 'snapshot', 'create')).outcome.result as { id: string };

    const { text } = await gluepot('crawl', 'undo', CRAWLER, '--dry-run', '--since', 'now-5m');
    expect(text).toContain(`snapshotBefore: ${id}\nsnapshotAfter: ${after.id}`);
  });

  it('keeps to the lease of an undo that died elsewhere, and goes on when that is over', async () => {
    const gluepot = await open(aheadMs);
    lake.put(part('2'));
    await lake.crawlLater();
    const { glue, storeOf } = withFaults(lake.aws.clients().glue, { faultOf: () => 'crash' });
    const { clients, clock, store, scope } = lake;
    const elsewhere = { version: 'test', clock, signal: scope.signal };
    const dead = applyUndo({ ...clients, glue }, storeOf(store), await lake.plan(), elsewhere);
    await expect(dead).rejects.toThrow();
    lake.put(part('3'));
    await lake.crawlLater();
    const undo = () => gluepot('crawl', 'undo', CRAWLER, '--yes');
    await expect(undo()).rejects.toMatchObject({ kind: 'guard-refused' });
    lake.later(DATABASE_LEASE_MS);
    expect((await undo()).text).toContain('read back and verified');
    expect(await partitions()).toEqual(['1 no']);
  });

  it('prunes no object while a snapshot is being written, for a day by AWS’s clock', async () => {
    const gluepot = await open(aheadMs);
    for (let taken = 0; taken < 2; taken++) {
      await gluepot('catalog', 'snapshot', 'create');
      await editPartition('1');
    }
    await gluepot('catalog', 'snapshot', 'create');
    const pruneBeside = async (writerAgeMs: number, keep: string) => {
      const startedAt = new Date(lake.clock.now().getTime() - writerAgeMs);
      await lake.store.put('writing/somebody.json', Buffer.from(JSON.stringify({ startedAt })));
      return (await gluepot('catalog', 'snapshot', 'prune', '--keep-last', keep, '--yes')).text;
    };
    const minute = 60_000;
    expect(await pruneBeside(24 * HOUR - 5 * minute, '2')).toContain(
      'Objects stay while snapshots are being written (somebody)',
    );
    expect(await pruneBeside(24 * HOUR + 5 * minute, '1')).toMatch(/^Removed 1 snapshot and [1-9]/m);
  });
});
