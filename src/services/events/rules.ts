// EventBridge operations on rules.
import type { Rule } from '@aws-sdk/client-eventbridge';
import { DEFAULT_BUS, RULES_MAX, type StoredRule } from '../../events/event-rule.js';
import { invalidParameter } from '../../events/open-events.js';
import { compilePattern } from '../../events/pattern/event-pattern.js';
import { parseScheduleExpression } from '../../events/schedule-expression.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import type { EventsServiceParts } from './index.js';
import { pageOf } from './page.js';
import { tagMap } from './tags.js';

export function ruleOperations({ events, clock }: EventsServiceParts) {
  const describe = (rule: StoredRule): Rule => ({
    Name: rule.name,
    Arn: events.ruleArn(rule),
    State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    EventBusName: rule.bus,
    ...(rule.pattern === undefined ? {} : { EventPattern: rule.pattern }),
    ...(rule.schedule === undefined ? {} : { ScheduleExpression: rule.schedule }),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    ...(rule.roleArn === undefined ? {} : { RoleArn: rule.roleArn }),
  });
  const setEnabled = (name: string, busName: string | undefined, isEnabled: boolean) => {
    events.putRule({ ...events.getRule(events.requireBus(busName), name), isEnabled });
    return {};
  };
  return {
    /** AWS docs: on a rule that is there everything but targets and tags is replaced. */
    PutRule({ Name, EventBusName, EventPattern, ScheduleExpression, State, Description, RoleArn, Tags }) {
      const bus = events.requireBus(EventBusName);
      const pattern = EventPattern === '' ? undefined : EventPattern;
      const schedule = ScheduleExpression === '' ? undefined : ScheduleExpression;
      if (pattern === undefined && schedule === undefined) {
        throw new AwsError(
          'ValidationException',
          'Parameter(s) EventPattern or ScheduleExpression must be specified.',
        );
      }
      if (pattern !== undefined) compilePattern(pattern);
      if (schedule !== undefined) checkSchedule(schedule, bus);
      const known = events.findRule(bus, Name);
      if (!known && events.rules(bus, { count: RULES_MAX }).length >= RULES_MAX) {
        throw new AwsError('LimitExceededException', `The bus ${bus} has ${RULES_MAX} rules already.`);
      }
      const rule: StoredRule = {
        bus,
        name: Name,
        isEnabled: State !== 'DISABLED',
        created: known && known.schedule === schedule ? known.created : clock.now(),
        tags: known?.tags ?? tagMap(Tags),
        targets: known?.targets ?? [],
        ...(pattern === undefined ? {} : { pattern }),
        ...(schedule === undefined ? {} : { schedule }),
        ...(Description === undefined ? {} : { description: Description }),
        ...(RoleArn === undefined ? {} : { roleArn: RoleArn }),
      };
      events.putRule(rule);
      return { RuleArn: events.ruleArn(rule) };
    },
    DescribeRule: ({ Name, EventBusName }) => describe(events.getRule(events.requireBus(EventBusName), Name)),
    ListRules({ NamePrefix, EventBusName, ...input }) {
      const bus = events.requireBus(EventBusName);
      const [rules, next] = pageOf(
        input,
        (span) => events.rules(bus, { ...span, ...(NamePrefix === undefined ? {} : { prefix: NamePrefix }) }),
        ({ name }) => name,
      );
      return { Rules: rules.map(describe), ...next };
    },
    ListRuleNamesByTarget({ TargetArn, EventBusName, ...input }) {
      const bus = events.requireBus(EventBusName);
      const [names, next] = pageOf(
        input,
        ({ after, count }) =>
          events
            .rules(bus, after === undefined ? {} : { after })
            .filter(({ targets }) => targets.some(({ Arn }) => Arn === TargetArn))
            .map(({ name }) => name)
            .slice(0, count),
        (name) => name,
      );
      return { RuleNames: names, ...next };
    },
    EnableRule: ({ Name, EventBusName }) => setEnabled(Name, EventBusName, true),
    DisableRule: ({ Name, EventBusName }) => setEnabled(Name, EventBusName, false),
    /** AWS docs: a rule that is not there is deleted without complaint. */
    DeleteRule({ Name, EventBusName }) {
      const rule = events.findRule(events.requireBus(EventBusName), Name);
      if (!rule) return {};
      if (rule.targets.length > 0) {
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      }
      events.deleteRule(rule);
      return {};
    },
    TestEventPattern({ EventPattern, Event }) {
      const { matches } = compilePattern(EventPattern);
      return { Result: matches(parseEvent(Event)) };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-eventbridge')>;
}

/** Schedules belong to the default bus, and `at(...)` to Scheduler. */
function checkSchedule(schedule: string, bus: string): void {
  if (bus !== DEFAULT_BUS) {
    throw new AwsError(
      'ValidationException',
      'ScheduleExpression is supported only on the default event bus.',
    );
  }
  try {
    const { kind } = parseScheduleExpression(schedule, { start: new Date(0) });
    if (kind === 'at') throw new Error('rules have rate(...) and cron(...), at(...) is for Scheduler');
  } catch (error) {
    throw new AwsError(
      'ValidationException',
      `Parameter ScheduleExpression is not valid. ${JSON.stringify(schedule)}: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

// AWS docs: TestEventPattern, "The event ... must contain all of these fields".
const REQUIRED_FIELDS = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

function parseEvent(text: string): Record<string, unknown> {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (error) {
    throw new AwsError('ValidationException', 'Parameter Event is not valid JSON.', { cause: error });
  }
  const fields = typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : {};
  const missing = REQUIRED_FIELDS.find((name) => fields[name] === undefined);
  if (missing !== undefined) throw invalidParameter('Event', `The event has no ${missing}.`);
  return fields;
}
