// Packed changes say what was put in, in the order in which they can be made, however many runs it took to sort them.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Action, Change } from '../plan.js';
import { definitionHash } from '../canonical-definition.js';
import type { CatalogObjectKind } from '../catalog-object.js';
import { openChangePacker, packChanges } from './pack-changes.js';
import { byChance } from '../../../test/law.js';

const DatabaseName = 'sales';
const change = (Values: string[], action: Action, texts: { current?: string; wanted?: string }): Change => {
  const definition = (text: string) => ({ Values, Parameters: { wanted: text, ',"wanted":{': '}' } });
  return {
    action,
    key: { kind: 'partition', DatabaseName, TableName: 't', Values },
    ...(texts.current === undefined ? {} : { current: definition(texts.current) }),
    ...(texts.wanted === undefined ? {} : { wanted: definition(texts.wanted) }),
    reason: `Of ${Values.join()}: ,"current":{"`,
    evidence: [{ from: 'crawl-changes', crawlId: Values.join() || 'none' }],
  };
};
const plain = ({ action, key, current, wanted, VersionId, reason, evidence }: Change) => ({
  ...{ action, key, current, wanted, VersionId, reason, evidence },
});

const text = fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), { nil: undefined });
const changes = fc.uniqueArray(
  fc
    .record({
      value: fc.string({ unit: 'binary', maxLength: 3 }),
      action: fc.constantFrom<Action>('create', 'update', 'delete', 'recreate', 'skip', 'conflict'),
      current: text,
      wanted: text,
    })
    .map(({ value, action, current, wanted }) =>
      change([value], action, {
        ...(current === undefined ? {} : { current }),
        ...(wanted === undefined ? {} : { wanted }),
      }),
    ),
  { selector: ({ key }) => JSON.stringify(key), maxLength: 40 },
);

/** Removals before what comes or changes, skips last, names in the order of their texts within each. */
function expectedOrder(list: readonly Change[]): Change[] {
  const phase = ({ action, wanted }: Change) => (action === 'skip' ? 2 : wanted === undefined ? 0 : 1);
  const name = ({ key }: Change) => JSON.stringify('Values' in key ? key.Values : []);
  return [...list].sort((one, other) => phase(one) - phase(other) || (name(one) < name(other) ? -1 : 1));
}

it('keeps every change as it was, in order, in one run and in many', () => {
  fc.assert(
    fc.property(changes, fc.integer({ min: 1, max: 3000 }), (list, runLengthMax) => {
      const packer = openChangePacker(runLengthMax);
      for (const one of list) packer.add(one);
      const { changes: packed } = packer.finish();
      expect(packed.map(plain)).toEqual(expectedOrder(list).map(plain));
      for (const one of packed) {
        const expected =
          one.current === undefined ? 'absent' : definitionHash<CatalogObjectKind>('partition', one.current);
        expect(one.observedHash).toBe(expected);
        expect([one.has('current'), one.has('wanted')]).toEqual([
          one.current !== undefined,
          one.wanted !== undefined,
        ]);
      }
      expect(packChanges([...packed]).changes.map(plain)).toEqual(packed.map(plain));
    }),
    byChance({ numRuns: 60, seed: 20_251_121 }),
  );
});

it('finds any change of many blocks, whatever the order in which they are looked at', () => {
  const list = Array.from({ length: 3000 }, (_, index) =>
    change([String(index).padStart(4, '0')], 'delete', { current: 'x'.repeat(1500) }),
  );
  const { changes: packed, blocks } = packChanges(list);
  expect(blocks.length).toBeGreaterThan(16);
  for (let step = 0; step < 60; step++) {
    const index = (step * 1777) % list.length;
    expect(plain(packed[index] as Change)).toEqual(plain(list[index] as Change));
  }
});
