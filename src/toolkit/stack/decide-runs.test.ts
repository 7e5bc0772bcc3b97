// A step runs when something upstream of it changed, or when it never came to a good end.
import { expect, it } from 'vitest';
import type { StackChange } from './decide.js';
import { decideRuns } from './decide-runs.js';

const STEPS = [{ crawler: 'c' }, { job: 'a' }, { job: 'b' }];
const change = (kind: StackChange['kind'], name: string, action: StackChange['action']): StackChange => ({
  kind,
  name,
  action,
  reason: '',
  differences: [],
});

interface Case {
  name: string;
  states?: (string | undefined)[];
  changes?: StackChange[];
  force?: boolean;
  isUnfinished?: boolean;
  expected: [string, string, string];
}

const UNCHANGED = 'skip: it succeeded, and nothing changed since; --run runs it again';
const cases: Case[] = [
  { name: 'nothing when all succeeded and nothing changed', expected: [UNCHANGED, UNCHANGED, UNCHANGED] },
  {
    name: 'everything after data that changed',
    changes: [change('object', 'k', 'update')],
    expected: ['run: the data in the bucket change', 'run: c runs before it', 'run: c runs before it'],
  },
  {
    name: 'a changed job and what comes after it',
    changes: [change('job', 'a', 'update')],
    expected: [UNCHANGED, 'run: its definition changes', 'run: a runs before it'],
  },
  {
    name: 'a new job',
    changes: [change('job', 'b', 'create')],
    states: ['SUCCEEDED', 'SUCCEEDED', undefined],
    expected: [UNCHANGED, UNCHANGED, 'run: it is new'],
  },
  {
    name: 'what never ran',
    states: ['SUCCEEDED', 'SUCCEEDED', undefined],
    expected: [UNCHANGED, UNCHANGED, 'run: it has not run yet'],
  },
  {
    name: 'what failed, and what comes after it',
    states: ['SUCCEEDED', 'FAILED', 'SUCCEEDED'],
    expected: [UNCHANGED, 'run: its last run is FAILED', 'run: a runs before it'],
  },
  {
    name: 'everything after an apply that was cut short',
    isUnfinished: true,
    expected: [
      'run: the last apply did not come to its end',
      'run: c runs before it',
      'run: c runs before it',
    ],
  },
  {
    name: 'everything when asked',
    force: true,
    expected: ['run: asked for with --run', 'run: asked for with --run', 'run: asked for with --run'],
  },
  {
    name: 'nothing for a change that is only a skip',
    changes: [change('object', 'k', 'skip')],
    expected: [UNCHANGED, UNCHANGED, UNCHANGED],
  },
  {
    name: 'nothing for a changed role',
    changes: [change('role', 'r', 'update')],
    expected: [UNCHANGED, UNCHANGED, UNCHANGED],
  },
];

it.each(cases)(
  'runs $name',
  ({
    states = ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'],
    changes = [],
    force = false,
    isUnfinished = false,
    expected,
  }) => {
    const decisions = decideRuns(
      STEPS,
      states.map((state) => ({ state })),
      changes,
      { force, isUnfinished },
    );
    expect(decisions.map((decision) => `${decision.action}: ${decision.reason}`)).toEqual(expected);
  },
);
