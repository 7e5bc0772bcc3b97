// Modes: which way they look, and how far back.
import { describe, expect, it } from 'vitest';
import { parseDefinition, type SchemaDefinition } from '../definition/schema-definition.js';
import { canRead, isCompatible } from './compatibility.js';

const avro = (...fields: object[]): SchemaDefinition =>
  parseDefinition('AVRO', JSON.stringify({ type: 'record', name: 'R', fields }));
const a = { name: 'a', type: 'string' };
const b = { name: 'b', type: 'string' };
const optionalB = { name: 'b', type: ['null', 'string'], default: null };
const numberB = { name: 'b', type: ['null', 'int'], default: null };

describe('a new definition', () => {
  it.each([
    // mode, adds a required field, drops a required field, adds an optional field
    ['NONE', true, true, true],
    ['DISABLED', true, true, true],
    ['BACKWARD', false, true, true],
    ['BACKWARD_ALL', false, true, true],
    ['FORWARD', true, false, true],
    ['FORWARD_ALL', true, false, true],
    ['FULL', false, false, true],
    ['FULL_ALL', false, false, true],
  ] as const)('under %s', (mode, addsRequired, dropsRequired, addsOptional) => {
    expect(isCompatible(mode, avro(a, b), [avro(a)])).toBe(addsRequired);
    expect(isCompatible(mode, avro(a), [avro(a, b)])).toBe(dropsRequired);
    expect(isCompatible(mode, avro(a, optionalB), [avro(a)])).toBe(addsOptional);
  });

  it.each([
    ['BACKWARD', true],
    ['BACKWARD_ALL', false],
    ['FORWARD', true],
    ['FORWARD_ALL', false],
    ['FULL', true],
    ['FULL_ALL', false],
  ] as const)('is compared by %s with the last version alone: %s', (mode, lastAlone) => {
    expect(isCompatible(mode, avro(a, numberB), [avro(a), avro(a, optionalB)])).toBe(lastAlone);
  });

  it('is read forward as the older one is read backward', () => {
    const definitions = [avro(a), avro(a, b), avro(a, optionalB), avro(a, numberB), avro()];
    for (const first of definitions) {
      for (const second of definitions) {
        expect(isCompatible('BACKWARD', first, [second])).toBe(isCompatible('FORWARD', second, [first]));
        expect(isCompatible('FULL', first, [second])).toBe(canRead(first, second) && canRead(second, first));
      }
    }
  });

  it('of another format is not compatible', () => {
    expect(canRead(avro(a), parseDefinition('JSON', '{}'))).toBe(false);
  });
});
