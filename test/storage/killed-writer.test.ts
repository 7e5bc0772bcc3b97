// A process that is killed while it writes leaves every object whole, with the attributes of its content.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BUCKET, openStorageHarness, versionText, WRITTEN_KEYS } from './storage-harness.js';

const child = fileURLToPath(new URL('killed-writer.child.ts', import.meta.url));

it('objects are the last version acknowledged, or the one being written when the process was killed', async () => {
  let lake = openStorageHarness();
  const acknowledged = new Map<string, number>();
  for (const [round, acknowledgementCount] of [40, 97, 151].entries()) {
    lake.close();
    const firstVersion = round * 1000;
    const writer = spawn(process.execPath, ['--import', 'tsx', child, lake.folder, String(firstVersion)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let count = 0;
    for await (const line of createInterface(writer.stdout)) {
      const [key, version] = line.split(' ') as [string, string];
      acknowledged.set(key, Number(version));
      if (++count === acknowledgementCount) writer.kill('SIGKILL');
    }
    if (writer.signalCode === null) await once(writer, 'exit');
    expect(writer.signalCode).toBe('SIGKILL');

    lake = openStorageHarness({ folder: lake.folder });
    expect(lake.unfinished()).toEqual([]);
    expect(lake.keys()).toEqual([...acknowledged.keys()].sort());
    for (const [key, version] of acknowledged) {
      const text = await lake.text(key);
      const found = Number(/^\d+/.exec(text)?.[0]);
      expect(text).toBe(versionText(key, found));
      expect([version, version + 1]).toContain(found);
      expect(lake.storage.head(BUCKET, key)).toMatchObject({
        contentType: `text/version-${found}`,
        etag: createHash('md5').update(text).digest('hex'),
      });
    }
  }
  expect([...acknowledged.keys()].sort()).toEqual([...WRITTEN_KEYS].sort());
  lake.remove();
});
