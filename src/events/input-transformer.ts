// What a target gets of an event: all of it, a part, a constant, or a template with parts of it.
import type { InputTransformer } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../wire/aws-error.js';
import { parsePath, valueAt } from './json-path.js';

export interface TargetInput {
  Input?: string | undefined;
  InputPath?: string | undefined;
  InputTransformer?: InputTransformer | undefined;
}

type Event = Readonly<Record<string, unknown>>;

/** What templates know besides the event. */
export interface RuleFacts {
  ruleArn: string;
  ruleName: string;
  ingestionTime: string;
}

/** @throws AwsError ValidationException for inputs that exclude each other, and for paths and templates that cannot be read */
export function checkTargetInput({ Input, InputPath, InputTransformer }: TargetInput): void {
  const given = [Input, InputPath, InputTransformer].filter((each) => each !== undefined);
  if (given.length > 1) {
    throw invalid('Only one of Input, InputPath, or InputTransformer must be provided.');
  }
  if (Input !== undefined && !isJson(Input)) throw invalid('JSON syntax error in input.');
  if (InputPath !== undefined) parsePath(InputPath);
  if (!InputTransformer) return;
  const { InputPathsMap = {}, InputTemplate = '' } = InputTransformer;
  for (const [name, path] of Object.entries(InputPathsMap)) {
    if (/^aws\./i.test(name)) throw invalid(`InputPathsMap key ${name} begins with the reserved AWS.`);
    parsePath(path);
  }
  for (const [, name = ''] of InputTemplate.matchAll(PLACEHOLDER)) {
    if (!(name in InputPathsMap) && !RESERVED.includes(name)) {
      throw invalid(`Invalid InputTemplate: <${name}> is no key of InputPathsMap.`);
    }
  }
}

/** The payload for a target. */
export function targetPayload(input: TargetInput, event: Event, facts: RuleFacts): string {
  if (input.Input !== undefined) return input.Input;
  if (input.InputPath !== undefined) return JSON.stringify(valueAt(event, input.InputPath) ?? {});
  if (input.InputTransformer) return fillTemplate(input.InputTransformer, event, facts);
  return JSON.stringify(event);
}

const RESERVED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
];
const PLACEHOLDER = /<([\w.-]+)>/g;

function fillTemplate(
  { InputPathsMap = {}, InputTemplate = '' }: InputTransformer,
  event: Event,
  facts: RuleFacts,
): string {
  const withoutDetail = Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'detail'));
  const reserved: Record<string, unknown> = {
    'aws.events.rule-arn': facts.ruleArn,
    'aws.events.rule-name': facts.ruleName,
    'aws.events.event.ingestion-time': facts.ingestionTime,
    'aws.events.event': withoutDetail,
    'aws.events.event.json': event,
  };
  let isQuoted = false;
  return InputTemplate.replace(/\\.|"|<([\w.-]+)>/gs, (part: string, name: string | undefined) => {
    if (part === '"') isQuoted = !isQuoted;
    if (name === undefined) return part;
    const path = InputPathsMap[name];
    const value = name in reserved ? reserved[name] : path === undefined ? undefined : valueAt(event, path);
    return isQuoted ? quotedText(value) : plainText(value);
  });
}

/** Within quotation marks a value is text; what is not there is nothing. */
function quotedText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

/** Elsewhere it is JSON. How EventBridge writes what is not there is not documented: null keeps the JSON whole. */
function plainText(value: unknown): string {
  return JSON.stringify(value ?? null);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
