// What an undo, its resume or its rollback could not do is told to the last object.
import { expect, it } from 'vitest';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { emptyFolder, gluepot, gluepotJson } from '../journeys/gluepot-process.js';
import { csv, openUndoFixture } from './undo-fixture.js';

it('names each object that somebody else changed', async () => {
  const lake = await openUndoFixture();
  try {
    await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
    await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }] } });
    const day = (name: string) => ({ [`orders/day=${name}/part.csv`]: csv('id,amount', '1,10.5') });
    lake.put(day('1'));
    await lake.crawlLater();
    lake.put({ ...day('2'), ...day('3') });
    await lake.crawlLater();
    const { journalId } = await lake.apply(await lake.plan());
    for (const Values of [['2'], ['3']]) {
      const PartitionInput = { Values, StorageDescriptor: { Location: 's3://theirs/' } };
      await lake.glue.createPartition({ DatabaseName: DATABASE, TableName: 'orders', PartitionInput });
    }

    const { endpoint } = await lake.aws.listen({ port: 0 });
    const folder = emptyFolder();
    const rollBack = ['crawl', 'undo', '--rollback', journalId ?? '', '--yes'];
    const place = ['--endpoint-url', endpoint, '--store', lake.folder];
    const { code, document } = await gluepotJson(folder, ...rollBack, ...place);
    expect(code).toBe(4);
    const { report } = document.result as unknown as {
      report: { conflicts: { key: { Values: string[] } }[] };
    };
    expect(report.conflicts.map(({ key }) => key.Values)).toEqual([['2'], ['3']]);
    const { stdout } = await gluepot(folder, ...rollBack, ...place);
    expect(stdout).toContain(`! partition ${DATABASE}.orders [2] (It is no longer as the plan found it)`);
    expect(stdout).toContain(`! partition ${DATABASE}.orders [3] (It is no longer as the plan found it)`);

    const kept = await gluepot(folder, ...rollBack, ...place, '--on-conflict', 'keep-current');
    expect(kept.code).toBe(0);
    expect(kept.stdout).toContain(
      `! partition ${DATABASE}.orders [3] (It is no longer as the plan found it)`,
    );
    expect(kept.stdout).toContain('verified. Left as somebody else made it: 2 objects.');
  } finally {
    await lake.close();
  }
});
