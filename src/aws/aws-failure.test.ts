// What is said of answers that are not AWS's, by the SDK's own clients.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Glue } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { observeTableStatistics } from '../change/observe-catalog.js';
import { asGluepotError } from './aws-failure.js';

const server = createServer((_, answer) => {
  answer.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html><title>404 Not Found</title>');
});
let glue: Glue;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  glue = new Glue({ endpoint, region: 'us-east-1', credentials });
});
afterAll(() => {
  glue.destroy();
  server.closeAllConnections();
  server.close();
});

const SAID =
  "The endpoint answered HTTP 404, and not in AWS's words: it does not have the operation that was asked for, or it is not AWS.";

it('a page of a web server is no answer of AWS', async () => {
  const error = await glue.getTables({ DatabaseName: 'lake' }).catch((thrown: unknown) => thrown);
  expect(asGluepotError(error)).toMatchObject({ kind: 'failed', message: SAID });
});

it('where column statistics are asked for, it is said how to do without', async () => {
  const key = { kind: 'table', DatabaseName: 'lake', TableName: 'orders' } as const;
  const definition = { Name: 'orders', StorageDescriptor: { Columns: [{ Name: 'id' }] } };
  await expect(observeTableStatistics({ glue }, { key, definition, provenance: {} })).rejects.toMatchObject({
    kind: 'failed',
    message: `Column statistics cannot be read. ${SAID} Where there are none, --no-statistics does without them.`,
  });
});
