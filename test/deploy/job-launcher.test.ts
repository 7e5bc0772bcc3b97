// The script that starts Node.js programs on AWS Glue, run by Python with boto3 as Glue runs it.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../src/embedded.js';
import { clientEnvironment, findPythonClients } from '../clients/python-clients.js';
import { zipOf } from '../functions/zip-of.js';

const { python, missing } = findPythonClients(['boto3']);
const runs = it.skipIf(missing);
const temporary = mkdtempSync(join(tmpdir(), 'gluepot-launcher-'));

let aws: Embedded;
let clients: EmbeddedClients;
let endpoint: string;
beforeAll(async () => {
  aws = await openEmbedded();
  clients = aws.clients();
  ({ endpoint } = await aws.listen({ port: 0 }));
  await clients.s3.createBucket({ Bucket: 'jobs' });
});
afterAll(async () => {
  await aws.close();
  rmSync(temporary, { recursive: true, force: true });
});

const put = (Key: string, Body: string | Uint8Array) => clients.s3.putObject({ Bucket: 'jobs', Key, Body });

async function launch(words: string[]) {
  const environment = clientEnvironment(endpoint, python);
  const env = {
    ...environment,
    PATH: `${dirname(process.execPath)}:${environment['PATH']}`,
    TMPDIR: temporary,
  };
  const args = [resolve('bin/run-job-program.py'), '--JOB_NAME', 'job', '--JOB_RUN_ID', 'jr_1', ...words];
  try {
    return { code: 0, ...(await promisify(execFile)(resolve(python), args, { env })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

runs(
  `hands the program all arguments, with what it needs beside it${missing ? ` (${missing})` : ''}`,
  async () => {
    await put(
      'echo.cjs',
      'console.log(require("greeting"), process.argv.slice(2).join(" "), process.cwd() === process.env.TMPDIR)',
    );
    await put('packages.zip', zipOf({ 'greeting/index.js': 'module.exports = "hello"' }));
    const packages = ['--gluepot_packages', 's3://jobs/packages.zip'];
    const { stdout, stderr } = await launch([
      '--gluepot_program',
      's3://jobs/echo.cjs',
      ...packages,
      '--tables',
      'a,b',
    ]);
    expect(stdout, stderr).toBe(
      'hello --JOB_NAME job --JOB_RUN_ID jr_1 --gluepot_program s3://jobs/echo.cjs --gluepot_packages s3://jobs/packages.zip --tables a,b true\n',
    );
    expect(readdirSync(temporary)).toEqual([]);
  },
);

runs('fails with the last line of a program that fails, and leaves nothing behind', async () => {
  await put('fail.cjs', 'console.log("some work"); console.error("the reason"); process.exitCode = 4');
  const { code, stdout, stderr } = await launch(['--gluepot_program', 's3://jobs/fail.cjs']);
  expect([code, stdout]).toEqual([1, 'some work\nthe reason\n']);
  expect(stderr).toContain('RuntimeError: The program ended with exit code 4: the reason');
  expect((await launch([])).stderr).toContain('The job needs --gluepot_program');
  expect((await launch(['--gluepot_program', 's3://jobs/nothing.cjs'])).code).toBe(1);
  expect(readdirSync(temporary)).toEqual([]);
});

runs('ingests, as it does on the embedded Glue', async () => {
  const { glue } = clients;
  await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  await glue.createTable({
    DatabaseName: 'shop',
    TableInput: {
      Name: 'orders',
      StorageDescriptor: {
        Location: 's3://jobs/raw/orders/',
        Columns: [{ Name: 'id', Type: 'int' }],
        SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
      },
    },
  });
  await put('raw/orders/a.json', '{"id":1}\n{"id":2}\n');
  await put(
    'ingest.json',
    JSON.stringify({ database: 'shop', outputPath: 's3://jobs/out', trackerPath: 's3://jobs/at' }),
  );
  await put('ingest.cjs', readFileSync('dist/job-programs/ingest.cjs'));
  const duckdb = JSON.stringify(resolve('node_modules/@duckdb/node-api'));
  const packages = { '@duckdb/node-api/index.js': `module.exports = require(${duckdb})` };
  await put('duckdb.zip', zipOf({ ...packages, '@duckdb/node-api/package.json': '{"main":"index.js"}' }));
  const { stdout, stderr } = await launch([
    ...['--gluepot_program', 's3://jobs/ingest.cjs', '--gluepot_packages', 's3://jobs/duckdb.zip'],
    ...['--ingest_spec', 's3://jobs/ingest.json'],
  ]);
  expect(stdout, stderr).toContain('1 loaded, 0 unchanged, 0 skipped; in shop_parquet.');
  const { Table } = await glue.getTable({ DatabaseName: 'shop_parquet', Name: 'orders' });
  expect(Table?.Parameters?.['recordCount']).toBe('2');
});
