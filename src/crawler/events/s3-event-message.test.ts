// What messages of S3 look like on their several ways into a queue.
import { expect, it } from 'vitest';
import { changedObjects } from './s3-event-message.js';

const record = (bucket: unknown, key: unknown) => ({ s3: { bucket: { name: bucket }, object: { key } } });
const records = (...all: object[]) => JSON.stringify({ Records: all });

it.each<[string, string, ReturnType<typeof changedObjects>]>([
  [
    'records, with keys URL-encoded',
    records(record('b', 'a/year%3D2024/red+flower.csv'), record('c', 'x%2By')),
    [
      { bucket: 'b', key: 'a/year=2024/red flower.csv' },
      { bucket: 'c', key: 'x+y' },
    ],
  ],
  [
    'records through SNS',
    JSON.stringify({ Type: 'Notification', Message: records(record('b', 'k')) }),
    [{ bucket: 'b', key: 'k' }],
  ],
  [
    'an event of EventBridge, with the key as it is',
    JSON.stringify({ source: 'aws.s3', detail: { bucket: { name: 'b' }, object: { key: 'a+b%20' } } }),
    [{ bucket: 'b', key: 'a+b%20' }],
  ],
  ["S3's test", JSON.stringify({ Event: 's3:TestEvent', Bucket: 'b' }), []],
  ['text', 'hello', undefined],
  ['null', 'null', undefined],
  ['somebody else', '{"hello":1}', undefined],
  ['a record without a key', records(record('b', 'k'), record('b', undefined)), undefined],
  ['a key that is not encoded', records(record('b', '%zz')), undefined],
])('%s', (_, body, objects) => {
  expect(changedObjects(body)).toEqual(objects);
});
