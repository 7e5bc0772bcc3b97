// When a `cron(...)` of a crawler or trigger fires next. All times are UTC, as AWS has them.
import { parseScheduleExpression, type ScheduleTimes } from '../events/schedule-expression.js';
import { AwsError } from '../wire/aws-error.js';

export interface Schedule extends Pick<ScheduleTimes, 'nextAfter'> {
  expression: string;
}

/** Glue takes cron(...) only. @throws AwsError InvalidInputException */
export function parseSchedule(expression: string): Schedule {
  try {
    if (!/^cron\(/.test(expression.trim())) throw new Error('it does not have six fields in cron(...)');
    const { nextAfter } = parseScheduleExpression(expression, { start: new Date(0) });
    return { expression, nextAfter };
  } catch (error) {
    throw new AwsError(
      'InvalidInputException',
      `Schedule ${JSON.stringify(expression)} is not valid: ${(error as Error).message}. It reads cron(minutes hours day-of-month month day-of-week year), for example cron(15 12 * * ? *).`,
      { cause: error },
    );
  }
}

/** AWS docs: "Time-based schedules for jobs and crawlers", limits: no rates faster than 5 minutes. */
const PERIOD_MIN_MS = 300_000;
/** Its firings are looked at for a day and the hour after, in which what repeats every day begins again. */
const LOOKED_AT_MS = 25 * 3_600_000;

/** That a schedule may be given to a crawler or trigger. @throws AwsError InvalidInputException */
export function checkSchedule(expression: string): void {
  const { nextAfter } = parseSchedule(expression);
  const first = nextAfter(new Date(0));
  let earlier = first;
  while (first && earlier && earlier.getTime() - first.getTime() < LOOKED_AT_MS) {
    const later = nextAfter(earlier);
    if (later && later.getTime() - earlier.getTime() < PERIOD_MIN_MS) {
      throw new AwsError(
        'InvalidInputException',
        `Schedule ${JSON.stringify(expression)} is not valid: it fires at ${earlier.toISOString()} and again at ${later.toISOString()}; ` +
          'the least between two firings is 5 minutes.',
      );
    }
    earlier = later;
  }
}
