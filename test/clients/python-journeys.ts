// Journeys written in Python: each script of a folder is a test of its own and fails by its own assertion.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { clientEnvironment, findPythonClients } from './python-clients.js';

const run = promisify(execFile);
const LIMIT_MS = 120_000;

/** Runs the scripts of `folder`, which need `packages` of PyPI, one after the other against one server. */
export function describePythonJourneys(folder: string, packages: readonly string[]): void {
  const { python, missing } = findPythonClients(packages);
  const scripts = readdirSync(join(import.meta.dirname, folder)).filter((name) => name.endsWith('.py'));

  describe.skipIf(missing)(`${folder}${missing ? ` (${missing})` : ''}`, () => {
    let aws: Embedded;
    let endpoint: string;
    beforeAll(async () => {
      aws = await openEmbedded();
      ({ endpoint } = await aws.listen({ port: 0 }));
    });
    afterAll(() => aws.close());

    it.each(scripts)(
      '%s',
      async (script) => {
        const env = {
          ...clientEnvironment(endpoint, python),
          PYTHONPATH: join(import.meta.dirname, 'python'),
          // A script's own folder is no place to import from: its neighbours have names of packages.
          PYTHONSAFEPATH: '1',
        };
        await run(python, [join(import.meta.dirname, folder, script)], { env, timeout: LIMIT_MS });
      },
      LIMIT_MS,
    );
  });
}
