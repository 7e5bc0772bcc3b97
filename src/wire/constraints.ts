// Checks a decoded input against what AWS's model requires, and says what is wrong as AWS does.
import { AwsError } from './aws-error.js';
import { memberPath } from './json.js';
import type { Shape, StructShape } from './schema.js';

/** A generated file of this folder's constraints/; see scripts/generate-constraints.py. */
export interface Constraints {
  shapes: Record<string, Constraint>;
  members: Record<string, Record<string, string>>;
}

interface Constraint {
  /** Least and greatest length of a string (in characters), size of a list or map, or value of a number. */
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  integer?: boolean;
  /** Names of the constraints of a list's items, a map's keys and values. */
  item?: string;
  key?: string;
  value?: string;
}

/** Violations named in one message; AWS stops about there too. */
const VIOLATIONS_MAX = 10;

/**
 * @param client the SDK module, whose enums may know newer values than the generated file
 * @throws AwsError `errorName` that lists each violation with the member's path
 */
export function checkInput(
  shape: StructShape,
  input: unknown,
  constraints: Constraints | undefined,
  client: object,
  errorName: string,
): void {
  const violations: string[] = [];
  const check = new Check(constraints, client, violations);
  check.struct(shape, input as Record<string, unknown>, '');
  if (violations.length === 0) return;
  const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
  throw new AwsError(errorName, `${count} detected: ${violations.slice(0, VIOLATIONS_MAX).join('; ')}`);
}

class Check {
  constructor(
    private readonly constraints: Constraints | undefined,
    private readonly client: object,
    private readonly violations: string[],
  ) {}

  struct(shape: StructShape, value: Record<string, unknown>, path: string): void {
    const named = this.constraints?.members[shape.name];
    for (const member of shape.members) {
      const item = value[member.name];
      const at = memberPath(path, member.name);
      if (item === undefined) {
        if (member.isRequired) this.fail('null', at, 'Member must not be null');
        continue;
      }
      this.value(member.shape, item, at, named?.[member.name]);
    }
  }

  private value(shape: Shape, value: unknown, path: string, name: string | undefined): void {
    const constraint = name === undefined ? undefined : this.constraints?.shapes[name];
    if (constraint) this.constrained(value, path, name as string, constraint);
    if (shape.kind === 'struct') this.struct(shape, value as Record<string, unknown>, path);
    if (shape.kind === 'list') {
      for (const [index, item] of (value as unknown[]).entries()) {
        this.value(shape.item.shape, item, `${path}.${index + 1}.member`, constraint?.item);
      }
    }
    if (shape.kind === 'map') {
      for (const [key, item] of Object.entries(value as object)) {
        this.value(shape.key.shape, key, `${path}.${key}.key`, constraint?.key);
        this.value(shape.value.shape, item, `${path}.${key}.member`, constraint?.value);
      }
    }
  }

  private constrained(value: unknown, path: string, name: string, constraint: Constraint): void {
    const fail = (requirement: string) => this.fail(`'${display(value)}'`, path, requirement);
    if (typeof value === 'number') {
      if (constraint.integer && !Number.isInteger(value)) fail('Member must be a whole number');
      if (constraint.min !== undefined && value < constraint.min) {
        fail(`Member must have value greater than or equal to ${constraint.min}`);
      }
      if (constraint.max !== undefined && value > constraint.max) {
        fail(`Member must have value less than or equal to ${constraint.max}`);
      }
      return;
    }
    const length = lengthOf(value);
    if (length !== undefined && constraint.min !== undefined && length < constraint.min) {
      fail(`Member must have length greater than or equal to ${constraint.min}`);
    }
    if (length !== undefined && constraint.max !== undefined && length > constraint.max) {
      fail(`Member must have length less than or equal to ${constraint.max}`);
    }
    if (typeof value !== 'string') return;
    if (constraint.pattern !== undefined && !patternOf(constraint.pattern).test(value)) {
      fail(`Member must satisfy regular expression pattern: ${constraint.pattern}`);
    }
    if (constraint.enum) {
      const values = this.enumValues(name, constraint.enum);
      if (!values.includes(value)) fail(`Member must satisfy enum value set: [${values.join(', ')}]`);
    }
  }

  private enumValues(name: string, generated: string[]): string[] {
    const exported = (this.client as Record<string, unknown>)[name];
    const newer =
      typeof exported === 'object' && exported !== null ? (Object.values(exported) as string[]) : [];
    return [...new Set([...generated, ...newer])];
  }

  private fail(value: string, path: string, requirement: string): void {
    this.violations.push(`Value ${value} at '${path}' failed to satisfy constraint: ${requirement}`);
  }
}

function lengthOf(value: unknown): number | undefined {
  if (typeof value === 'string') return /[\uD800-\uDBFF]/.test(value) ? [...value].length : value.length;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (typeof value === 'object' && value !== null && !(value instanceof Date))
    return Object.keys(value).length;
  return undefined;
}

function display(value: unknown): string {
  const text =
    typeof value === 'string'
      ? value
      : value instanceof Uint8Array
        ? 'java.nio.HeapByteBuffer'
        : JSON.stringify(value);
  return text.length > 1024 ? `${text.slice(0, 1024)}...` : text;
}

const patterns = new Map<string, RegExp>();

/** The model's Java pattern as JavaScript reads it, anchored at both ends as Java's matches() is. */
export function patternOf(source: string): RegExp {
  let pattern = patterns.get(source);
  if (!pattern) {
    const text = `^(?:${source.replaceAll('\\uD800\\uDC00-\\uDBFF\\uDFFF', '\\u{10000}-\\u{10FFFF}')})$`;
    // Java allows escapes and ranges that JavaScript's u flag does not, so the flag is set only where it is needed.
    const flags = /\\u\{|\\p\{/.test(text) ? 'us' : 's';
    patterns.set(source, (pattern = new RegExp(text, flags)));
  }
  return pattern;
}
