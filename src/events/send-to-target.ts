// How each kind of target takes a payload: by which operation of which service.
import type { Clock } from '../base/clock.js';
import { AwsError } from '../wire/aws-error.js';
import type { CallOperation, OperationCall } from '../wire/call-operation.js';
import type { DeliveryTarget, SendDelivery } from './delivery.js';
import { isBusArn } from './event-rule.js';
import type { BusEvent } from './event.js';

type Call = Omit<OperationCall, 'roleArn'>;

/** The service and the resource of a target's ARN, e.g. `glue`, `job/load`. */
function partsOf(arn: string): { service: string; resource: string } {
  const [, , service = '', , , ...resource] = arn.split(':');
  return { service, resource: resource.join(':') };
}

/** What a target's ARN must be like. */
const TARGETS: {
  pattern: RegExp;
  callOf: (delivery: { target: DeliveryTarget; payload: string }, clock: Clock) => Call;
  /** What makes the place that the call found missing. */
  makePlace?: (target: DeliveryTarget, clock: Clock) => Call;
}[] = [
  {
    pattern: /^arn:aws:lambda:[^:]*:\d{12}:function:.+$/,
    callOf: ({ target, payload }) => ({
      service: 'lambda',
      operation: 'Invoke',
      input: { FunctionName: target.arn, InvocationType: 'Event', Payload: Buffer.from(payload) },
    }),
  },
  {
    pattern: /^arn:aws:sqs:[^:]*:\d{12}:[\w-]+$/,
    callOf: ({ target, payload }) => ({
      service: 'sqs',
      operation: 'SendMessage',
      input: { QueueUrl: target.arn, MessageBody: payload },
    }),
  },
  {
    pattern: /^arn:aws:logs:[^:]*:\d{12}:log-group:[^:]+(:\*)?$/,
    callOf: ({ target, payload }, clock) => ({
      service: 'logs',
      operation: 'PutLogEvents',
      input: {
        ...logPlace(target, clock),
        logEvents: [{ timestamp: clock.now().getTime(), message: payload }],
      },
    }),
    makePlace: (target, clock) => ({
      service: 'logs',
      operation: 'CreateLogStream',
      input: logPlace(target, clock),
    }),
  },
  {
    pattern: /^arn:aws:batch:[^:]*:\d{12}:job-queue\/.+$/,
    callOf: ({ target, payload }) => ({
      service: 'batch',
      operation: 'SubmitJob',
      input: jobInput(target, payload),
    }),
  },
  {
    // AWS has no such targets in rules: there a schedule's universal target or a function starts jobs and crawlers.
    pattern: /^arn:aws:glue:[^:]*:\d{12}:job\/.+$/,
    callOf: ({ target }) => ({
      service: 'glue',
      operation: 'StartJobRun',
      input: { JobName: nameIn(target.arn) },
    }),
  },
  {
    pattern: /^arn:aws:glue:[^:]*:\d{12}:crawler\/.+$/,
    callOf: ({ target }) => ({
      service: 'glue',
      operation: 'StartCrawler',
      input: { Name: nameIn(target.arn) },
    }),
  },
  {
    pattern: /^arn:aws:events:[^:]*:\d{12}:event-bus\/.+$/,
    callOf: ({ target, payload }) => ({
      service: 'events',
      operation: 'PutEvents',
      input: { Entries: [{ ...target.event, Detail: payload, EventBusName: target.arn }] },
    }),
  },
];

/** Takes events by no operation that SDKs know: AWS calls it glue:notifyEvent. */
const WORKFLOW = /^arn:aws:glue:[^:]*:\d{12}:workflow\/.+$/;

const UNIVERSAL = /^arn:aws:scheduler:::aws-sdk:([a-z0-9]+):([a-zA-Z0-9]+)$/;

/** Names of services in universal targets, where they are not those of signatures. */
const SIGNING_NAMES: Record<string, string> = { eventbridge: 'events', cloudwatchlogs: 'logs' };

