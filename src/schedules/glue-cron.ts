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
