// When a schedule's `cron(...)` fires next. All times are UTC, as AWS has them.
import { Cron } from 'croner';
import { AwsError } from '../wire/aws-error.js';

export interface Schedule {
  expression: string;
  /** The first instant after `date` at which the schedule fires; undefined when there is none. */
  nextAfter(date: Date): Date | undefined;
}

/**
 * Reads `cron(minutes hours day-of-month month day-of-week year)`: names, ranges, lists, steps, `L`, `W` and `#`; days
 * of the week are 1 to 7 from Sunday, and one of the two day fields is `?`. Source: AWS docs, "Time-based schedules".
 * @throws AwsError InvalidInputException
 */
export function parseSchedule(expression: string): Schedule {
  const refuse = (why: string, cause?: unknown) =>
    new AwsError(
      'InvalidInputException',
      `Schedule ${JSON.stringify(expression)} is not valid: ${why}. It reads cron(minutes hours day-of-month month day-of-week year), for example cron(15 12 * * ? *).`,
      { cause },
    );
  const fields = /^cron\((.*)\)$/s.exec(expression.trim())?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) throw refuse('it does not have six fields in cron(...)');
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields as [string, ...string[]];
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw refuse('exactly one of day-of-month and day-of-week must be "?"');
  }
  // A lone L is the last day of the week.
  const weekday = dayOfWeek?.toUpperCase() === 'L' ? 'SAT' : dayOfWeek;
  let cron: Cron;
  try {
    cron = new Cron(['0', minutes, hours, dayOfMonth, month, weekday, year].join(' '), {
      paused: true,
      timezone: 'UTC',
      mode: '7-part',
      alternativeWeekdays: true,
      sloppyRanges: true,
    });
  } catch (error) {
    throw refuse((error as Error).message.replace(/^CronPattern: /, ''), error);
  }
  return { expression, nextAfter: (date) => cron.nextRun(date) ?? undefined };
}
