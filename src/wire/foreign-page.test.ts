// Which pages may ask for programs to be run.
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../embedded.js';
import { refuseForeignPage } from './foreign-page.js';

describe('refuseForeignPage', () => {
  it.each<Record<string, string>>([
    {},
    { origin: 'http://localhost:3000' },
    { origin: 'https://127.0.0.1' },
    { origin: 'http://[::1]:80' },
  ])('lets %j through', (headers) => {
    expect(() => refuseForeignPage(headers)).not.toThrow();
  });

  it.each([
    'https://example.com',
    'null',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    '',
  ])('refuses a page of %j', (origin) => {
    expect(() => refuseForeignPage({ origin })).toThrow(/What runs programs/);
  });
});

it('a page elsewhere reaches neither Batch nor Lambda, by header or by query', async () => {
  const aws = await openEmbedded();
  try {
    const { endpoint } = await aws.listen({ port: 0 });
    const scope = (service: string) => `x/20260101/us-east-1/${service}/aws4_request`;
    const statusOf = async (path: string, service: string, origin?: string) => {
      const query = `X-Amz-Credential=${encodeURIComponent(scope(service))}`;
      const headers = { 'content-type': 'text/plain', ...(origin === undefined ? {} : { origin }) };
      const response = await fetch(`${endpoint}${path}?${query}`, { method: 'POST', headers, body: '{}' });
      return response.status;
    };
    for (const [path, service, own] of [
      ['/v1/describejobqueues', 'batch', 200],
      ['/2015-03-31/functions/none/invocations', 'lambda', 404],
    ] as const) {
      expect(await statusOf(path, service)).toBe(own);
      expect(await statusOf(path, service, 'http://localhost:8080')).toBe(own);
      expect(await statusOf(path, service, 'https://example.com')).toBe(403);
    }
  } finally {
    await aws.close();
  }
});
