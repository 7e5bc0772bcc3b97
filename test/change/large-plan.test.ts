// A plan of many partitions fits into little memory: in a process of its own, whose heap is too small for them as objects.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Held as objects, one plan of them fills the heap, and here there are two. */
const COUNT = 12_000;
const HEAP_MB = 72;

it('makes, keeps and opens a plan of 12,000 partitions with a heap of 72 MB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gluepot-large-plan-'));
  try {
    const child = fileURLToPath(new URL('large-plan.child.ts', import.meta.url));
    const limited = [`--max-old-space-size=${HEAP_MB}`, '--import', 'tsx', child, folder, String(COUNT)];
    const { stdout } = await promisify(execFile)(process.execPath, limited);
    expect(JSON.parse(stdout)).toEqual({ named: COUNT, isSame: true });
  } finally {
    await rm(folder, { recursive: true });
  }
}, 180_000);
