// Environment variables as a preset reads them: under either of their names, with every problem told at once.
import { nearestName } from '../../spec-file/nearest-name.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export class PresetVariables {
  readonly problems: string[] = [];
  readonly #known = new Set<string>();

  constructor(private readonly environment: Environment) {}

  /** What is set, and under which name; undefined when none is. Two names that disagree are a problem. */
  find(...names: readonly string[]): { name: string; value: string } | undefined {
    for (const name of names) this.#known.add(name);
    const given = names.flatMap((name) => {
      const value = this.environment[name];
      return value === undefined ? [] : [{ name, value }];
    });
    const [first, second] = given;
    if (first && second && first.value !== second.value) {
      this.problem(
        second.name,
        second.value,
        `and ${first.name} is ${JSON.stringify(first.value)}: they are two names of one thing. Unset one.`,
      );
    }
    return first;
  }

  /** As `find`; absent or empty is a problem. */
  require(...names: readonly string[]): string {
    const found = this.find(...names);
    if (found?.value.trim()) return found.value.trim();
    if (found) this.problem(found.name, found.value, 'and must not be empty.');
    else this.problems.push(`${names.join(' or ')} is not set.`);
    return '';
  }

  /** Items between commas, without spaces around them; an empty one is a problem. */
  list({ name, value }: { name: string; value: string }): string[] {
    const items = value.split(',').map((item) => item.trim());
    if (items.every((item) => item !== '')) return items;
    this.problem(name, value, 'which has an empty item: give names between commas.');
    return [];
  }

  wholeNumber(
    name: string,
    { standard, least, most }: { standard: number; least: number; most: number },
  ): number {
    const found = this.find(name);
    if (!found) return standard;
    const value = /^\d{1,9}$/.test(found.value.trim()) ? Number(found.value) : NaN;
    if (value >= least && value <= most) return value;
    this.problem(name, found.value, `and must be a whole number from ${least} to ${most}.`);
    return standard;
  }

  oneOf(name: string, [standard, ...others]: readonly [string, ...string[]]): string {
    const found = this.find(name);
    if (!found || found.value === standard || others.includes(found.value)) return found?.value ?? standard;
    this.problem(name, found.value, `and must be ${[standard, ...others].join(' or ')}.`);
    return standard;
  }

  problem(name: string, value: string, why: string): void {
    this.problems.push(`${name} is ${JSON.stringify(value)}, ${why}`);
  }

  /** Variables that begin like those of the preset and are none: a typing error would go unnoticed. */
  checkUnknown(prefix: string): void {
    for (const name of Object.keys(this.environment)) {
      if (!name.startsWith(prefix) || this.#known.has(name)) continue;
      const nearest = nearestName(name, [...this.#known]);
      this.problems.push(
        `${name} is no variable of the preset.${nearest ? ` Did you mean ${nearest}?` : ''}`,
      );
    }
  }
}
