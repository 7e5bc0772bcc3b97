// Names of buckets.
import { expect, it } from 'vitest';
import { isLegalBucketName } from './bucket-name.js';

it.each([
  ['abc', true],
  ['my-bucket.2024', true],
  ['0'.repeat(63), true],
  ['ab', false],
  ['0'.repeat(64), false],
  ['My-bucket', false],
  ['my_bucket', false],
  ['-bucket', false],
  ['bucket.', false],
  ['my..bucket', false],
  ['192.168.5.4', false],
  ['xn--bucket', false],
  ['bucket-s3alias', false],
  ['bucket--x-s3', false],
  ['.escaped', false],
  ['../bucket', false],
])('%s as the name of a bucket: %s', (name, isLegal) => expect(isLegalBucketName(name)).toBe(isLegal));
