// A queue's attributes: defaults, bounds, and the redrive policy among them.
import { AwsError } from '../wire/aws-error.js';

export type AttributeMap = Record<string, string>;

// AWS docs: SetQueueAttributes; the maximum message size is 1 MiB since 2025.
const INTEGERS: Record<string, { least: number; greatest: number; fallback: number }> = {
  VisibilityTimeout: { least: 0, greatest: 43_200, fallback: 30 },
  MaximumMessageSize: { least: 1024, greatest: 1_048_576, fallback: 1_048_576 },
  MessageRetentionPeriod: { least: 60, greatest: 1_209_600, fallback: 345_600 },
  DelaySeconds: { least: 0, greatest: 900, fallback: 0 },
  ReceiveMessageWaitTimeSeconds: { least: 0, greatest: 20, fallback: 0 },
};
/** Kept and given back; nothing here asks them, as nothing here encrypts or checks who sends. */
const TEXTS = ['Policy', 'RedriveAllowPolicy', 'SqsManagedSseEnabled'];

export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

export const DEFAULT_ATTRIBUTES: AttributeMap = {
  ...Object.fromEntries(Object.entries(INTEGERS).map(([name, { fallback }]) => [name, String(fallback)])),
  SqsManagedSseEnabled: 'true',
};

/** The attributes as they are kept; an empty text takes a policy away. @throws AwsError InvalidAttributeName, InvalidAttributeValue */
export function checkAttributes(attributes: AttributeMap): AttributeMap {
  for (const [name, value] of Object.entries(attributes)) {
    const bounds = INTEGERS[name];
    if (bounds) {
      const number = Number(value);
      const isGood = /^\d+$/.test(value) && number >= bounds.least && number <= bounds.greatest;
      if (!isGood) throw invalidValue(name, `${value} is not between ${bounds.least} and ${bounds.greatest}`);
    } else if (name === 'RedrivePolicy') {
      if (value !== '') parseRedrivePolicy(value);
    } else if (name === 'FifoQueue' || name === 'ContentBasedDeduplication') {
      if (value !== 'false') throw invalidValue(name, 'FIFO queues are not supported here; leave it out');
    } else if (!TEXTS.includes(name)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
  }
  return attributes;
}

/** @throws AwsError InvalidAttributeValue */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  let policy: Partial<Record<keyof RedrivePolicy, unknown>>;
  try {
    policy = (JSON.parse(text) ?? {}) as typeof policy;
  } catch (error) {
    throw invalidValue('RedrivePolicy', 'it is not JSON', error);
  }
  const { deadLetterTargetArn } = policy;
  const maxReceiveCount = Number(policy.maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !(maxReceiveCount >= 1 && maxReceiveCount <= 1000)) {
    throw invalidValue('RedrivePolicy', 'it needs deadLetterTargetArn and a maxReceiveCount from 1 to 1000');
  }
  return { deadLetterTargetArn, maxReceiveCount };
}

function invalidValue(name: string, why: string, cause?: unknown): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}: ${why}.`, { cause });
}
