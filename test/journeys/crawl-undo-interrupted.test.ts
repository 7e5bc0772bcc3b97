// An undo that is cut short while it is at work: its exit code, a journal that says what was done, and a command that does the rest.
import { expect, it } from 'vitest';
import { goOnWords } from './gluepot-process.js';
import { openLake, startRelay, until } from './planned-lake.js';

it('leaves a journal in S3 at SIGINT, says how to go on, and goes on from there', async () => {
  const { endpoint, run, undoWords, typesNow, started, count } = await openLake();
  const relay = await startRelay(endpoint, () => started()?.kill('SIGINT'));
  const stopped = await run({}, ...undoWords(relay), '--plan', 'plan.json', '--json');
  expect(stopped.code, stopped.stderr).toBe(130);
  const { errors } = JSON.parse(stopped.stdout) as { errors: { kind: string; message: string }[] };
  expect(errors[0]?.kind).toBe('interrupted');
  const message = errors[0]?.message ?? '';
  const journalId = /Resume journal (\S+), or roll it back/.exec(message)?.[1] ?? '';
  const written = (await typesNow()).filter((type) => type === 'string').length;
  expect(message).toContain(`Interrupted by SIGINT. ${written} changes were made`);
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(count);

  const words = goOnWords(message);
  expect(words.slice(0, 4)).toEqual(['crawl', 'undo', '--resume', journalId]);
  expect(goOnWords(stopped.stderr)).toEqual(words);
  const resumed = await run({}, ...words, '--yes');
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(await typesNow()).toEqual(Array(count).fill('string'));
  const back = await run({}, ...undoWords(endpoint), '--rollback', journalId);
  expect(back.code, back.stderr).toBe(0);
  expect(await typesNow()).toEqual(Array(count).fill('int'));
}, 120_000);

it('says at a second signal how to go on, and ends at once', async () => {
  const { endpoint, run, undoWords, started } = await openLake();
  // The write that waits for the end of it keeps the first signal from ending it.
  const relay = await startRelay(endpoint, () => until(() => started()?.kill('SIGINT') !== true));
  const stopped = await run({}, ...undoWords(relay), '--plan', 'plan.json', '--json');
  expect(stopped.code, stopped.stderr).toBe(130);
  const { errors } = JSON.parse(stopped.stdout) as { errors: { kind: string; message: string }[] };
  expect(errors[0]).toMatchObject({
    kind: 'interrupted',
    message: expect.stringMatching(
      /^Ended at once by another SIGINT.* go on with: gluepot crawl undo --resume /,
    ) as unknown,
  });
}, 120_000);

it('makes the whole plan when who reads what it prints has gone', async () => {
  const { endpoint, run, undoWords, typesNow, started, count } = await openLake();
  const relay = await startRelay(endpoint, () => {});
  const running = run({}, ...undoWords(relay), '--plan', 'plan.json');
  started()?.stdout?.destroy();
  started()?.stderr?.destroy();
  expect((await running).code).toBe(0);
  expect(await typesNow()).toEqual(Array(count).fill('string'));
}, 120_000);

it('says that nothing was changed when it is ended before anything was', async () => {
  const { endpoint, run, undoWords, typesNow, started, count } = await openLake();
  const relay = await startRelay(endpoint, () => started()?.kill('SIGHUP'), 'AWSGlue.GetTables');
  const stopped = await run({}, ...undoWords(relay), '--plan', 'plan.json');
  expect(stopped.code, stopped.stderr).toBe(129);
  expect(stopped.stderr).toContain('Interrupted by SIGHUP. Nothing was changed.');
  expect(await typesNow()).toEqual(Array(count).fill('int'));
}, 120_000);

it('says of a snapshot that it may have been taken when it is ended at once while that is written down', async () => {
  const { endpoint, run, started } = await openLake();
  const manifest = 'PUT /kept/undo/manifests/';
  const relay = await startRelay(endpoint, () => until(() => started()?.kill('SIGINT') !== true), manifest);
  const words = ['catalog', 'snapshot', 'create', '--target', 'aws', '--store', 's3://kept/undo'];
  const stopped = await run({}, ...words, '--endpoint-url', relay);
  expect(stopped.code, stopped.stderr).toBe(130);
  expect(stopped.stderr).toContain('No snapshot was taken, unless catalog snapshot list shows one.');
}, 120_000);

it.each([
  ['AWSGlue.GetTables', 'wait for an answer: GetTables of lake'],
  ['PUT /kept/undo/applying/', 'wait for an answer: PutObject of s3://kept/undo/applying/'],
])(
  'says what it waits for when %s is long in being answered',
  async (operation, said) => {
    const { endpoint, run, undoWords, typesNow, started, count } = await openLake();
    let stderr = '';
    const relay = await startRelay(endpoint, () => until(() => stderr.includes(said)), operation);
    const running = run({}, ...undoWords(relay), '--plan', 'plan.json');
    started()?.stderr?.on('data', (text) => (stderr += String(text)));
    expect((await running).code, stderr).toBe(0);
    expect(await typesNow()).toEqual(Array(count).fill('string'));
  },
  120_000,
);
