// A folder in memory where there is room for one: what a test says about order needs no disk to wait for.
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
const ROOM_BYTES = 256 * 1024 ** 2;

export function openMemoryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), 'gluepot-launch-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize > ROOM_BYTES;
  } catch {
    // Not on Linux: the usual place it is.
    return false;
  }
}
