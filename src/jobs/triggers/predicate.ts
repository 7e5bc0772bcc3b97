// When is a conditional trigger due? By how the jobs and crawlers of one chain have ended so far.
import type { Predicate } from '@aws-sdk/client-glue';
import { nodeOfCondition, type NodeKind } from './trigger.js';

/**
 * True when all conditions hold (AND), or any of them does (ANY).
 * @param endOf the state in which the job or crawler last ended in the chain; undefined while it has not
 */
export function isSatisfied(
  { Logical = 'AND', Conditions = [] }: Predicate,
  endOf: (kind: NodeKind, name: string) => string | undefined,
): boolean {
  const holds = Conditions.map((condition) => {
    const { kind, name } = nodeOfCondition(condition);
    return endOf(kind, name) === (kind === 'JOB' ? condition.State : condition.CrawlState);
  });
  return Logical === 'ANY' ? holds.includes(true) : holds.length > 0 && !holds.includes(false);
}
