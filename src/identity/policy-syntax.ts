// The words in which a policy document is refused, and the checks of its JSON that need no knowledge of policies.
import { AwsError } from '../wire/aws-error.js';

// IAM takes numbers and booleans in condition values and keeps them as text.
/** @throws AwsError MalformedPolicyDocumentException unless `member` is a string or a list of strings */
export function stringList(member: unknown, place: string): string[] {
  return (Array.isArray(member) ? (member as unknown[]) : [member]).map((item) => {
    if (typeof item === 'string') return item;
    if (place.includes('.Condition.') && (typeof item === 'number' || typeof item === 'boolean'))
      return String(item);
    throw syntaxError(place, item, 'a string or a list of strings');
  });
}

export function refuseUnknownMembers(
  place: string,
  member: Record<string, unknown>,
  known: readonly string[],
): void {
  const unknown = Object.keys(member).find((name) => !known.includes(name));
  if (unknown !== undefined) throw syntaxError(place, unknown, known.join(', '));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isOneOf<T extends string>(value: string, allowed: readonly T[]): value is T {
  return (allowed as readonly string[]).includes(value);
}

export function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

export function syntaxError(place: string, value: unknown, allowed: string): AwsError {
  return malformed('Syntax errors in policy.', `${place}: found ${show(value)}, allowed: ${allowed}.`);
}

export function malformed(sentence: string, detail: string, cause?: unknown): AwsError {
  return new AwsError('MalformedPolicyDocumentException', `${sentence} ${detail}`, { cause });
}
