// Schedules and their groups as they are kept, and when a schedule fires.
import type { ActionAfterCompletion, FlexibleTimeWindow, Target } from '@aws-sdk/client-scheduler';
import { parseScheduleExpression, type ScheduleTimes } from '../events/schedule-expression.js';
import { AwsError } from '../wire/aws-error.js';

export const DEFAULT_GROUP = 'default';

export interface StoredSchedule {
  group: string;
  name: string;
  expression: string;
  timezone: string;
  isEnabled: boolean;
  target: Target;
  window: FlexibleTimeWindow;
  action: ActionAfterCompletion;
  created: Date;
  modified: Date;
  /** Nothing is left to fire. */
  isCompleted: boolean;
  startDate?: Date;
  endDate?: Date;
  description?: string;
  /** Of the request that made it, by which a repeated one is known. */
  clientToken?: string;
}

export interface StoredGroup {
  created: Date;
  modified: Date;
  tags: Record<string, string>;
  clientToken?: string;
}

/** @throws AwsError ValidationException */
export function scheduleTimes(
  schedule: Pick<StoredSchedule, 'expression' | 'timezone' | 'startDate' | 'created'>,
): ScheduleTimes {
  const { expression, timezone, startDate, created } = schedule;
  try {
    return parseScheduleExpression(expression, {
      timezone,
      start: startDate ?? created,
      isFirstAtStart: true,
    });
  } catch (error) {
    throw new AwsError(
      'ValidationException',
      `Invalid Schedule Expression ${expression}: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

/**
 * The next time at or after which the schedule is to fire, without its flexible window. `at(...)` fires once, also when its
 * time is past; the others only make up for nothing. AWS docs: "Schedule types".
 */
export function nextTime(schedule: StoredSchedule, after: Date): Date | undefined {
  const { startDate, endDate } = schedule;
  const times = scheduleTimes(schedule);
  if (times.kind === 'at') return times.nextAfter(new Date(0));
  const from = startDate && startDate > after ? new Date(startDate.getTime() - 1) : after;
  const next = times.nextAfter(from);
  return next && endDate && next > endDate ? undefined : next;
}
