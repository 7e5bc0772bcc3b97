// Plans as people read them.
import pc from 'picocolors';
import { expect, it } from 'vitest';
import type { StackPlan } from '../toolkit/stack/index.js';
import { renderDestroyPlan, renderPlan } from './render-plan.js';

const plain = pc.createColors(false);

it('a plan shows each change with its reason and differences, and counts them', () => {
  const plan = {
    changes: [
      { kind: 'role', name: 'r', action: 'skip', reason: 'it is as the file asks', differences: [] },
      { kind: 'bucket', name: 'b', action: 'create', reason: 'it is not there yet', differences: [] },
      {
        kind: 'crawler',
        name: 'c',
        action: 'update',
        reason: 'the file changed since it was applied',
        differences: [
          { path: 'TablePrefix', before: undefined, after: 'x_' },
          { path: 'Description', before: 'd'.repeat(80), after: undefined },
        ],
      },
      { kind: 'job', name: 'old', action: 'delete', reason: 'it is no longer in the file', differences: [] },
      { kind: 'job', name: 'j', action: 'conflict', reason: 'it is not ours', differences: [] },
    ],
    runs: [
      { kind: 'crawler', name: 'c', action: 'run', reason: 'its definition changes', step: {} },
      { kind: 'job', name: 'j', action: 'skip', reason: 'it succeeded', step: {} },
    ],
  } as unknown as StackPlan;
  expect(renderPlan(plan, plain).split('\n')).toEqual([
    '  + bucket b (it is not there yet)',
    '  ~ crawler c (the file changed since it was applied)',
    '      TablePrefix: nothing → "x_"',
    `      Description: "${'d'.repeat(68)}… → nothing`,
    '  - job old (it is no longer in the file)',
    '  ! job j: it is not ours',
    '  ▸ run crawler c (its definition changes)',
    'Plan: 1 to create, 1 to change, 1 to delete, 1 to run, 1 unchanged, 1 in conflict.',
  ]);
});

it('a plan to destroy shows what goes and what stays', () => {
  const steps = [
    { kind: 'job' as const, name: 'j', action: 'delete' as const, reason: 'its tag says so' },
    { kind: 'bucket' as const, name: 'b', action: 'keep' as const, reason: 'it holds 1 object of others' },
  ];
  expect(
    renderDestroyPlan({ bucket: 'b', prefixes: [], steps, includeForeign: false }, plain).split('\n'),
  ).toEqual([
    '  - job j (its tag says so)',
    '    bucket b stays: it holds 1 object of others',
    'Plan: 1 to delete, 1 to keep.',
  ]);
});
