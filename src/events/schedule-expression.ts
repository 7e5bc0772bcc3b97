// When cron(...), rate(...) and at(...) fire, in any time zone.
import { Cron } from 'croner';

export interface ScheduleTimes {
  kind: 'cron' | 'rate' | 'at';
  /** The first instant after `date` at which it fires; undefined when there is none. */
  nextAfter(date: Date): Date | undefined;
}

export interface ScheduleContext {
  /** IANA name, e.g. `Europe/Berlin`; UTC when not given. */
  timezone?: string | undefined;
  /** A rate counts from here. */
  start: Date;
  /** A rate fires for the first time at its start, not a period later. */
  isFirstAtStart?: boolean;
}

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** @throws Error that says what is wrong with the expression or the time zone */
export function parseScheduleExpression(expression: string, context: ScheduleContext): ScheduleTimes {
  const [, kind = '', body = ''] = /^(cron|rate|at)\((.*)\)$/s.exec(expression.trim()) ?? [];
  switch (kind) {
    case 'cron': {
      const cron = compileCron(body, context.timezone);
      return { kind, nextAfter: (date) => cron.nextRun(date) ?? undefined };
    }
    case 'rate':
      return { kind, nextAfter: rateTimes(body, context) };
    case 'at': {
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body))
        throw new Error('at(...) reads yyyy-mm-ddThh:mm:ss');
      const once = new Cron(body, { paused: true, timezone: context.timezone ?? 'UTC' });
      return { kind, nextAfter: (date) => once.nextRun(date) ?? undefined };
    }
  }
  throw new Error('it is none of cron(...), rate(...) and at(...)');
}

function rateTimes(
  body: string,
  { start, isFirstAtStart = false }: ScheduleContext,
): ScheduleTimes['nextAfter'] {
  const [, digits = '', unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(body.trim()) ?? [];
  const value = Number(digits);
  if (value < 1) throw new Error('rate(...) reads a positive number and minutes, hours or days');
  if ((value === 1) === (plural === 's'))
    throw new Error(`it is ${value === 1 ? unit : `${unit}s`} with ${value}`);
  const periodMs = value * (UNIT_MS[unit] as number);
  return (date) => {
    const passedMs = date.getTime() - start.getTime();
    return new Date(
      start.getTime() + Math.max(isFirstAtStart ? 0 : 1, Math.floor(passedMs / periodMs) + 1) * periodMs,
    );
  };
}

/**
 * `minutes hours day-of-month month day-of-week year`: names, ranges, lists, steps, `L`, `W` and `#`; days of the week are
 * 1 to 7 from Sunday, and one of the two day fields is `?`. Source: AWS docs, "Time-based schedules".
 * @throws Error that says what is wrong
 */
function compileCron(body: string, timezone = 'UTC'): Cron {
  const fields = body.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error('it does not have six fields in cron(...)');
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields as [string, ...string[]];
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Error('exactly one of day-of-month and day-of-week must be "?"');
  }
  // A lone L is the last day of the week.
  const weekday = dayOfWeek?.toUpperCase() === 'L' ? 'SAT' : dayOfWeek;
  try {
    return new Cron(['0', minutes, hours, dayOfMonth, month, weekday, year].join(' '), {
      paused: true,
      timezone,
      mode: '7-part',
      alternativeWeekdays: true,
      sloppyRanges: true,
    });
  } catch (error) {
    throw new Error((error as Error).message.replace(/^CronPattern: /, ''), { cause: error });
  }
}
