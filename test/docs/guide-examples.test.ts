// The library examples of the guides, in blocks marked `ts run`, run as programs of the built package.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { expect, it } from 'vitest';

const run = promisify(execFile);

const examples = readdirSync('docs/guides').flatMap((name) => {
  const text = readFileSync(join('docs/guides', name), 'utf8');
  return [...text.matchAll(/^```ts run\n(.*?)^```/gms)].map(([, code = '']) => ({ name, code }));
});

it('there are guides with examples', () => {
  expect(examples.length).toBeGreaterThan(0);
});

/** What an example prints, each on a line of its own, it says in a comment where it prints it. */
it.each(examples)('$name runs, and prints what it says', async ({ code }) => {
  const { code: script } = await transform(code, { loader: 'ts', format: 'esm' });
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { timeout: 60_000 });
  const lines = stdout.trim().split('\n');
  const promised = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
  for (const text of promised) expect(lines).toContain(text);
});
