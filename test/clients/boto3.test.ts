// boto3 against a server: each script of boto3/ is one journey and fails by an assertion of its own.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../src/embedded.js';
import { clientEnvironment, findPythonClients } from './python-clients.js';

const run = promisify(execFile);
const folder = join(import.meta.dirname, 'boto3');
const scripts = readdirSync(folder).filter((name) => name.endsWith('.py'));
const { python, missing } = findPythonClients();

describe.skipIf(missing)(`boto3${missing ? ` (${missing})` : ''}`, () => {
  let aws: Embedded;
  let endpoint: string;
  beforeAll(async () => {
    aws = await openEmbedded();
    ({ endpoint } = await aws.listen({ port: 0 }));
  });
  afterAll(() => aws.close());

  it.each(scripts)('%s', async (script) => {
    await run(python, [join(folder, script)], { env: clientEnvironment(endpoint, python), timeout: 60_000 });
  });
});
