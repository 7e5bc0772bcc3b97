// A full disk: clients are told, nothing is lost, and work goes on once there is room.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

// A small file system of its own needs the right to mount; a user namespace grants it where the system allows those.
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** Runs the shell script with a tmpfs of 4 MiB as $1, node as $2 and the child as $3. */
function onSmallDisk(childName: string, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gluepot-full-'));
  const child = fileURLToPath(new URL(childName, import.meta.url));
  const { stdout, stderr } = spawnSync(
    'unshare',
    [
      '-rm',
      'sh',
      '-c',
      `mount -t tmpfs -o size=4m tmpfs "$1" && ${script}`,
      'sh',
      folder,
      process.execPath,
      child,
    ],
    { encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  expect(stdout, stderr).not.toBe('');
  return stdout;
}

it.runIf(canMount)('a full disk is said clearly, loses nothing, and is survived', () => {
  const stdout = onSmallDisk('full-disk.child.ts', 'exec "$2" --import tsx "$3" "$1"');
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
    backups: [
      expect.stringMatching(
        /backup\/gluepot\.db could not be written: .*disk is full.* Nothing was backed up\.$/,
      ),
      expect.stringMatching(/backup could not be written: ENOSPC.* It is as it was before\.$/),
    ],
    left: ['data'],
    crawlerState: 'READY',
    crawledAfterwards: 'SUCCEEDED',
  });
});

it.runIf(canMount)(
  'a state that is closed while the disk is full keeps its log, which the next to open it reads',
  () => {
    const script =
      '"$2" --import tsx "$3" fill "$1" && test -s "$1/gluepot.db-wal" && "$2" --import tsx "$3" count "$1"';
    expect(onSmallDisk('close-when-full.child.ts', script)).toBe('fill 200\ncount 200\n');
  },
);

it.runIf(canMount)('what falls due while the disk is full is done once when there is room', () => {
  const stdout = onSmallDisk('full-disk-timers.child.ts', 'exec "$2" --import tsx "$3" "$1"');
  expect(JSON.parse(stdout)).toEqual({
    isFullWhileDue: true,
    hasFailed: true,
    crawls: [1, 1, 1],
    bodies: ['"rule"', 'schedule'],
  });
});
