// The commands of the guides in blocks marked `sh run`, run from the first to the last against a server: the AWS CLI's, and
// those of gluepot, which finds the server by the folder it runs in.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded.js';
import { writeServerFile } from '../../src/server-file.js';
import { clientEnvironment, findPythonClients } from '../clients/python-clients.js';

const run = promisify(execFile);
const { python, missing } = findPythonClients(['awscli']);

const scripts = readdirSync('docs/guides').flatMap((name) => {
  const text = readFileSync(join('docs/guides', name), 'utf8');
  const blocks = [...text.matchAll(/^```sh run\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks.length > 0 ? [{ name, script: blocks.join('\n') }] : [];
});

/** `npx gluepot` is the one that was built here. */
const NPX = `npx() { test "$1" = gluepot; shift; '${process.execPath}' '${resolve('bin/gluepot.cjs')}' "$@"; }`;

it('there are guides with scripts', () => {
  expect(scripts.length).toBeGreaterThan(0);
});

describe.skipIf(missing)(`scripts${missing ? ` (${missing})` : ''}`, () => {
  it.each(scripts)('$name runs', async ({ script }) => {
    const folder = mkdtempSync(join(tmpdir(), 'gluepot-guide-'));
    const aws = await openEmbedded();
    try {
      const { endpoint } = await aws.listen({ port: 0 });
      const server = { pid: process.pid, endpoint, region: 'us-east-1', startedAt: new Date().toISOString() };
      writeServerFile(join(folder, '.gluepot'), server);
      const env = clientEnvironment(endpoint, python.includes('/') ? resolve(python) : python);
      await run('sh', ['-euc', `${NPX}\n${script}`], { cwd: folder, env: { HOME: dirname(folder), ...env } });
    } finally {
      await aws.close();
      rmSync(folder, { recursive: true });
    }
  });
});
