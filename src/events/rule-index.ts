// Finds the rules that an event matches without asking each of them.
import type { EventPattern } from './pattern/event-pattern.js';

export interface RuleIndex<Rule> {
  matching(event: Readonly<Record<string, unknown>>): Rule[];
}

interface Entry<Rule> {
  rule: Rule;
  pattern: EventPattern;
}

/** Rules that name their sources wait under those, the others are asked for every event. */
export function indexRules<Rule>(entries: readonly Entry<Rule>[]): RuleIndex<Rule> {
  const bySource = new Map<string, Entry<Rule>[]>();
  const byType = new Map<string, Entry<Rule>[]>();
  const others: Entry<Rule>[] = [];
  const add = (index: Map<string, Entry<Rule>[]>, names: readonly string[], entry: Entry<Rule>) => {
    for (const name of new Set(names)) {
      const known = index.get(name);
      if (known) known.push(entry);
      else index.set(name, [entry]);
    }
  };
  for (const entry of entries) {
    const sources = entry.pattern.exactTexts('source');
    const types = entry.pattern.exactTexts('detail-type');
    if (types) add(byType, types, entry);
    else if (sources) add(bySource, sources, entry);
    else others.push(entry);
  }
  return {
    matching(event) {
      const found: Rule[] = [];
      const ask = (candidates: readonly Entry<Rule>[] = []) => {
        for (const { rule, pattern } of candidates) if (pattern.matches(event)) found.push(rule);
      };
      ask(byType.get(event['detail-type'] as string));
      ask(bySource.get(event['source'] as string));
      ask(others);
      return found;
    },
  };
}
