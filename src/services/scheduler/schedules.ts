// Scheduler operations on schedules.
import type { CreateScheduleInput, GetScheduleOutput } from '@aws-sdk/client-scheduler';
import { checkTarget } from '../../schedules/schedule-target.js';
import { DEFAULT_GROUP, scheduleTimes, type StoredSchedule } from '../../schedules/schedule.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked, Operations } from '../../wire/service.js';
import type { SchedulerServiceParts } from './index.js';
import { pageOf } from './page.js';

export function scheduleOperations({ schedules, roles, clock, hasOperation }: SchedulerServiceParts) {
  /** What a request asks for, checked. */
  const defined = (input: Checked<CreateScheduleInput>, created: Date): StoredSchedule => {
    const { FlexibleTimeWindow: window, KmsKeyArn, StartDate, EndDate, ClientToken, Description } = input;
    if (KmsKeyArn !== undefined) throw invalid('KmsKeyArn is not supported here; leave it out.');
    if ((window.Mode === 'FLEXIBLE') !== (window.MaximumWindowInMinutes !== undefined)) {
      throw invalid('MaximumWindowInMinutes must be set when Mode is FLEXIBLE, and only then.');
    }
    if (StartDate && EndDate && EndDate <= StartDate)
      throw invalid('The EndDate must come after the StartDate.');
    const schedule: StoredSchedule = {
      group: schedules.requireGroup(input.GroupName ?? DEFAULT_GROUP),
      name: input.Name,
      expression: input.ScheduleExpression,
      timezone: checkTimezone(input.ScheduleExpressionTimezone ?? 'UTC'),
      isEnabled: input.State !== 'DISABLED',
      target: input.Target,
      window,
      action: input.ActionAfterCompletion ?? 'NONE',
      created,
      modified: clock.now(),
      isCompleted: false,
      ...(StartDate === undefined ? {} : { startDate: StartDate }),
      ...(EndDate === undefined ? {} : { endDate: EndDate }),
      ...(Description === undefined ? {} : { description: Description }),
      ...(ClientToken === undefined ? {} : { clientToken: ClientToken }),
    };
    scheduleTimes(schedule);
    checkTarget(input.Target, hasOperation);
    requireRole(input.Target.RoleArn);
    return schedule;
  };
  const requireRole = (roleArn: string) => {
    try {
      roles.requireAssumable(roleArn, 'scheduler.amazonaws.com');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw invalid(
        'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
        error,
      );
    }
  };
  return {
    CreateSchedule(input) {
      const schedule = defined(input, clock.now());
      const known = schedules.find(schedule.group, schedule.name);
      const isRepeated = known?.clientToken !== undefined && known.clientToken === schedule.clientToken;
      if (known && !isRepeated) {
        throw new AwsError('ConflictException', `Schedule ${schedule.name} already exists.`);
      }
      if (!known) schedules.put(schedule);
      return { ScheduleArn: schedules.scheduleArn(schedule) };
    },
    /** AWS docs: everything is replaced; what is left out gets its default. */
    UpdateSchedule(input) {
      const { created } = schedules.get(input.GroupName ?? DEFAULT_GROUP, input.Name);
      const schedule = defined(input, created);
      schedules.put(schedule);
      return { ScheduleArn: schedules.scheduleArn(schedule) };
    },
    GetSchedule({ Name, GroupName = DEFAULT_GROUP }): GetScheduleOutput {
      const schedule = schedules.get(GroupName, Name);
      return {
        Arn: schedules.scheduleArn(schedule),
        GroupName: schedule.group,
        Name: schedule.name,
        ScheduleExpression: schedule.expression,
        ScheduleExpressionTimezone: schedule.timezone,
        State: schedule.isEnabled ? 'ENABLED' : 'DISABLED',
        Target: schedule.target,
        FlexibleTimeWindow: schedule.window,
        ActionAfterCompletion: schedule.action,
        CreationDate: schedule.created,
        LastModificationDate: schedule.modified,
        ...(schedule.startDate === undefined ? {} : { StartDate: schedule.startDate }),
        ...(schedule.endDate === undefined ? {} : { EndDate: schedule.endDate }),
        ...(schedule.description === undefined ? {} : { Description: schedule.description }),
      };
    },
    DeleteSchedule({ Name, GroupName = DEFAULT_GROUP }) {
      schedules.delete(schedules.get(GroupName, Name));
      return {};
    },
    ListSchedules({ GroupName, NamePrefix = '', State, ...input }) {
      const group = GroupName === undefined ? undefined : schedules.requireGroup(GroupName);
      const found = schedules
        .list(group)
        .filter(({ name }) => name.startsWith(NamePrefix))
        .filter(({ isEnabled }) => State === undefined || isEnabled === (State === 'ENABLED'));
      const [page, next] = pageOf(found, (each) => `${each.group}/${each.name}`, input);
      return {
        Schedules: page.map((schedule) => ({
          Arn: schedules.scheduleArn(schedule),
          Name: schedule.name,
          GroupName: schedule.group,
          State: schedule.isEnabled ? 'ENABLED' : 'DISABLED',
          CreationDate: schedule.created,
          LastModificationDate: schedule.modified,
          Target: { Arn: schedule.target.Arn },
        })),
        ...next,
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-scheduler')>;
}

function checkTimezone(timezone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return timezone;
  } catch (error) {
    throw invalid(`The timezone ${timezone} is not supported; give an IANA name, e.g. Europe/Berlin.`, error);
  }
}

function invalid(message: string, cause?: unknown): AwsError {
  return new AwsError('ValidationException', message, { cause });
}
