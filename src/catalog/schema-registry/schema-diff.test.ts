// The diff of two versions: AWS's own answers, and that it leads from the one to the other.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from './definition/json-text.js';
import { jsonPatch, schemaDiff, type PatchOperation } from './schema-diff.js';

it('is what AWS answers for a field more', () => {
  const first = '{"type":"record","name":"Item","fields":[{"name":"value","type":"int"}]}';
  const second =
    '{"type":"record","name":"Item","fields":[{"name":"value","type":"int"},{"name":"note","type":["null","string"],"default":null}]}';
  expect(schemaDiff('AVRO', first, second)).toBe(
    '[{"op":"add","path":"/fields/1","value":{"name":"note","type":["null","string"],"default":null}}]',
  );
});

it.each<[string, string, PatchOperation[]]>([
  ['{"a":1}', '{ "a": 1 }', []],
  ['{"a":1,"b":2}', '{"b":2}', [{ op: 'remove', path: '/a' }]],
  ['{"a/b":1}', '{"a/b":2}', [{ op: 'replace', path: '/a~1b', value: 2 }]],
  ['{"a":[1,2,3]}', '{"a":[1,3]}', [{ op: 'remove', path: '/a/1' }]],
  [
    '{"a":[1,3]}',
    '{"a":[0,1,2,3]}',
    [
      { op: 'add', path: '/a/0', value: 0 },
      { op: 'add', path: '/a/2', value: 2 },
    ],
  ],
  ['{"a":[{"n":"x","t":1},2]}', '{"a":[{"n":"x","t":5},2]}', [{ op: 'replace', path: '/a/0/t', value: 5 }]],
  ['true', '{}', [{ op: 'replace', path: '', value: {} }]],
])('from %s to %s', (first, second, expected) => {
  expect(JSON.parse(schemaDiff('JSON', first, second))).toEqual(expected);
});

it('of Protocol Buffers names messages and fields', () => {
  const first = 'syntax = "proto3"; message M { string a = 1; }';
  const second = 'syntax = "proto3"; message M { string a = 1; int32 b = 2; }';
  expect(JSON.parse(schemaDiff('PROTOBUF', first, second))).toEqual([
    { op: 'add', path: '/nested/M/fields/b', value: { type: 'int32', id: 2 } },
  ]);
});

it('of long lists with nothing in common is made without comparing every pair', () => {
  const list = (from: number) =>
    JSON.stringify({ enum: Array.from({ length: 5000 }, (_, index) => from + index) });
  expect((JSON.parse(schemaDiff('JSON', list(0), list(10_000))) as Json[]).length).toBe(5000);
});

const values: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, true, 1, 2, 'a', ''),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c/d', 'e~f'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

it('makes the second of the first, and says nothing of what is equal', () => {
  fc.assert(
    fc.property(values, values, (first, second) => {
      expect(jsonPatch(first, second).reduce(apply, structuredClone(first))).toEqual(second);
      expect(jsonPatch(first, structuredClone(first))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

// RFC 6902, as far as it is used.
function apply(document: Json, operation: PatchOperation): Json {
  if (operation.path === '') return operation.op === 'remove' ? null : structuredClone(operation.value);
  const steps = operation.path
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() as string;
  const parent = steps.reduce<Json>((value, step) => (value as Record<string, Json>)[step] as Json, document);
  if (Array.isArray(parent)) {
    const removed = operation.op === 'add' ? 0 : 1;
    parent.splice(
      Number(last),
      removed,
      ...(operation.op === 'remove' ? [] : [structuredClone(operation.value)]),
    );
  } else if (operation.op === 'remove') delete (parent as Record<string, Json>)[last];
  else (parent as Record<string, Json>)[last] = structuredClone(operation.value);
  return document;
}
