// Members that differ, in a line each: long ones show where.
import { expect, it } from 'vitest';
import { differenceLines, differenceText } from './difference-text.js';

const members = (type: string) =>
  Array.from({ length: 20 }, (_, index) => `m${index}:string`)
    .concat(type)
    .join(',');

it.each([
  ['short ones whole', 'int', 'bigint', 'a: "int" → "bigint"'],
  ['what is not there', undefined, { b: 1 }, 'a: nothing → {"b":1}'],
  ['long ones that differ early by their beginning', 'x'.repeat(100), 'y', `a: "${'x'.repeat(68)}… → "y"`],
  [
    'long ones that begin alike from shortly before they differ',
    `struct<${members('price:int')}>`,
    `struct<${members('price:double')}>`,
    'a: …ng,m19:string,price:int>" → …ng,m19:string,price:double>"',
  ],
  [
    'one that goes on where the other ends',
    `struct<${members('price:int')}>`,
    `struct<${members('price:int,city:string')}>`,
    'a: …m19:string,price:int>" → …m19:string,price:int,city:string>"',
  ],
])('shows %s', (_, before, after, text) => {
  expect(differenceText({ path: 'a', before, after })).toBe(text);
});

it('shows ten of a list or a member, and how many more there are', () => {
  const column = (index: number) => `StorageDescriptor.Columns[c${String(index).padStart(3, '0')}].Type`;
  const members = [
    ...Array.from({ length: 11 }, (_, index) => `Parameters.p${index}`),
    ...Array.from({ length: 400 }, (_, index) => column(index)),
    'StorageDescriptor.Location',
  ];
  const lines = differenceLines(members.map((path) => ({ path, before: 1, after: 2 })));
  expect(lines).toEqual([
    ...[...members.slice(0, 10), ...members.slice(11, 21), 'StorageDescriptor.Location'].map(
      (path) => `      ${path}: 1 → 2`,
    ),
    '      … 1 more of Parameters: --json has all',
    '      … 390 more of StorageDescriptor.Columns: --json has all',
  ]);
  expect(differenceLines(members.slice(0, 10).map((path) => ({ path, before: 1, after: 2 })))).toHaveLength(
    10,
  );
});
