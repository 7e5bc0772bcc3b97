// Opening the embedded AWS as a whole.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEmbedded } from './embedded.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gluepot-embedded-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

it('a file where the folder of the objects must be is named and left, and the data directory is let go of', async () => {
  const path = join(dataDir, 's3');
  writeFileSync(path, 'mine');
  await expect(openEmbedded({ dataDir })).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringMatching(
      `^${dataDir} cannot be a data directory: ${path} must be a folder, and there is a file .* Move the file away`,
    ) as unknown,
  });
  expect(readFileSync(path, 'utf8')).toBe('mine');
  rmSync(path);
  const aws = await openEmbedded({ dataDir });
  await aws.close();
});
