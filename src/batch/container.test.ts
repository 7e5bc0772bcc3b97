// Containers put together from definitions, overrides and parameters.
import { describe, expect, it } from 'vitest';
import { checkContainer, checkOverrides, requiredVcpus, resolveContainer } from './container.js';

const PROPERTIES = {
  image: 'tool',
  command: ['convert', 'Ref::input', '--to=Ref::format', 'Ref::missing'],
  environment: [
    { name: 'KEPT', value: '1' },
    { name: 'CHANGED', value: '1' },
  ],
  resourceRequirements: [
    { type: 'VCPU' as const, value: '2' },
    { type: 'MEMORY' as const, value: '512' },
  ],
};

describe('resolveContainer', () => {
  it('puts parameters in place of their references and leaves unknown ones', () => {
    const { command } = resolveContainer(PROPERTIES, undefined, { input: 'a b', format: 'csv' });
    expect(command).toEqual(['convert', 'a b', '--to=csv', 'Ref::missing']);
  });

  it('takes no parameter from what every object has', () => {
    const { command } = resolveContainer({ image: 'x', command: ['Ref::constructor'] }, undefined, {});
    expect(command).toEqual(['Ref::constructor']);
  });

  it('lets overrides replace the command and single members of lists', () => {
    const container = resolveContainer(
      PROPERTIES,
      {
        command: ['echo', 'Ref::input'],
        environment: [
          { name: 'CHANGED', value: '2' },
          { name: 'NEW', value: '3' },
        ],
        resourceRequirements: [{ type: 'VCPU', value: '0.25' }],
      },
      { input: 'x' },
    );
    expect(container.command).toEqual(['echo', 'x']);
    expect(container.environment).toEqual([
      { name: 'KEPT', value: '1' },
      { name: 'CHANGED', value: '2' },
      { name: 'NEW', value: '3' },
    ]);
    expect(requiredVcpus(container)).toBe(0.25);
  });
});

describe('checks', () => {
  it.each([
    [{}, /must have an image/],
    [{ image: 'x' }, /must have a VCPU above 0 in resourceRequirements, not none/],
    [{ image: 'x', vcpus: 1 }, /must have a MEMORY above 0/],
    [{ image: 'x', vcpus: 1, memory: 0 }, /must have a MEMORY above 0 in resourceRequirements, not 0/],
    [
      { image: 'x', vcpus: 1, memory: 1, environment: [{ name: 'AWS_BATCH_X', value: '' }] },
      /AWS_BATCH_X is not allowed/,
    ],
    [{ image: 'x', vcpus: 1, memory: 1, logConfiguration: { logDriver: 'splunk' as const } }, /splunk/],
  ])('of properties refuse %j', (properties, message) => {
    expect(() => checkContainer(properties)).toThrow(message);
  });

  it('of overrides refuse an empty word', () => {
    expect(() => checkOverrides({ command: ['echo', ''] })).toThrow(/must not contain an empty string/);
  });
});
