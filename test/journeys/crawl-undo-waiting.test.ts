// Undos of one database at a time, with --if-running wait: who waits says for whom, and goes on, gives up or is interrupted.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder } from './gluepot-process.js';
import { openLake, startRelay, until } from './planned-lake.js';

const WAITING = 'wait for another change: crawl-undo with journal ';

/** The machine's clock, which SIGUSR2 sets forward by more than a timeout of a minute, and less than a lease holds. */
const SETTABLE_CLOCK = `
  const Machine = Date;
  let aheadMs = 0;
  process.on('SIGUSR2', () => (aheadMs = 90_000));
  globalThis.Date = class extends Machine {
    constructor(...given) { given.length > 0 ? super(...given) : super(Machine.now() + aheadMs); }
    static now() { return Machine.now() + aheadMs; }
  };`;

it('of three that wait one gives up at its timeout, one is interrupted, and one goes on when the first has ended', async () => {
  const { endpoint, run, undoWords, savePlan, typesNow, keysIn, started } = await openLake();
  savePlan('first.json', [0]);
  savePlan('other.json', [1, 2]);
  const changed = async () => (await typesNow()).slice(0, 4);
  const clock = join(emptyFolder(), 'settable-clock.cjs');
  writeFileSync(clock, SETTABLE_CLOCK);

  let begin = () => {};
  const isBegun = new Promise<void>((resolve) => (begin = resolve));
  let goOn = () => {};
  const isOver = new Promise<void>((resolve) => (goOn = resolve));
  const relay = await startRelay(endpoint, () => (begin(), isOver));
  const first = run({}, ...undoWords(relay), '--plan', 'first.json');
  await isBegun;

  /** Ready as soon as it says that it waits, or has ended. */
  const waiting = async () => {
    const words = ['--plan', 'other.json', '--if-running', 'wait', '--timeout', '1'];
    const ended = run({ NODE_OPTIONS: `--require=${clock}` }, ...undoWords(endpoint), ...words);
    const child = started();
    let stderr = '';
    child?.stderr?.on('data', (text) => (stderr += String(text)));
    await Promise.race([ended, until(() => stderr.includes(WAITING))]);
    return { ended, signal: (name: NodeJS.Signals) => child?.kill(name) };
  };
  const [timedOut, interrupted, patient] = await Promise.all([waiting(), waiting(), waiting()]);
  timedOut.signal('SIGUSR2');
  interrupted.signal('SIGINT');

  const gaveUp = await timedOut.ended;
  expect(gaveUp.code, gaveUp.stderr).toBe(8);
  expect(gaveUp.stderr).toContain(
    'error: Waiting for another change of lake took longer than 60 s; the last state was crawl-undo with journal ',
  );
  const stopped = await interrupted.ended;
  expect(stopped.code, stopped.stderr).toBe(130);
  expect(stopped.stderr).toContain('Interrupted by SIGINT. Nothing was changed.');
  expect(await changed()).toEqual(['int', 'int', 'int', 'int']);
  expect(await keysIn('undo/applying/')).toHaveLength(1);

  goOn();
  const { code, stderr } = await first;
  expect(code, stderr).toBe(0);
  const wentOn = await patient.ended;
  expect(wentOn.code, wentOn.stderr).toBe(0);
  const journalId = /Journal (\S+)\. Should/.exec(stderr)?.[1];
  expect(wentOn.stderr).toMatch(new RegExp(`^${WAITING}${journalId}, by process \\d+ on .* since `, 'm'));
  expect(await changed()).toEqual(['string', 'string', 'string', 'int']);
  expect(await keysIn('undo/applying/')).toEqual([]);
}, 120_000);
