// Clients with our logger tell people what they told them without, and write nothing out for nobody.
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { HttpResponse } from '@smithy/core/protocols';
import { afterEach, expect, it, vi } from 'vitest';
import { CLIENT_LOGGER } from './client-logger.js';

afterEach(() => vi.restoreAllMocks());

const answering = (statusCode: number, body: string) =>
  new GlueClient({
    logger: CLIENT_LOGGER,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: {
      handle: () =>
        Promise.resolve({
          response: new HttpResponse({
            statusCode,
            headers: { 'content-type': 'application/x-amz-json-1.1' },
            body: Buffer.from(body),
          }),
        }),
    },
  });
const getTable = new GetTableCommand({ DatabaseName: 'sales', Name: 'orders' });

it('gets answers and errors, and prints neither', async () => {
  const printed = (['debug', 'info', 'log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
  const answer = await answering(200, '{"Table":{"Name":"orders"}}').send(getTable);
  expect(answer.Table?.Name).toBe('orders');
  const refused = answering(400, '{"__type":"EntityNotFoundException","Message":"No such table."}');
  await expect(refused.send(getTable)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  for (const spy of printed) expect(spy).not.toHaveBeenCalled();
});

it('has no info and no error, for which the SDK would write out all that goes in and comes back', () => {
  expect(CLIENT_LOGGER).not.toHaveProperty('info');
  expect(CLIENT_LOGGER).not.toHaveProperty('error');
});

it('lets warnings through', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
  CLIENT_LOGGER.warn('credentials are about to expire');
  expect(warn).toHaveBeenCalledWith('credentials are about to expire');
});
