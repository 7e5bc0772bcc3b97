// Finds the rules that an event matches without asking each of them: fields that patterns ask for are read once an event.
import type { EventPattern } from './pattern/event-pattern.js';
import { leavesAt } from './pattern/event-values.js';
import { compileValue, isObject, type ValueMatcher } from './pattern/value-matcher.js';

export interface RuleIndex<Rule> {
  matching(event: Readonly<Record<string, unknown>>): Rule[];
}

interface Entry<Rule> {
  rule: Rule;
  pattern: EventPattern;
}

/** What the screens of all patterns ask of one field. */
interface Field<Rule> {
  path: readonly string[];
  /** Patterns that wait for one scalar, under that scalar. */
  exact: Map<unknown, Entry<Rule>[]>;
  tests: { matches: ValueMatcher; entry: Entry<Rule> }[];
}

/** The whole pattern is asked only of events that pass one of its screens. */
export function indexRules<Rule>(entries: readonly Entry<Rule>[]): RuleIndex<Rule> {
  const fields = new Map<string, Field<Rule>>();
  const fieldAt = (path: readonly string[]): Field<Rule> => {
    const key = JSON.stringify(path);
    const known: Field<Rule> = fields.get(key) ?? { path, exact: new Map(), tests: [] };
    fields.set(key, known);
    return known;
  };
  for (const entry of entries) {
    for (const { path, wanted } of entry.pattern.screens) {
      const { exact, tests } = fieldAt(path);
      for (const value of wanted) {
        if (isObject(value)) tests.push({ matches: compileValue(value), entry });
        else exact.set(value, [...(exact.get(value) ?? []), entry]);
      }
    }
  }
  return {
    matching(event) {
      const candidates = new Set<Entry<Rule>>();
      for (const { path, exact, tests } of fields.values()) {
        for (const leaf of leavesAt(event, path)) {
          for (const entry of exact.get(leaf) ?? []) candidates.add(entry);
          for (const { matches, entry } of tests) if (matches(leaf)) candidates.add(entry);
        }
      }
      return [...candidates].filter(({ pattern }) => pattern.matches(event)).map(({ rule }) => rule);
    },
  };
}
