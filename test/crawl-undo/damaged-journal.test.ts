// An undo that was cut short and whose journal has lost its plan: the way back that the error names leads back.
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openJournal, type PartialApplyError } from '../../src/change/index.js';
import { applyRestore, planRestore } from '../../src/toolkit/catalog-snapshot/index.js';
import { applyUndo } from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { withFaults } from '../faults/faulty-glue.js';
import { csv, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
afterEach(() => lake.close());

it('a snapshot of now and the one that the error names put back what was done', async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  const orders = (day: string) => ({ [`orders/day=${day}/part.csv`]: csv('id,amount', '1,10.5', '2,11.5') });
  lake.put(orders('1'));
  await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }] } });
  await lake.crawlLater();
  lake.put({ ...orders('2'), ...orders('3') });
  await lake.crawlLater();
  const after = await lake.content();

  const clients = lake.aws.clients();
  withFaults(clients.glue, { faultOf: (name) => (name === 'UpdateTable' ? 'deny' : undefined) });
  const { clock, store, scope } = lake;
  const options = { version: 'test', clock, signal: scope.signal };
  const cutShort: unknown = await applyUndo(clients, store, await lake.plan(), options).catch(
    (error: unknown) => error,
  );
  const journalId = (cutShort as PartialApplyError).report.journalId ?? '';
  expect(await lake.content()).not.toEqual(after);
  const path = join(lake.folder, 'journals', journalId, 'plan.json.gz');
  truncateSync(path, readFileSync(path).length - 9);

  const { message } = await openJournal(store, journalId).then(
    () => new Error('It was opened.'),
    (error: unknown) => error as Error,
  );
  const [, snapshotId = ''] = /catalog snapshot restore (\S+), taken right before it/.exec(message) ?? [];
  await lake.snapshot();
  const { plan } = await planRestore(scope, lake.home, store, { snapshotId }, { clock });
  await applyRestore(lake.clients, store, plan, { version: 'test', signal: scope.signal });
  expect(await lake.content()).toEqual(after);
});
