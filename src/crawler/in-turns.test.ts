// Long work lets others run, and ends where it is told to.
import { describe, expect, it } from 'vitest';
import { takeTurns } from './in-turns.js';

/** Works for longer than a turn lasts. */
function work(): void {
  const end = performance.now() + 9;
  while (performance.now() < end);
}

describe('takeTurns', () => {
  it('lets others run once a turn has lasted long enough', async () => {
    const seen: string[] = [];
    const pause = takeTurns(new AbortController().signal);
    setImmediate(() => seen.push('somebody else'));
    work();
    await pause();
    seen.push('the next turn');
    expect(seen).toEqual(['somebody else', 'the next turn']);
  });

  it('goes on at once within a turn', () => {
    expect(takeTurns(new AbortController().signal)()).toBeUndefined();
  });

  it('throws the reason once somebody has aborted meanwhile', async () => {
    const abort = new AbortController();
    const pause = takeTurns(abort.signal);
    setImmediate(() => abort.abort(new Error('stopped')));
    work();
    await expect(pause()).rejects.toThrow('stopped');
  });
});
