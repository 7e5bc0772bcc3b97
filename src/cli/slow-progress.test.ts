// What takes long says so, whether or not it tells how far it is.
import { expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../embedded.js';
import { openCallCounter } from './call-counter.js';
import type { Progress } from './progress.js';
import { withSlowProgress } from './slow-progress.js';

type Told = Parameters<Progress['report']>[0];

/** What was told, and the first of a kind once it is. */
function listener() {
  const told: Told[] = [];
  const waiting: { isIt: (event: Told) => boolean; done: () => void }[] = [];
  const progress: Progress = {
    report(event) {
      told.push(event);
      for (const { isIt, done } of waiting) if (isIt(event)) done();
    },
    clear() {},
  };
  return {
    told,
    progress,
    once: (isIt: (event: Told) => boolean) => new Promise<void>((done) => waiting.push({ isIt, done })),
  };
}

it('tells of a step that never says how far it is', async () => {
  const { told, progress, once } = listener();
  await withSlowProgress(progress, 'look', () => once(({ state }) => state === 'waiting'));
  expect(told).toEqual([
    { step: 'look', state: 'started' },
    { step: 'look', state: 'waiting', detail: 'at work' },
    { step: 'look', state: 'done' },
  ]);
});

it('tells by how many calls a step is further, beside what it says itself', async () => {
  const aws = await openEmbedded();
  onTestFinished(() => aws.close());
  const { glue } = aws.clients();
  const calls = openCallCounter([glue]);
  const { told, progress, once } = listener();
  await glue.getDatabases({});
  const isTold = once(({ detail = '' }) => /^2 tables, \d+ calls$/.test(detail));
  await calls.during(progress, 'read', async (at) => {
    at('2 tables');
    let isOver = false;
    void isTold.then(() => (isOver = true));
    while (!isOver) await glue.getDatabases({});
  });
  expect(told.at(-1)).toEqual({ step: 'read', state: 'done' });
}, 20_000);
