// Which crawlers and jobs an apply runs: those that something upstream of them changed for, in the order of the file. Pure.
import type { StackChange } from './decide.js';
import type { RunStep } from './spec.js';

export interface LastRun {
  /** Of a crawl or a job run, as AWS names it; undefined when there was none. */
  state: string | undefined;
}

export interface RunDecision {
  kind: 'crawler' | 'job';
  name: string;
  action: 'run' | 'skip';
  reason: string;
  step: RunStep;
}

/**
 * @param lastRuns of each step, in the same order
 * @param options.force run all of them
 * @param options.isUnfinished the last apply did not come to its end
 */
export function decideRuns(
  steps: readonly RunStep[],
  lastRuns: readonly LastRun[],
  changes: readonly StackChange[],
  options: { force: boolean; isUnfinished: boolean },
): RunDecision[] {
  const isChange = (change: StackChange) =>
    change.action === 'create' || change.action === 'update' || change.action === 'delete';
  const isDataChanged = changes.some((change) => change.kind === 'object' && isChange(change));
  let earlier: RunDecision | undefined;
  return steps.map((step, index) => {
    const kind = step.crawler === undefined ? 'job' : 'crawler';
    const name = (step.crawler ?? step.job) as string;
    const change = changes.find((item) => item.kind === kind && item.name === name && isChange(item));
    const state = lastRuns[index]?.state;
    let reason: string | undefined;
    if (options.force) reason = 'asked for with --run';
    else if (earlier) reason = `${earlier.name} runs before it`;
    else if (isDataChanged) reason = 'the data in the bucket change';
    else if (change) reason = change.action === 'create' ? 'it is new' : 'its definition changes';
    else if (options.isUnfinished) reason = 'the last apply did not come to its end';
    else if (state !== 'SUCCEEDED')
      reason = state === undefined ? 'it has not run yet' : `its last run is ${state}`;
    const decision: RunDecision = {
      kind,
      name,
      action: reason === undefined ? 'skip' : 'run',
      reason: reason ?? 'it succeeded, and nothing changed since; --run runs it again',
      step,
    };
    if (decision.action === 'run') earlier ??= decision;
    return decision;
  });
}
