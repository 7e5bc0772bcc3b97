// Lines of a program on their way into a log stream: gathered for a moment, so that a chatty one costs few transactions.
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { LogEvent, LogGroups } from './log-groups.js';

const GATHERED_MS = 200;
const GATHERED_LINES_MAX = 1000;

export interface LineLog {
  add(message: string): void;
  /** Writes what is gathered. @throws GluepotError when the state cannot be written */
  flush(): void;
}

export interface LineLogOptions {
  logs: LogGroups;
  clock: Clock;
  /** Hears of lines that could not be written while nobody waits for them. */
  log: Log;
  group: string;
  stream: string;
}

/** An empty message becomes a space: CloudWatch Logs has no empty events. */
export function openLineLog({ logs, clock, log, group, stream }: LineLogOptions): LineLog {
  let gathered: LogEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const events = gathered;
    gathered = [];
    if (events.length > 0) logs.append(group, stream, events);
  };
  const flushUnattended = () => {
    try {
      flush();
    } catch (error) {
      log('error', 'lines of a program could not be logged', { group, stream, error: messageOf(error) });
    }
  };
  return {
    add(message) {
      gathered.push({ timestamp: clock.now().getTime(), message: message === '' ? ' ' : message });
      if (gathered.length >= GATHERED_LINES_MAX) flushUnattended();
      else timer ??= setTimeout(flushUnattended, GATHERED_MS);
    },
    flush,
  };
}
