// Checks a decoded input against what AWS's model requires, and says what is wrong as AWS does.
import { AwsError } from './aws-error.js';
import { memberStep, placeText, type Place } from './place.js';
import { onceForRepeated } from './repeated-json.js';
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
  checksOf(client, constraints).struct(shape)(input, undefined, (value, place, requirement) => {
    violations.push(`Value ${value} at '${placeText(place)}' failed to satisfy constraint: ${requirement}`);
  });
  if (violations.length === 0) return;
  const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
  throw new AwsError(errorName, `${count} detected: ${violations.slice(0, VIOLATIONS_MAX).join('; ')}`);
}

type Fail = (value: string, place: Place, requirement: string) => void;
/** Of a structure, whose own place is undefined when it is the input. */
type StructCheck = (value: unknown, place: Place | undefined, fail: Fail) => void;
type Check = (value: unknown, parent: Place | undefined, step: Place['step'], fail: Fail) => void;

const checksOfClients = new WeakMap<object, Checks>();

function checksOf(client: object, constraints: Constraints | undefined): Checks {
  let checks = checksOfClients.get(client);
  if (!checks) checksOfClients.set(client, (checks = new Checks(constraints, client)));
  return checks;
}

/** Checks of one service's shapes, each made once: a request of thousands of members is checked by them. */
class Checks {
  private readonly structs = new Map<StructShape, StructCheck>();

  constructor(
    private readonly constraints: Constraints | undefined,
    private readonly client: object,
  ) {}

  struct(shape: StructShape): StructCheck {
    let check = this.structs.get(shape);
    if (!check) this.structs.set(shape, (check = this.compileStruct(shape)));
    return check;
  }

  private compileStruct(shape: StructShape): StructCheck {
    const named = this.constraints?.members[shape.name];
    const members = once(() =>
      shape.members.flatMap(({ name, isRequired, shape: memberShape }) => {
        const check = this.compile(memberShape, named?.[name]);
        return check || isRequired ? [{ name, isRequired, check, step: memberStep(name) }] : [];
      }),
    );
    return (value, place, fail) => {
      for (const { name, isRequired, check, step } of members()) {
        const item = (value as Record<string, unknown>)[name];
        if (item !== undefined) check?.(item, place, step, fail);
        else if (isRequired) fail('null', { parent: place, step }, 'Member must not be null');
      }
    };
  }

  /** Undefined when there is nothing to check. */
  private compile(shape: Shape, name: string | undefined): Check | undefined {
    const constraint = name === undefined ? undefined : this.constraints?.shapes[name];
    const own = constraint && this.compileOwn(name as string, constraint);
    const inner = this.compileInner(shape, constraint);
    if (!own || !inner) return own ?? inner;
    return (value, parent, step, fail) => {
      own(value, parent, step, fail);
      inner(value, parent, step, fail);
    };
  }

  private compileInner(shape: Shape, constraint: Constraint | undefined): Check | undefined {
    switch (shape.kind) {
      case 'struct': {
        const check = this.struct(shape);
        return (value, parent, step, fail) => check(value, { parent, step }, fail);
      }
      case 'list': {
        const check = this.compile(shape.item.shape, constraint?.item);
        if (!check) return undefined;
        const checked = new WeakMap<object, { isGood: boolean }>();
        return (value, parent, step, fail) => {
          const here = { parent, step };
          const checkItems = (report: Fail) => {
            (value as unknown[]).forEach((item, index) => check(item, here, index, report));
          };
          const { isGood } = onceForRepeated(checked, value as object, () => {
            const result = { isGood: true };
            checkItems(() => (result.isGood = false));
            return result;
          });
          if (!isGood) checkItems(fail);
        };
      }
      case 'map': {
        const checkKey = this.compile(shape.key.shape, constraint?.key);
        const checkValue = this.compile(shape.value.shape, constraint?.value);
        if (!checkKey && !checkValue) return undefined;
        return (value, parent, step, fail) => {
          const here = { parent, step };
          for (const [key, item] of Object.entries(value as object)) {
            const entry = { parent: here, step: key };
            checkKey?.(key, entry, 'key', fail);
            checkValue?.(item, entry, 'member', fail);
          }
        };
      }
      default:
        return undefined;
    }
  }

  private compileOwn(name: string, constraint: Constraint): Check {
    const { min = 0, max = Infinity, pattern } = constraint;
    const fits = pattern === undefined ? undefined : matcherOf(pattern);
    const values = constraint.enum && this.enumValues(name, constraint.enum);
    const broken = (value: unknown): readonly string[] => {
      if (typeof value === 'number') return brokenByNumber(value, constraint);
      let requirements = NONE;
      if (!isLongEnough(value, min)) {
        requirements = [...requirements, `Member must have length greater than or equal to ${min}`];
      }
      if (!isShortEnough(value, max)) {
        requirements = [...requirements, `Member must have length less than or equal to ${max}`];
      }
      if (typeof value !== 'string') return requirements;
      if (fits && !fits(value)) {
        requirements = [...requirements, `Member must satisfy regular expression pattern: ${pattern}`];
      }
      if (values && !values.has(value)) {
        requirements = [...requirements, `Member must satisfy enum value set: [${[...values].join(', ')}]`];
      }
      return requirements;
    };
    return (value, parent, step, fail) => {
      for (const requirement of broken(value)) fail(`'${display(value)}'`, { parent, step }, requirement);
    };
  }

  private enumValues(name: string, generated: string[]): ReadonlySet<string> {
    const exported = (this.client as Record<string, unknown>)[name];
    const newer =
      typeof exported === 'object' && exported !== null ? (Object.values(exported) as string[]) : [];
    return new Set([...generated, ...newer]);
  }
}

/** Of nearly every value: nothing is allocated for it. */
const NONE: readonly string[] = [];

// Shapes may contain themselves.
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function brokenByNumber(value: number, { min, max, integer }: Constraint): string[] {
  const requirements: string[] = [];
  if (integer && !Number.isInteger(value)) requirements.push('Member must be a whole number');
  if (min !== undefined && value < min) {
    requirements.push(`Member must have value greater than or equal to ${min}`);
  }
  if (max !== undefined && value > max) {
    requirements.push(`Member must have value less than or equal to ${max}`);
  }
  return requirements;
}

// A text has at least half as many characters as it has code units, and never more: most need not be counted.
function isLongEnough(value: unknown, min: number): boolean {
  if (typeof value === 'string' && value.length >= 2 * min) return true;
  return (lengthOf(value) ?? Infinity) >= min;
}

function isShortEnough(value: unknown, max: number): boolean {
  if (typeof value === 'string' && value.length <= max) return true;
  return (lengthOf(value) ?? 0) <= max;
}

function lengthOf(value: unknown): number | undefined {
  if (typeof value === 'string') return [...value].length;
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

const PRINTABLE_ASCII = /^[ -~]*$/;
const ALL_PRINTABLE_ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join(
  '',
);

/** Most patterns are one class of characters, repeated, and most texts are ASCII, which is faster looked for by itself. */
function matcherOf(source: string): (text: string) => boolean {
  const pattern = patternOf(source);
  const takesAscii = /^\[[^\]]*\]\*$/.test(source) && pattern.test(ALL_PRINTABLE_ASCII);
  return takesAscii
    ? (text) => PRINTABLE_ASCII.test(text) || pattern.test(text)
    : (text) => pattern.test(text);
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
