// Ctrl-C while an undo is at work: exit code 130, a journal that says what was done, and a resume that does the rest.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Glue, type TableInput } from '@aws-sdk/client-glue';
import { expect, it, onTestFinished } from 'vitest';
import { buildPlan, planText, type Change } from '../../src/change/index.js';
import { emptyFolder, gluepot, startUp } from './gluepot-process.js';

const DatabaseName = 'lake';
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };

const table = (index: number, Type: string): TableInput => ({
  Name: `t${String(index).padStart(2, '0')}`,
  StorageDescriptor: { Columns: [{ Name: 'a', Type }] },
});

/** Passes all on to `endpoint`; the first request that writes a table waits for `onWrite`. */
async function startRelay(endpoint: string, onWrite: () => void): Promise<string> {
  let isWritten = false;
  const server = createServer((request, answer) => {
    void (async () => {
      const body = await bodyOf(request);
      if (!isWritten && request.headers['x-amz-target'] === 'AWSGlue.UpdateTable') {
        isWritten = true;
        onWrite();
      }
      const headers = new Headers(request.headers as Record<string, string>);
      // fetch makes these itself.
      for (const name of ['host', 'connection', 'content-length']) headers.delete(name);
      const passed = await fetch(`${endpoint}${request.url}`, {
        ...{ method: request.method ?? 'POST', headers },
        ...(body.length === 0 ? {} : { body }),
      });
      answer.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? '' });
      answer.end(Buffer.from(await passed.arrayBuffer()));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

it('leaves a journal at SIGINT, says how to go on, and goes on from there', async () => {
  const folder = emptyFolder();
  const { endpoint } = await startUp(folder);
  const glue = new Glue({
    ...{ endpoint, region: 'us-east-1' },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  const indexes = Array.from({ length: 40 }, (_, index) => index);
  for (const index of indexes) await glue.createTable({ DatabaseName, TableInput: table(index, 'int') });
  const changes = indexes.map((index): Change => ({
    action: 'update',
    key: { kind: 'table', DatabaseName, TableName: table(index, '').Name as string },
    current: table(index, 'int'),
    wanted: table(index, 'string'),
    reason: 'As it was before.',
    evidence: [],
  }));
  const home = { accountId: '123456789012', region: 'us-east-1' };
  const subject = { operation: 'crawl-undo' as const, resolved: {} };
  writeFileSync(join(folder, 'plan.json'), planText(buildPlan({ ...home, subject, changes })));

  let child: ChildProcess | undefined;
  const relay = await startRelay(endpoint, () => child?.kill('SIGINT'));
  const undo = (at: string, ...args: string[]) =>
    gluepot(
      { cwd: folder, env: CREDENTIALS, onStart: (started) => (child = started) },
      ...['crawl', 'undo', '--yes', '--target', 'aws', '--endpoint-url', at, '--store', 'kept', '--json'],
      ...args,
    );
  const typesNow = async () => {
    const { TableList = [] } = await glue.getTables({ DatabaseName });
    return TableList.map(({ StorageDescriptor }) => StorageDescriptor?.Columns?.[0]?.Type);
  };

  const stopped = await undo(relay, '--plan', 'plan.json');
  expect(stopped.code, stopped.stderr).toBe(130);
  const { errors } = JSON.parse(stopped.stdout) as { errors: { kind: string; message: string }[] };
  expect(errors[0]?.kind).toBe('interrupted');
  const journalId = /Resume journal (\S+), or roll it back/.exec(errors[0]?.message ?? '')?.[1] ?? '';
  const written = (await typesNow()).filter((type) => type === 'string').length;
  expect(errors[0]?.message).toContain(`${written} changes were made`);
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(40);

  const resumed = await undo(endpoint, '--resume', journalId);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(await typesNow()).toEqual(indexes.map(() => 'string'));
  const back = await undo(endpoint, '--rollback', journalId);
  expect(back.code, back.stderr).toBe(0);
  expect(await typesNow()).toEqual(indexes.map(() => 'int'));
  glue.destroy();
}, 120_000);
