// A store in S3 whose answers break off.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { openDocumentStore } from '../document-store.js';

let embedded: Embedded;
beforeAll(async () => {
  embedded = await openEmbedded();
  await embedded.clients().s3.createBucket({ Bucket: 'kept' });
});
afterAll(() => embedded.close());

const bytes = Buffer.from('{"whole":true}');

/** A client whose first so many answers with an object break off in the middle. */
function breakingOff(cuts: number) {
  const { s3 } = embedded.clients();
  let left = cuts;
  s3.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const result = await next(call);
        if (commandName !== 'GetObjectCommand' || left <= 0) return result;
        left--;
        const transformToByteArray = () =>
          Promise.reject(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }));
        Object.assign(result.output, { Body: { transformToByteArray } });
        return result;
      },
    { step: 'initialize' },
  );
  return { s3, left: () => left };
}

it('asks again for a document whose answer broke off', async () => {
  const { s3, left } = breakingOff(4);
  const store = openDocumentStore('s3://kept/cut', { s3 });
  await store.put('a', bytes);
  expect(Buffer.from((await store.get('a'))?.bytes ?? [])).toEqual(bytes);
  expect(left()).toBe(0);
});

it('gives up when it always breaks off', async () => {
  const { s3, left } = breakingOff(100);
  const store = openDocumentStore('s3://kept/cut', { s3 });
  await store.put('a', bytes);
  await expect(store.get('a')).rejects.toMatchObject({
    kind: 'failed',
    message: 's3://kept/cut/a could not be read: aborted.',
  });
  expect(left()).toBe(95);
});
