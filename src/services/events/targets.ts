// EventBridge operations on the targets of rules, each of which succeeds or fails by itself.
import type { Target } from '@aws-sdk/client-eventbridge';
import { TARGETS_MAX } from '../../events/event-rule.js';
import { checkTargetInput } from '../../events/input-transformer.js';
import { isTargetArn } from '../../events/send-to-target.js';
import type { RoleDirectory } from '../../identity/role-directory.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked, Operations } from '../../wire/service.js';
import type { EventsServiceParts } from './index.js';
import { pageOf } from './page.js';

export function targetOperations({ events, roles }: EventsServiceParts) {
  return {
    PutTargets({ Rule, EventBusName, Targets }) {
      const rule = events.getRule(events.requireBus(EventBusName), Rule);
      const twice = Targets.find(({ Id }, index) => Targets.findIndex((other) => other.Id === Id) !== index);
      if (twice) throw new AwsError('ValidationException', `Target ${twice.Id} is given twice.`);
      for (const target of Targets) checkTargetInput(target);
      const failures = Targets.map((target) => ({ target, failure: failureOf(target, roles) }));
      const good: Target[] = failures.filter(({ failure }) => !failure).map(({ target }) => target);
      const kept = rule.targets.filter(({ Id }) => !good.some((target) => target.Id === Id));
      if (kept.length + good.length > TARGETS_MAX) {
        throw new AwsError(
          'LimitExceededException',
          `The requested resource exceeds the maximum number allowed: a rule has at most ${TARGETS_MAX} targets.`,
        );
      }
      if (good.length > 0) events.putRule({ ...rule, targets: [...kept, ...good] });
      const FailedEntries = failures.flatMap(({ target, failure }) =>
        failure ? [{ TargetId: target.Id, ErrorCode: failure.name, ErrorMessage: failure.message }] : [],
      );
      return { FailedEntryCount: FailedEntries.length, FailedEntries };
    },
    RemoveTargets({ Rule, EventBusName, Ids }) {
      const rule = events.getRule(events.requireBus(EventBusName), Rule);
      const FailedEntries = Ids.filter((id) => !rule.targets.some(({ Id }) => Id === id)).map((id) => ({
        TargetId: id,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Rule ${Rule} does not have target ${id}.`,
      }));
      const kept = rule.targets.filter(({ Id }) => !Ids.includes(Id as string));
      if (kept.length < rule.targets.length) events.putRule({ ...rule, targets: kept });
      return { FailedEntryCount: FailedEntries.length, FailedEntries };
    },
    ListTargetsByRule({ Rule, EventBusName, ...input }) {
      const rule = events.getRule(events.requireBus(EventBusName), Rule);
      const sorted = [...rule.targets].sort((a, b) => ((a.Id as string) < (b.Id as string) ? -1 : 1));
      const [Targets, next] = pageOf(
        input,
        ({ after, count }) =>
          sorted.filter(({ Id }) => after === undefined || (Id as string) > after).slice(0, count),
        ({ Id }) => Id as string,
      );
      return { Targets, ...next };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-eventbridge')>;
}

/** Members of a target that are worked by. */
const KNOWN_MEMBERS = [
  'Id',
  'Arn',
  'RoleArn',
  'Input',
  'InputPath',
  'InputTransformer',
  'BatchParameters',
  'DeadLetterConfig',
  'RetryPolicy',
];

function failureOf(target: Checked<Target>, roles: RoleDirectory): AwsError | undefined {
  const invalid = (message: string) => new AwsError('ValidationException', message);
  const { Arn, RoleArn, BatchParameters } = target;
  const other = Object.keys(target).find((name) => !KNOWN_MEMBERS.includes(name));
  if (other !== undefined) return invalid(`Parameter ${other} is not supported here for target ${Arn}.`);
  if (!isTargetArn(Arn)) {
    return invalid(
      `Parameter ${Arn} is not valid. Reason: targets here are Lambda functions, SQS queues, log groups, event buses, Batch job queues, and Glue workflows, jobs and crawlers.`,
    );
  }
  if (Arn.includes(':job-queue/') && !BatchParameters) {
    return invalid(`BatchParameters is required for target ${Arn}.`);
  }
  if (RoleArn !== undefined) {
    try {
      roles.requireAssumable(RoleArn, 'events.amazonaws.com');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return invalid(`Provided role '${RoleArn}' cannot be assumed by principal 'events.amazonaws.com'.`);
    }
  }
  return undefined;
}
