// Paths into structs.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { primitive, type HiveType } from '../../tabular/hive-type.js';
import { typeOf } from './expression.js';
import { parsePath, pruneFields, treeValue } from './fields.js';

test.each([
  ['a', ['a']],
  ['a.b.c', ['a', 'b', 'c']],
  ['`a.b`.c', ['a.b', 'c']],
  ['`a``b`', ['a`b']],
])('%s', (text, steps) => {
  expect(parsePath(text)).toEqual(steps);
});

const type: fc.Arbitrary<HiveType> = fc.letrec<{ type: HiveType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('int', 'string').map(primitive),
    fc.record({
      kind: fc.constant('struct' as const),
      members: fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,2}$/), type: tie('type') }), {
        selector: (member) => member.name,
        minLength: 1,
        maxLength: 3,
      }),
    }),
  ),
})).type;
const columns = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,3}$/), type }), {
  selector: (column) => column.name,
  minLength: 1,
  maxLength: 4,
});

test('keeping every field, whole or one by one, keeps every column and type', () => {
  fc.assert(
    fc.property(columns, fc.boolean(), (all, oneByOne) => {
      const isLeaf = (path: string[]) => {
        let found: HiveType = { kind: 'struct', members: all };
        for (const step of path) {
          if (found.kind === 'struct') found = found.members.find((member) => member.name === step)!.type;
        }
        return found.kind !== 'struct';
      };
      const trees = pruneFields(all, (path) => (!oneByOne || isLeaf(path) ? true : 'some'));
      expect(trees.map((tree) => ({ name: tree.name, type: typeOf(treeValue(tree)) }))).toEqual(all);
    }),
  );
});
