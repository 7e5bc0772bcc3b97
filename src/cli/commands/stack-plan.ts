// gluepot stack plan FILE
import { countPlan, planStack, type StackPlan } from '../../toolkit/stack/index.js';
import type { CommandContext } from '../command.js';
import type { Outcome } from '../output.js';
import { renderPlan } from '../render-plan.js';
import { withStack } from '../stack-session.js';

const CHANGES_PRESENT = 2;

export async function stackPlan(
  context: CommandContext,
  file: string,
  options: { adopt?: boolean; run?: boolean; detailedExitcode?: boolean },
): Promise<Outcome> {
  const { output } = context;
  return withStack(context, file, async ({ spec, scope, folder, heading }) => {
    const plan = await planStack(scope, spec, folder, options);
    output.print(heading);
    output.print(renderPlan(plan, output.colors));
    const counts = countPlan(plan);
    const isChange = Object.values(counts).some((count) => count > 0);
    return { result: planResult(plan), exitCode: options.detailedExitcode && isChange ? CHANGES_PRESENT : 0 };
  });
}

/** A plan as --json prints it. */
export function planResult(plan: StackPlan) {
  return {
    counts: countPlan(plan),
    changes: plan.changes,
    runs: plan.runs.map(({ kind, name, action, reason }) => ({ kind, name, action, reason })),
  };
}
