// A full disk: clients are told, nothing is lost, and work goes on once there is room.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// A small file system of its own needs the right to mount; a user namespace grants it where the system allows those.
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

it.runIf(canMount)('a full disk is said clearly, loses nothing, and is survived', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-full-'));
  const child = fileURLToPath(new URL('full-disk.child.ts', import.meta.url));
  const script = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" --import tsx "$3" "$1"';
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', script, 'sh', folder, process.execPath, child],
    { encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  expect(stdout, stderr).not.toBe('');
  const report = JSON.parse(stdout) as { createdCount: number };
  expect(report.createdCount).toBeGreaterThan(20);
  const full = {
    name: 'InternalFailure',
    statusCode: 500,
    message: expect.stringMatching(
      /gluepot\.db cannot grow: the disk is full .* nothing of it is kept\. Free some space and try again\.$/,
    ) as string,
  };
  expect(report).toMatchObject({
    full,
    batch: full,
    role: full,
    group: full,
    crawl: full,
    unhandled: [],
    isWholeWhileFull: true,
    partitionsWhileFull: 0,
    isWholeAfterwards: true,
    crawlerState: 'READY',
    crawledAfterwards: 'SUCCEEDED',
  });
});
