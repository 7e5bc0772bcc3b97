// What a schedule's target may be.
import type { Target } from '@aws-sdk/client-scheduler';
import { isBusArn } from '../events/event-rule.js';
import { isTargetArn, universalOperation } from '../events/send-to-target.js';
import { DEFAULT_RETRY, type DeliveryTarget } from '../events/delivery.js';
import { AwsError } from '../wire/aws-error.js';
import type { Checked } from '../wire/service.js';

/** AWS docs: "Using universal targets": operations that only read are not allowed. */
const READING =
  /^(Get|Describe|List|Poll|Receive|Search|Scan|Query|Select|Read|Lookup|Discover|Validate|BatchGet|BatchDescribe|BatchRead)/;

const KNOWN_MEMBERS = ['Arn', 'RoleArn', 'Input', 'DeadLetterConfig', 'RetryPolicy', 'EventBridgeParameters'];

/** @throws AwsError ValidationException */
export function checkTarget(
  target: Checked<Target>,
  hasOperation: (service: string, operation: string) => boolean,
): void {
  const { Arn, Input, EventBridgeParameters } = target;
  const other = Object.keys(target).find((name) => !KNOWN_MEMBERS.includes(name));
  if (other !== undefined) throw invalid(`${other} is not supported here for target ${Arn}.`);
  const universal = universalOperation(Arn);
  if (universal) {
    const { service, operation } = universal;
    if (READING.test(operation)) throw invalid(`Provided Arn ${Arn} names an operation that only reads.`);
    if (!hasOperation(service, operation)) {
      throw invalid(
        `Provided Arn ${Arn} is not supported: there is no operation ${operation} of ${service} here.`,
      );
    }
  } else if (!isTargetArn(Arn) || /:(job-queue|workflow|job|crawler)\//.test(Arn)) {
    throw invalid(
      `Provided Arn ${Arn} is not supported. Targets here are Lambda functions, SQS queues, event buses, and arn:aws:scheduler:::aws-sdk:SERVICE:OPERATION.`,
    );
  }
  if (isBusArn(Arn) && !EventBridgeParameters)
    throw invalid('EventBridgeParameters is required for this target.');
  if ((universal || isBusArn(Arn)) && Input !== undefined) requireJson(Input);
}

export function deliveryTarget(target: Target): DeliveryTarget {
  const { Arn, RoleArn, RetryPolicy, DeadLetterConfig, EventBridgeParameters } = target;
  const { DetailType, Source } = EventBridgeParameters ?? {};
  return {
    arn: Arn as string,
    roleArn: RoleArn,
    retry: {
      attemptsMax: RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRY.attemptsMax,
      ageSecondsMax: RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_RETRY.ageSecondsMax,
    },
    ...(DeadLetterConfig?.Arn === undefined ? {} : { deadLetterArn: DeadLetterConfig.Arn }),
    ...(DetailType === undefined || Source === undefined ? {} : { event: { DetailType, Source } }),
  };
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('ValidationException', 'Input is not valid JSON.', { cause: error });
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
