// What the built command sets for its own process: it has to be there before Node.js first uses it.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BIN, emptyFolder } from './gluepot-process.js';

const PRELOADED = `process.on('exit', () => {
  const threads = require('node:fs').readdirSync('/proc/self/task').length;
  process.stderr.write(String(threads));
});`;

/** All threads that the command ends with: those of libuv's pool, all of which start with the first, and others. */
function threadsOf(environment: NodeJS.ProcessEnv): number {
  const folder = emptyFolder();
  const preloaded = join(folder, 'preloaded.cjs');
  writeFileSync(preloaded, PRELOADED);
  const { stderr } = spawnSync(process.execPath, ['--require', preloaded, BIN, '--version'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...environment },
  });
  // A flag that V8 does not know would be told of here, too.
  expect(stderr).toMatch(/^\d+$/);
  return Number(stderr);
}

it.skipIf(process.platform !== 'linux')(
  'the command has threads enough for long queries and for files, or as many as its environment says (counted in /proc)',
  () => {
    const own = threadsOf({});
    expect(own).toBe(threadsOf({ UV_THREADPOOL_SIZE: '16' }));
    expect(own).toBe(threadsOf({ UV_THREADPOOL_SIZE: '4' }) + 12);
  },
);
