// The commands of the guides, run as they are printed.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'gluepot-guides-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Lines `npx gluepot ...` of a guide's code blocks, without those that serve for ever or need an account. Blocks that name
 * a language are examples, which cannot be run as they are.
 */
function commandsOf(guide: string): string[][] {
  return blocksOf(guide)
    .filter(({ language }) => language === '')
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => line.startsWith('npx gluepot ') && !/ up |--target aws/.test(`${line} `))
    .map((line) => line.split(' ').slice(2));
}

/** A block begins with any fence, and ends with the next bare one. */
function blocksOf(guide: string): { language: string; text: string }[] {
  return [...guide.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));
}

it('blocks end where they end, whatever language they are in', () => {
  const guide =
    '```ts\nconst a = 1;\n```\n\nwords\n\n```\nnpx gluepot demo\n```\n\n```sh\nnpx gluepot x # y\n```\n';
  expect(blocksOf(guide)).toEqual([
    { language: 'ts', text: 'const a = 1;\n' },
    { language: '', text: 'npx gluepot demo\n' },
    { language: 'sh', text: 'npx gluepot x # y\n' },
  ]);
  expect(commandsOf(guide)).toEqual([['demo']]);
});

const guides = readdirSync('docs/guides').map((name) => ({
  name,
  commands: commandsOf(readFileSync(join('docs/guides', name), 'utf8')),
}));

it('there are guides with commands', () => {
  expect(guides.flatMap(({ commands }) => commands).length).toBeGreaterThan(3);
});

describe.each(guides.filter(({ commands }) => commands.length > 0))('$name', ({ name, commands }) => {
  it('runs from its first command to its last', async () => {
    // What a command writes stays out of the project.
    const cwd = join(folder, name);
    mkdirSync(cwd);
    symlinkSync(resolve('examples'), join(cwd, 'examples'));
    for (const command of commands) {
      await run(process.execPath, [resolve('bin/gluepot.cjs'), ...command], {
        cwd,
        env: { ...process.env, GLUEPOT_DATA_DIR: join(cwd, 'data') },
      });
    }
  });
});
