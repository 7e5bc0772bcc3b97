// Placeholders are filled in everywhere, and `$${` stays a text.
import { expect, it } from 'vitest';
import { fillPlaceholders } from './placeholders.js';

it.each([
  ['demo-${account}-${region}', 'demo-123456789012-eu-west-1'],
  ['s3://${bucket}/a/', 's3://${bucket}-filled/a/'],
  ['SELECT $${not} FROM t', 'SELECT ${not} FROM t'],
  ['$$${account}', '$${account}'],
  ['plain', 'plain'],
])('%s becomes %s', (given, expected) => {
  const values = { account: '123456789012', region: 'eu-west-1', bucket: '${bucket}-filled' };
  expect(fillPlaceholders(given, values)).toBe(expected);
  expect(fillPlaceholders({ deep: [{ [given]: given }], n: 1, no: null }, values)).toEqual({
    deep: [{ [given]: expected }],
    n: 1,
    no: null,
  });
});
