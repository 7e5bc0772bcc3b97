// The package as its users import it, by its exports, from the build.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> };
const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'));

it.each(entries)('%s can be imported and exports something', async (entry) => {
  const module = (await import(/* @vite-ignore */ entry.replace('.', 'gluepot'))) as object;
  expect(Object.keys(module).length).toBeGreaterThan(0);
});

it('gluepot/testing gives an embedded AWS whose time and ids are the test’s', async () => {
  const { countingIds, openEmbedded, steppingClock } = await import('../src/testing/index.js');
  const aws = await openEmbedded({
    clock: steppingClock(new Date('2024-05-01T00:00:00Z')),
    ids: countingIds(),
  });
  const { glue } = aws.clients();
  await glue.createDatabase({ DatabaseInput: { Name: 'db' } });
  expect((await glue.getDatabase({ Name: 'db' })).Database?.CreateTime).toEqual(
    new Date('2024-05-01T00:00:00Z'),
  );
  await aws.close();
});

it('the first npx after an install starts what was built, instead of building it again', () => {
  const before = statSync('dist/command/main.js');
  execFileSync(process.execPath, ['scripts/prepare.mjs'], { env: { ...process.env, npm_command: 'exec' } });
  const after = statSync('dist/command/main.js');
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

it('publishes what it needs to run, and neither sources, tests nor maps of them', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  for (const needed of ['bin/gluepot.cjs', 'bin/run-job-program.py', 'dist/command/main.js', 'LICENSE']) {
    expect(paths).toContain(needed);
  }
  for (const name of ['catalog-snapshot', 'crawl-undo', 'dynamodb-catalog', 'job-launch']) {
    expect(paths).toContain(`deploy/${name}/template.yaml`);
    expect(paths, 'what the template uploads').toContain(`dist/function-bundles/${name}/${name}.js`);
  }
  const folders = new Set(paths.map((path) => path.split('/')[0]));
  expect(folders).not.toContain('src');
  expect(folders).not.toContain('test');
  expect(paths.filter((path) => /\.(map|test\.js|test\.d\.ts|tsbuildinfo)$/.test(path))).toEqual([]);
});
