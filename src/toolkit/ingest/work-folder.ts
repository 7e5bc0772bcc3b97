// The folder in which a run stages tables, and the removal of those that killed runs left.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemErrorCode } from '../../base/errors.js';

/** Containers may share a folder, and count their processes each from 1. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const NAME = /^ingest-([0-9a-f]{8})-(\d+)-/;

/** A new folder in `parent`, which is made when missing. What processes of this host left that are no more is removed. */
export async function makeWorkFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const [, host, pid] = NAME.exec(name) ?? [];
    if (host !== HOST || isAlive(Number(pid))) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
  return mkdtemp(join(parent, `ingest-${HOST}-${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's, if it may not be signalled.
    return systemErrorCode(error) !== 'ESRCH';
  }
}
