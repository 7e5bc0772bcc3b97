// Buses, rules and targets as they are kept.
import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../wire/aws-error.js';

export const DEFAULT_BUS = 'default';

// AWS docs: "Amazon EventBridge quotas".
export const BUSES_MAX = 100;
export const RULES_MAX = 300;
export const TARGETS_MAX = 5;
export const EVENT_BYTES_MAX = 262_144;

export interface StoredBus {
  description?: string;
  created: Date;
  modified: Date;
  tags: Record<string, string>;
}

export interface StoredRule {
  bus: string;
  name: string;
  pattern?: string;
  schedule?: string;
  isEnabled: boolean;
  description?: string;
  roleArn?: string;
  /** A rate counts from here. */
  created: Date;
  tags: Record<string, string>;
  targets: Target[];
}

/** A bus's name from its name or ARN. */
export function busName(nameOrArn: string = DEFAULT_BUS): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('event-bus/') + 10) : nameOrArn;
}

export function isBusArn(arn: string): boolean {
  return /^arn:aws:events:[^:]*:\d{12}:event-bus\//.test(arn);
}

/** Rules of the default bus have no bus in their ARN. */
export function rulePath({ bus, name }: Pick<StoredRule, 'bus' | 'name'>): string {
  return `rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${name}`;
}

export function noSuchBus(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
}

export function noSuchRule(name: string, bus: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
}
