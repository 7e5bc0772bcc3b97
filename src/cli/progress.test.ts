// What a terminal gets to see of how far a command is.
import { expect, it } from 'vitest';
import { openProgress } from './progress.js';

const NAME = 'nightly\u009b2J\u001b[8m';

it.each([false, true])(
  'shows no name as a command to the terminal: on one that is a terminal %s',
  (isTTY) => {
    const written: string[] = [];
    const stream = {
      isTTY,
      columns: 200,
      write: (text: string | Uint8Array) => !!written.push(String(text)),
    };
    const progress = openProgress({ isQuiet: false }, stream);
    progress.report({ step: NAME, state: 'started' });
    progress.report({ step: NAME, state: 'waiting', detail: NAME });
    progress.report({ step: NAME, state: 'done' });
    const text = written.join('');
    const shown = String.raw`nightly\u009b2J\u001b[8m`;
    expect(text).toContain(isTTY ? `${shown} · ${shown}` : `${shown}: ${shown}`);
    expect(text).toContain(isTTY ? `✓ ${shown}` : `${shown}: done`);
    expect(text).not.toContain(NAME);
  },
);

it.each([false, true])('counts from when a step began that is told of late: on a terminal %s', (isTTY) => {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => !!written.push(String(text));
  const progress = openProgress({ isQuiet: false }, { isTTY, columns: 200, write });
  progress.report({ step: 'read', state: 'started' }, Date.now() - 3600_000);
  progress.report({ step: 'read', state: 'waiting', detail: 'at work' });
  progress.report({ step: 'read', state: 'done' });
  expect(written.at(-1)).toMatch(/36\d\d\.\d s\n$/);
});
