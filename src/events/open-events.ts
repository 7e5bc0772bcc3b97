// EventBridge's own work: events come to a bus, rules choose, and what their targets are to get goes to the outbox.
import type { Target } from '@aws-sdk/client-eventbridge';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import type { Log } from '../base/log.js';
import { openDocuments, type Documents } from '../state/documents.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { DEFAULT_RETRY, type DeliveryTarget } from './delivery.js';
import {
  busName,
  isBusArn,
  DEFAULT_BUS,
  noSuchBus,
  noSuchRule,
  rulePath,
  type StoredBus,
  type StoredRule,
} from './event-rule.js';
import type { AwsEvent, BusEvent, EmitEvent } from './event.js';
import { targetPayload } from './input-transformer.js';
import { compilePattern } from './pattern/event-pattern.js';
import type { Outbox } from './outbox.js';
import { indexRules, type RuleIndex } from './rule-index.js';
import { parseScheduleExpression } from './schedule-expression.js';
import { openScheduleTimers } from './schedule-timers.js';

export interface EventBuses {
  buses: Documents<StoredBus>;
  /** @throws AwsError ResourceNotFoundException */
  requireBus(nameOrArn: string | undefined): string;
  busArn(name: string): string;
  ruleArn(rule: Pick<StoredRule, 'bus' | 'name'>): string;
  /** @throws AwsError ResourceNotFoundException */
  getRule(bus: string, name: string): StoredRule;
  findRule(bus: string, name: string): StoredRule | undefined;
  /** In order of names. */
  rules(bus: string, options?: { prefix?: string; after?: string; count?: number }): StoredRule[];
  putRule(rule: StoredRule): void;
  deleteRule(rule: StoredRule): void;
  emit: EmitEvent;
  /**
   * Puts an event on a bus, within the state transaction if there is one, and gives its id. One that another bus has handed
   * on goes to no third bus (AWS docs: "Event buses as targets").
   */
  accept(bus: string, event: AwsEvent, options?: { time?: Date | undefined }): string;
  forward(bus: string, event: BusEvent): void;
  close(): void;
}

export interface EventBusesOptions {
  clock: Clock;
  ids: Ids;
  log: Log;
  accountId: string;
  region: string;
  outbox: Pick<Outbox, 'add'>;
}

