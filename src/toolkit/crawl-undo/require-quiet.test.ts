// Which crawlers at work stand in the way of a change, and how long they are waited for.
import type { Crawler, CrawlerState } from '@aws-sdk/client-glue';
import { expect, it } from 'vitest';
import { answeringGlue } from '../../../test/faults/answering-glue.js';
import { steppingClock } from '../../base/clock.js';
import { requireQuiet, type IfRunning } from './require-quiet.js';

const crawler = (Name: string, State: CrawlerState, DatabaseName = 'sales'): Crawler => ({
  ...{ Name, State, DatabaseName },
});

/** Asks with crawlers that are as `looks` says, at the first look, the second, ...; the last stays. */
async function ask(
  looks: readonly (readonly Crawler[])[],
  {
    databases = ['sales'],
    ifRunning = 'refuse',
    timeoutMs = 60_000,
    signal = new AbortController().signal,
  }: { databases?: string[]; ifRunning?: IfRunning; timeoutMs?: number; signal?: AbortSignal } = {},
) {
  let look = 0;
  // A crawler a page.
  const { glue, calls } = answeringGlue({
    GetCrawlers: ({ NextToken }: { NextToken?: string }) => {
      if (NextToken === undefined) look++;
      const all = looks[Math.min(look, looks.length) - 1] ?? [];
      const index = Number(NextToken ?? 0);
      const isLast = index + 1 >= all.length;
      return { Crawlers: all.slice(index, index + 1), ...(isLast ? {} : { NextToken: String(index + 1) }) };
    },
  });
  const clock = steppingClock();
  const startMs = clock.now().getTime();
  const states: string[] = [];
  const onState = (state: string) => void states.push(state);
  const failure = await requireQuiet({ glue, clock, signal }, databases, {
    ifRunning,
    timeoutMs,
    onState,
  }).then(
    () => undefined,
    (error: unknown) => error as Error & { kind?: string },
  );
  return { failure, states, calls, looks: look, waitedMs: clock.now().getTime() - startMs };
}

it.each<[CrawlerState, boolean]>([
  ['READY', false],
  ['RUNNING', true],
  ['STOPPING', true],
])('a crawler that is %s is at work: %s', async (state, isAtWork) => {
  const { failure } = await ask([[crawler('idle', 'READY'), crawler('nightly', state)]]);
  expect(failure?.message).toBe(
    isAtWork
      ? 'Nothing was done: nightly is crawling into sales. Wait for the end, or say --if-running wait.'
      : undefined,
  );
  expect(failure?.kind).toBe(isAtWork ? 'guard-refused' : undefined);
});

it('names all that write into one of the databases, in any case, and no others', async () => {
  const ofTables: Crawler = {
    ...{ Name: 'tables', State: 'RUNNING' },
    Targets: { CatalogTargets: [{ DatabaseName: 'Stock', Tables: ['t'] }] },
  };
  const all = [crawler('one', 'RUNNING', 'SALES'), crawler('elsewhere', 'RUNNING', 'other'), ofTables];
  const { failure } = await ask([all], { databases: ['Sales', 'stock'] });
  expect(failure?.message).toContain('one, tables are crawling into Sales, stock.');
  expect((await ask([all], { databases: ['quiet'] })).failure).toBeUndefined();
});

it('asks nobody when no database is to be changed', async () => {
  expect(await ask([[crawler('one', 'RUNNING')]], { databases: [] })).toMatchObject({
    ...{ failure: undefined, calls: [] },
  });
});

it('waits until all are done, and says for whom', async () => {
  const [one, two] = [crawler('one', 'RUNNING'), crawler('two', 'STOPPING')];
  const looks = [[one, two], [one, two], [one], []];
  expect(await ask(looks, { ifRunning: 'wait' })).toMatchObject({
    ...{ failure: undefined, states: ['one, two', 'one'], looks: 4 },
  });
});

it('waits no longer than it is told to', async () => {
  const { failure, waitedMs } = await ask([[crawler('one', 'RUNNING')]], {
    ifRunning: 'wait',
    timeoutMs: 5000,
  });
  expect(failure).toMatchObject({
    kind: 'timed-out',
    message: 'Waiting for crawlers that write into sales took longer than 5 s; the last state was one.',
  });
  expect(waitedMs).toBe(5000);
});

it('ends its wait when it is interrupted', async () => {
  const signal = AbortSignal.abort(new Error('Enough.'));
  const { failure } = await ask([[crawler('one', 'RUNNING')]], { ifRunning: 'wait', signal });
  expect(failure?.message).toBe('Enough.');
});
