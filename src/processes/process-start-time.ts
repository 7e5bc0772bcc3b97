// When a process began, as the operating system tells it: with it a process id names one process for good.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

// proc(5): field 22 of /proc/PID/stat, counted after the name, which is in parentheses and may hold anything.
const START_TIME_FIELD_AFTER_NAME = 19;

/** A text that differs for two processes that had the same id after each other; undefined when there is none. */
export function processStartTime(pid: number): string | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not asked yet.
    return fields[0] === 'Z' ? undefined : fields[START_TIME_FIELD_AFTER_NAME];
  } catch {
    // There is no such process any more.
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() || undefined : undefined;
}