/** `state` must have been opened with documentsSchema and eventsSchema. */
export function openEventBuses(
  state: State,
  { clock, ids, log, accountId, region, outbox }: EventBusesOptions,
): EventBuses {
  const buses = openDocuments<StoredBus>(state, 'event-bus');
  const rules = openDocuments<StoredRule>(state, 'event-rule');
  const arn = (path: string) => `arn:aws:events:${region}:${accountId}:${path}`;
  const ruleKey = ({ bus, name }: Pick<StoredRule, 'bus' | 'name'>) => `${bus}:${name}`;
  const ruleArn = (rule: Pick<StoredRule, 'bus' | 'name'>) => arn(rulePath(rule));
  // Compiled when an event first asks for it, and again after a change.
  const indexes = new Map<string, RuleIndex<StoredRule>>();

  const indexOf = (bus: string): RuleIndex<StoredRule> => {
    const known = indexes.get(bus);
    if (known) return known;
    const entries = rules
      .list({ prefix: `${bus}:` })
      .map(({ document }) => document)
      .filter((rule) => rule.isEnabled && rule.pattern !== undefined && rule.targets.length > 0)
      .map((rule) => ({ rule, pattern: compilePattern(rule.pattern as string) }));
    const index = indexRules(entries);
    indexes.set(bus, index);
    return index;
  };

  const addDelivery = (rule: StoredRule, target: Target, event: BusEvent) => {
    const facts = { ruleArn: ruleArn(rule), ruleName: rule.name, ingestionTime: isoTime(clock.now()) };
    const payload = isBus(target) ? JSON.stringify(event) : targetPayload(target, event, facts);
    outbox.add({ sourceArn: facts.ruleArn, target: deliveryTarget(target), payload });
  };
  const envelope = (event: AwsEvent, time = clock.now()): BusEvent => ({
    version: '0',
    id: ids.uuid(),
    'detail-type': event.detailType,
    source: event.source,
    account: accountId,
    time: isoTime(time),
    region,
    resources: event.resources,
    detail: event.detail,
  });
  const route = (bus: string, event: BusEvent, isForwarded: boolean) => {
    for (const rule of indexOf(bus).matching(event)) {
      for (const target of rule.targets) {
        if (!(isForwarded && isBus(target))) addDelivery(rule, target, event);
      }
    }
  };
  const accept: EventBuses['accept'] = (bus, event, { time } = {}) => {
    const complete = envelope(event, time);
    route(bus, complete, false);
    return complete['id'] as string;
  };

  const timers = openScheduleTimers('rule', { clock, log }, (key) => {
    const rule = rules.get(key);
    if (!rule) return;
    const event = envelope({
      source: 'aws.events',
      detailType: 'Scheduled Event',
      resources: [ruleArn(rule)],
      detail: {},
    });
    state.transaction(() => rule.targets.forEach((target) => addDelivery(rule, target, event)));
  });
  const setTimer = (rule: StoredRule) => {
    if (rule.isEnabled && rule.schedule !== undefined) {
      timers.set(ruleKey(rule), parseScheduleExpression(rule.schedule, { start: rule.created }));
    } else timers.clear(ruleKey(rule));
  };
  for (const { document } of rules.list()) setTimer(document);

  const requireBus = (nameOrArn: string | undefined) => {
    const name = busName(nameOrArn);
    if (name === DEFAULT_BUS || buses.get(name)) return name;
    throw noSuchBus(name);
  };
  const findRule = (bus: string, name: string) => rules.get(ruleKey({ bus, name }));
  return {
    buses,
    requireBus,
    busArn: (name) => arn(`event-bus/${name}`),
    ruleArn,
    getRule(bus, name) {
      const rule = findRule(bus, name);
      if (!rule) throw noSuchRule(name, bus);
      return rule;
    },
    findRule,
    rules(bus, { prefix = '', after, count } = {}) {
      const found = rules.list({
        prefix: `${bus}:${prefix}`,
        ...(after === undefined ? {} : { after: `${bus}:${after}` }),
        ...(count === undefined ? {} : { count }),
      });
      return found.map(({ document }) => document);
    },
    putRule(rule) {
      rules.put(ruleKey(rule), rule);
      indexes.delete(rule.bus);
      setTimer(rule);
    },
    deleteRule(rule) {
      rules.delete(ruleKey(rule));
      indexes.delete(rule.bus);
      timers.clear(ruleKey(rule));
    },
    emit: (event) => void accept(DEFAULT_BUS, event),
    accept,
    forward: (nameOrArn, event) => route(requireBus(nameOrArn), event, true),
    close: () => timers.close(),
  };
}

const isBus = ({ Arn = '' }: Target): boolean => isBusArn(Arn);

function deliveryTarget({
  Arn,
  RoleArn,
  RetryPolicy,
  DeadLetterConfig,
  BatchParameters,
}: Target): DeliveryTarget {
  const { JobDefinition, JobName, ArrayProperties, RetryStrategy } = BatchParameters ?? {};
  return {
    arn: Arn as string,
    retry: {
      attemptsMax: RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRY.attemptsMax,
      ageSecondsMax: RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_RETRY.ageSecondsMax,
    },
    ...(RoleArn === undefined ? {} : { roleArn: RoleArn }),
    ...(DeadLetterConfig?.Arn === undefined ? {} : { deadLetterArn: DeadLetterConfig.Arn }),
    ...(JobDefinition === undefined || JobName === undefined
      ? {}
      : {
          batch: {
            JobDefinition,
            JobName,
            ...(ArrayProperties?.Size === undefined ? {} : { ArraySize: ArrayProperties.Size }),
            ...(RetryStrategy?.Attempts === undefined ? {} : { Attempts: RetryStrategy.Attempts }),
          },
        }),
  };
}

/** Whole seconds, as events have them. */
function isoTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** @throws AwsError ValidationException */
export function invalidParameter(name: string, reason: string): AwsError {
  return new AwsError('ValidationException', `Parameter ${name} is not valid. Reason: ${reason}`);
}
