// Programs as processes: their output, their end, and nothing of them left behind.
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { documentsSchema } from '../state/documents.js';
import { openState } from '../state/state.js';
import { findProgram } from './find-program.js';
import { startLocalProcess } from './local-process.js';
import { openProcessGuard } from './process-guard.js';
import { openProcessRecords } from './process-records.js';
import { processStartTime } from './process-start-time.js';

const PATH = process.env.PATH ?? '';

function start(command: [string, ...string[]], environment: Record<string, string> = {}) {
  const lines: string[] = [];
  const local = startLocalProcess({
    command,
    environment: { PATH, ...environment },
    workingDirectory: tmpdir(),
    onLine: (line) => lines.push(line),
  });
  return { ...local, lines };
}

const until = async (condition: () => boolean) => {
  for (let tries = 0; tries < 6000 && !condition(); tries++) await delay(10);
  expect(condition()).toBe(true);
};

describe('a local process', () => {
  it('gives its output and its exit code', async () => {
    const { ended, lines } = start(['sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect(await ended).toEqual({ exitCode: 3 });
    expect(lines.sort()).toEqual(['err', 'out']);
  });

  it('gets its words as they are and no environment but the given one', async () => {
    const { ended, lines } = start(['sh', '-c', 'echo "$1:$SECRET:$GIVEN"', 'sh', '$(id) `id` *'], {
      GIVEN: 'x',
    });
    await ended;
    expect(lines).toEqual(['$(id) `id` *::x']);
  });

  it('rejects its end when there is no such program', async () => {
    const { pid, ended } = start(['no-such-program-here']);
    expect(pid).toBeUndefined();
    await expect(ended).rejects.toThrow(/ENOENT/);
  });

  it('is stopped by SIGTERM, and by SIGKILL when that does nothing', async () => {
    const polite = start(['sleep', '60']);
    polite.stop(60_000);
    expect(await polite.ended).toEqual({ exitCode: 143, signal: 'SIGTERM' });
    const stubborn = start(['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 1; done']);
    await until(() => stubborn.lines.length > 0);
    stubborn.stop(50);
    expect(await stubborn.ended).toEqual({ exitCode: 137, signal: 'SIGKILL' });
  });

  it('leaves nothing running that it started', async () => {
    const { ended, lines } = start(['sh', '-c', 'sleep 60 & echo $!']);
    await ended;
    const child = Number(lines[0]);
    await until(() => processStartTime(child) === undefined);
  });
});

describe('process records', () => {
  it('kill what an earlier gluepot left, and nothing that only has its number', async () => {
    const state = openState(':memory:', [documentsSchema]);
    const [orphan, other] = [start(['sleep', '60']), start(['sleep', '60'])];
    const records = openProcessRecords(state);
    records.add(orphan.pid as number);
    state
      .sql("INSERT INTO documents VALUES ('process', ?, ?)")
      .run(String(other.pid), JSON.stringify({ startTime: 'long ago' }));
    openProcessRecords(state);
    expect(await orphan.ended).toEqual({ exitCode: 137, signal: 'SIGKILL' });
    expect(processStartTime(other.pid as number)).toBeDefined();
    other.stop(0);
    await other.ended;
    records.close();
    state.close();
  });
});

describe('a process guard', () => {
  it('kills what it watches when it is let go of, with all of the group, and nothing that it was to forget', async () => {
    const watched = start(['sh', '-c', 'sleep 60 & echo $!; wait']);
    const forgotten = start(['sleep', '60']);
    await until(() => watched.lines.length > 0);
    const guard = openProcessGuard();
    guard.watch(watched.pid as number);
    guard.watch(forgotten.pid as number);
    guard.forget(forgotten.pid as number);
    // What a process that dies does too: its end of the pipe is closed.
    guard.close();
    expect(await watched.ended).toEqual({ exitCode: 137, signal: 'SIGKILL' });
    await until(() => processStartTime(Number(watched.lines[0])) === undefined);
    expect(processStartTime(forgotten.pid as number)).toBeDefined();
    forgotten.stop(0);
    await forgotten.ended;
  });
});

describe('findProgram', () => {
  it('looks along the path, and takes an absolute name as it is', () => {
    expect(findProgram('sh', '/nowhere:/bin')).toBe('/bin/sh');
    expect(findProgram('/bin/sh', '')).toBe('/bin/sh');
  });

  it.each(['./sh', '../bin/sh', '/bin', '/bin/none', 'none', ''])('does not find %j', (name) => {
    expect(findProgram(name, '/bin')).toBeUndefined();
  });

  it('does not look in relative folders of the path', () => {
    expect(findProgram('package.json', '.')).toBeUndefined();
  });
});
