// Sees to it that no program outlives a gluepot that is killed: a small process beside it that notices its end.
import { spawn, type ChildProcess } from 'node:child_process';
import { packageFile } from '../base/package-file.js';

const PROGRAM = packageFile('bin/process-guard.mjs');

export interface ProcessGuard {
  /** The group that the process leads is killed should this process die before `forget` is called. */
  watch(pid: number): void;
  forget(pid: number): void;
  close(): void;
}

/** The process that watches is started with the first program there is to watch. */
export function openProcessGuard(): ProcessGuard {
  const leaders = new Set<number>();
  let guard: ChildProcess | undefined;

  const tell = (line: string) => guard?.stdin?.write(`${line}\n`);
  const start = () => {
    // In a session of its own: what ends gluepot's, like Ctrl+C in a terminal, must not end it first.
    const started = spawn(process.execPath, [PROGRAM], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: {},
    });
    const drop = () => {
      if (guard === started) guard = undefined;
    };
    // One that is killed is missed by the next program only, and what it watched is ended at the next start anyway.
    started.once('error', drop).once('exit', drop);
    started.stdin.on('error', drop);
    started.unref();
    (started.stdin as unknown as { unref(): void }).unref();
    return started;
  };

  return {
    watch(pid) {
      leaders.add(pid);
      if (guard) tell(`+${pid}`);
      else {
        guard = start();
        for (const leader of leaders) tell(`+${leader}`);
      }
    },
    forget(pid) {
      if (leaders.delete(pid)) tell(`-${pid}`);
    },
    close() {
      guard?.stdin?.end();
    },
  };
}