/** The operation that a universal target of Scheduler names, e.g. `arn:aws:scheduler:::aws-sdk:glue:startJobRun`. */
export function universalOperation(arn: string): { service: string; operation: string } | undefined {
  const [, service, name] = UNIVERSAL.exec(arn) ?? [];
  if (service === undefined || name === undefined) return undefined;
  return {
    service: SIGNING_NAMES[service] ?? service,
    operation: name.charAt(0).toUpperCase() + name.slice(1),
  };
}

/** Whether a rule's payload can be sent there at all. */
export function isTargetArn(arn: string): boolean {
  return WORKFLOW.test(arn) || TARGETS.some(({ pattern }) => pattern.test(arn));
}

export interface EventSenderOptions {
  call: CallOperation;
  clock: Clock;
  /** Hands an event on to another bus. */
  forward: (busArn: string, event: BusEvent) => void;
  /** Hands an event to the EVENT trigger of a workflow, which may wait for more. */
  notifyWorkflow: (name: string, eventId: string) => void;
}

export function eventSender({ call, clock, forward, notifyWorkflow }: EventSenderOptions): SendDelivery {
  return async ({ target, payload }) => {
    if (isBusArn(target.arn) && !target.event) {
      forward(target.arn, JSON.parse(payload) as BusEvent);
      return;
    }
    if (WORKFLOW.test(target.arn)) {
      notifyWorkflow(nameIn(target.arn), eventIdOf(payload));
      return;
    }
    const universal = universalOperation(target.arn);
    if (universal) {
      checkOutput(await call({ ...universal, input: payload, roleArn: target.roleArn }));
      return;
    }
    const kind = TARGETS.find(({ pattern }) => pattern.test(target.arn));
    if (!kind)
      throw new AwsError('ResourceNotFoundException', `Nothing here takes events for ${target.arn}.`);
    const send = async (each: Call) => checkOutput(await call({ ...each, roleArn: target.roleArn }));
    const sending = kind.callOf({ target, payload }, clock);
    try {
      await send(sending);
    } catch (error) {
      if (!kind.makePlace || !isNamed(error, 'ResourceNotFoundException')) throw error;
      // Another delivery may have made it meanwhile.
      await send(kind.makePlace(target, clock)).catch((failure: unknown) => {
        if (!isNamed(failure, 'ResourceAlreadyExistsException')) throw failure;
      });
      await send(sending);
    }
  };
}

/** PutEvents answers well also where it refuses an entry. */
function checkOutput(output: unknown): void {
  const [entry] =
    (output as { Entries?: { ErrorCode?: string; ErrorMessage?: string }[] } | undefined)?.Entries ?? [];
  if (entry?.ErrorCode !== undefined) throw new AwsError(entry.ErrorCode, entry.ErrorMessage ?? '');
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof AwsError && error.name === name;
}

/** The id of the event, where the rule sends the whole of it. */
function eventIdOf(payload: string): string {
  const event = JSON.parse(payload) as { id?: unknown } | null;
  return typeof event?.id === 'string' ? event.id : '';
}

function nameIn(arn: string): string {
  const { resource } = partsOf(arn);
  return resource.slice(resource.indexOf('/') + 1);
}

/** EventBridge makes streams with names of its own in the group; here a stream holds a day. */
function logPlace({ arn }: DeliveryTarget, clock: Clock): { logGroupName: string; logStreamName: string } {
  return {
    logGroupName: partsOf(arn).resource.split(':')[1] as string,
    logStreamName: clock.now().toISOString().slice(0, 10).replaceAll('-', '/'),
  };
}

/** AWS docs: "Batch job queue as an EventBridge target": the payload may carry `Parameters` for the job. */
function jobInput({ arn, batch }: DeliveryTarget, payload: string): Record<string, unknown> {
  const parameters = (JSON.parse(payload) as { Parameters?: Record<string, string> } | null)?.Parameters;
  return {
    jobQueue: arn,
    jobName: batch?.JobName,
    jobDefinition: batch?.JobDefinition,
    ...(parameters === undefined ? {} : { parameters }),
    ...(batch?.ArraySize === undefined ? {} : { arrayProperties: { size: batch.ArraySize } }),
    ...(batch?.Attempts === undefined ? {} : { retryStrategy: { attempts: batch.Attempts } }),
  };
}
