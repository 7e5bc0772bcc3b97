// The commands of the guides, run as they are printed.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'gluepot-guides-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines `npx gluepot ...` of a guide's code blocks, without those that serve for ever or need an account. */
function commandsOf(guide: string): string[][] {
  const blocks = [...guide.matchAll(/^```\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.startsWith('npx gluepot ') && !/ up |--target aws/.test(`${line} `))
    .map((line) => line.split(' ').slice(2));
}

const guides = readdirSync('docs/guides').map((name) => ({
  name,
  commands: commandsOf(readFileSync(join('docs/guides', name), 'utf8')),
}));

it('there are guides with commands', () => {
  expect(guides.flatMap(({ commands }) => commands).length).toBeGreaterThan(3);
});

describe.each(guides.filter(({ commands }) => commands.length > 0))('$name', ({ name, commands }) => {
  it('runs from its first command to its last', async () => {
    for (const command of commands) {
      await run(process.execPath, ['bin/gluepot.mjs', ...command], {
        env: { ...process.env, GLUEPOT_DATA_DIR: join(folder, name) },
      });
    }
  });
});
