// A trigger: what must happen, and the jobs and crawlers that are started when it has.
import type { Action, Condition, CreateTriggerRequest, Trigger, TriggerUpdate } from '@aws-sdk/client-glue';
import { checkSchedule } from '../../schedules/glue-cron.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked } from '../../wire/service.js';

/** A definition as it is kept, which is also how GetTrigger answers it. */
export type TriggerRecord = Trigger &
  Required<Pick<Trigger, 'Name' | 'Type' | 'State' | 'Actions'>> & { Actions: Action[] };

export type NodeKind = 'JOB' | 'CRAWLER';

/** A job or crawler by its name, as actions and conditions name it. */
export interface NodeName {
  kind: NodeKind;
  name: string;
}

/** AWS docs: "Only two crawlers can be activated by a single trigger". */
const CRAWLER_ACTIONS_MAX = 2;
/** AWS docs: the completion states that triggers watch for. */
const JOB_STATES: readonly string[] = ['SUCCEEDED', 'STOPPED', 'FAILED', 'TIMEOUT'];
const CRAWL_STATES: readonly string[] = ['SUCCEEDED', 'FAILED', 'CANCELLED'];
/** Seconds. AWS docs: EventBatchingCondition. */
const BATCH_WINDOW_DEFAULT = 900;

/** @throws AwsError InvalidInputException for what AWS refuses */
export function defineTrigger(input: Checked<CreateTriggerRequest>): TriggerRecord {
  const { StartOnCreation, ...members } = input;
  delete members.Tags;
  if (StartOnCreation === true && input.Type === 'ON_DEMAND') {
    throw invalid(
      `Trigger ${input.Name} is ON_DEMAND, which StartOnCreation does not go with: leave it out, and use StartTrigger.`,
    );
  }
  return checkTrigger({
    ...members,
    State: StartOnCreation === true || input.Type === 'EVENT' ? 'ACTIVATED' : 'CREATED',
  });
}

/** UpdateTrigger replaces what a trigger does; name, type, workflow and state stay. @throws AwsError InvalidInputException */
export function redefineTrigger(stored: TriggerRecord, update: Checked<TriggerUpdate>): TriggerRecord {
  const { Name, Type, State, WorkflowName } = stored;
  const { Name: newName, ...members } = update;
  if (newName !== undefined && newName !== Name) {
    throw invalid(`Trigger ${Name} cannot be renamed to ${newName}: delete it and create another.`);
  }
  return checkTrigger({
    Name,
    Type,
    State,
    ...(WorkflowName === undefined ? {} : { WorkflowName }),
    ...members,
    Actions: update.Actions ?? stored.Actions,
  });
}

function checkTrigger(trigger: TriggerRecord): TriggerRecord {
  const { Name, Type, Schedule, Predicate, Actions, WorkflowName, EventBatchingCondition } = trigger;
  const where = `Trigger ${Name}`;
  if (Actions.length === 0)
    throw invalid(`${where} has no action: it must start at least one job or crawler.`);
  if (Actions.map(nodeOfAction).filter(({ kind }) => kind === 'CRAWLER').length > CRAWLER_ACTIONS_MAX) {
    throw invalid(
      `${where} starts more than ${CRAWLER_ACTIONS_MAX} crawlers; a trigger starts at most so many.`,
    );
  }
  if (Type === 'SCHEDULED') {
    if (Schedule === undefined) throw invalid(`${where} is SCHEDULED and has no Schedule.`);
    checkSchedule(Schedule);
  } else if (Schedule)
    throw invalid(`${where} is ${Type} and has a Schedule: only SCHEDULED triggers have one.`);
  const conditions = Predicate?.Conditions ?? [];
  if (Type === 'CONDITIONAL') {
    if (conditions.length === 0) throw invalid(`${where} is CONDITIONAL and its Predicate has no condition.`);
    if (conditions.length > 1 && Predicate?.Logical === undefined) {
      throw invalid(`${where} has ${conditions.length} conditions: Predicate.Logical must be AND or ANY.`);
    }
    conditions.forEach(checkCondition);
  } else if (conditions.length > 0) {
    throw invalid(`${where} is ${Type} and has conditions: only CONDITIONAL triggers have a Predicate.`);
  }
  if (Type === 'EVENT' && WorkflowName === undefined) {
    throw invalid(`${where} is EVENT and names no workflow: only workflows are started by events.`);
  }
  if (Type !== 'EVENT') return trigger;
  return {
    ...trigger,
    EventBatchingCondition: {
      BatchSize: EventBatchingCondition?.BatchSize ?? 1,
      BatchWindow: EventBatchingCondition?.BatchWindow ?? BATCH_WINDOW_DEFAULT,
    },
  };
}

function checkCondition(condition: Condition): void {
  const { kind, name } = nodeOfCondition(condition);
  const [member, state, allowed] =
    kind === 'JOB'
      ? (['State', condition.State, JOB_STATES] as const)
      : (['CrawlState', condition.CrawlState, CRAWL_STATES] as const);
  if (state !== undefined && allowed.includes(state)) return;
  throw invalid(
    `The condition on ${kind.toLowerCase()} ${name} has ${member} ${state ?? 'missing'}; it must be one of ${allowed.join(', ')}.`,
  );
}

/** @throws AwsError InvalidInputException unless exactly one of the two is named */
export function nodeOfAction({ JobName, CrawlerName }: Action): NodeName {
  return onlyNode('An action', JobName, CrawlerName);
}

/** @throws AwsError InvalidInputException unless exactly one of the two is named */
export function nodeOfCondition({ JobName, CrawlerName }: Condition): NodeName {
  return onlyNode('A condition', JobName, CrawlerName);
}

function onlyNode(what: string, job: string | undefined, crawler: string | undefined): NodeName {
  if (job !== undefined && crawler === undefined) return { kind: 'JOB', name: job };
  if (crawler !== undefined && job === undefined) return { kind: 'CRAWLER', name: crawler };
  throw invalid(`${what} must name either a JobName or a CrawlerName, not both and not neither.`);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}
