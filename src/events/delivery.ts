// A payload on its way to a target, as the outbox keeps it.

/** What EventBridge does when a target does not take a payload. */
export interface RetryLimits {
  attemptsMax: number;
  ageSecondsMax: number;
}

// AWS docs: RetryPolicy, the defaults of rules and schedules: 185 retries in 24 hours.
export const DEFAULT_RETRY: RetryLimits = { attemptsMax: 185, ageSecondsMax: 86_400 };

export interface DeliveryTarget {
  arn: string;
  roleArn?: string;
  retry: RetryLimits;
  deadLetterArn?: string;
  /** Batch job queues only. */
  batch?: { JobDefinition: string; JobName: string; ArraySize?: number; Attempts?: number };
  /** Event buses as targets of a schedule only. */
  event?: { DetailType: string; Source: string };
  /** Schedules only: the payload may name the attempt. */
  execution?: Execution;
}

/** One firing of a schedule, as its target and its dead-letter queue are told of it. */
export interface Execution {
  id: string;
  /** The time it is for, in ISO 8601 with whole seconds. */
  scheduledTime: string;
}

export interface Delivery {
  /** Of the rule or the schedule. */
  sourceArn: string;
  target: DeliveryTarget;
  payload: string;
}

/** @throws AwsError when the target does not take the payload */
export type SendDelivery = (delivery: Delivery) => Promise<void>;
