// Waiting has a bound, and says what it waited for.
import { expect, it } from 'vitest';
import { steppingClock } from '../base/clock.js';
import { formatDuration, poll } from './poll.js';

const scope = () => ({ clock: steppingClock(), signal: new AbortController().signal });

it('returns what came out, and tells each state once', async () => {
  const looks = [{ state: 'STARTING' }, { state: 'RUNNING' }, { state: 'RUNNING' }, { done: 42 }];
  const states: string[] = [];
  const wait = { what: 'it', timeoutMs: 1000, onState: (state: string) => void states.push(state) };
  expect(await poll(scope(), wait, () => Promise.resolve(looks.shift() as { done: number }))).toBe(42);
  expect(states).toEqual(['STARTING', 'RUNNING']);
});

it('gives up after its time with the last state and what to do', async () => {
  const { clock, signal } = scope();
  const startMs = clock.now().getTime();
  const wait = { what: 'crawler c', timeoutMs: 300_000, hint: 'Wait longer.' };
  await expect(
    poll({ clock, signal }, wait, () => Promise.resolve({ state: 'STOPPING' })),
  ).rejects.toMatchObject({
    kind: 'timed-out',
    message: 'Waiting for crawler c took longer than 5 min; the last state was STOPPING. Wait longer.',
  });
  expect(clock.now().getTime() - startMs).toBe(300_000);
});

it('ends at once when it is interrupted', async () => {
  const controller = new AbortController();
  const look = () => {
    controller.abort(new Error('Ctrl-C'));
    return Promise.resolve({ state: 'RUNNING' });
  };
  await expect(
    poll({ clock: steppingClock(), signal: controller.signal }, { what: 'it', timeoutMs: 1000 }, look),
  ).rejects.toThrow('Ctrl-C');
});

it.each([
  [850, '850 ms'],
  [12_340, '12.3 s'],
  [119_000, '119 s'],
  [300_000, '5 min'],
])('%i ms reads %s', (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});
