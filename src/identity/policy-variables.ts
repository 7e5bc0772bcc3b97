// Policy variables: `${aws:PrincipalTag/team}` in resources and values of conditions.
// AWS docs: "IAM policy elements: Variables and tags".
import type { ConditionFacts } from './condition.js';

// A star or question mark that is meant as such, in a variable's value or in what is asked for, must not match as a
// wildcard: both are spelled with characters of Unicode's private use.
const STAR = '\ue02a';
const QUESTION_MARK = '\ue03f';

/** A text in which no character is a wildcard. */
export function literal(text: string): string {
  return text.includes('*') || text.includes('?')
    ? text.replaceAll('*', STAR).replaceAll('?', QUESTION_MARK)
    : text;
}

/**
 * The text with its variables filled in, or undefined when one has no single value and no default. Policies of version
 * 2008-10-17 have no variables.
 */
export function withVariables(
  text: string,
  version: '2012-10-17' | '2008-10-17',
  facts: ConditionFacts,
): string | undefined {
  if (version === '2008-10-17' || !text.includes('${')) return text;
  let isResolved = true;
  const resolved = text.replace(/\$\{([^}]*)\}/g, (_all, inside: string) => {
    if (inside === '*' || inside === '?' || inside === '$') return literal(inside);
    const [, key = '', fallback] = /^\s*([^,]*?)\s*(?:,\s*'(.*)'\s*)?$/s.exec(inside) ?? [];
    const values = facts.get(key.toLowerCase());
    const value = values?.length === 1 ? values[0] : fallback;
    if (value === undefined) isResolved = false;
    return literal(value ?? '');
  });
  return isResolved ? resolved : undefined;
}
