// gluepot stack apply FILE
import { applyStack, countPlan, planStack } from '../../toolkit/stack/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import type { Outcome } from '../output.js';
import { renderPlan } from '../render-plan.js';
import { withStack } from '../stack-session.js';
import { planResult } from './stack-plan.js';

export async function stackApply(
  context: CommandContext,
  file: string,
  options: { adopt?: boolean; run?: boolean; dryRun?: boolean; yes?: boolean },
): Promise<Outcome> {
  const { output, signal } = context;
  return withStack(context, file, async ({ spec, scope, folder, heading }) => {
    const plan = await planStack(scope, spec, folder, options);
    output.print(heading);
    output.print(renderPlan(plan, output.colors));
    if (options.dryRun) return { result: { dryRun: true, plan: planResult(plan) } };
    const counts = countPlan(plan);
    const isChange = counts.create + counts.update + counts.delete + counts.run > 0;
    if (isChange && counts.conflict === 0) {
      await confirm('Apply these changes?', { isYes: options.yes ?? false, signal });
    }
    const report = await applyStack(scope, plan, (event) => output.progress.report(event));
    output.print(
      `Applied: ${counts.create} created, ${counts.update} changed, ${counts.delete} deleted, ${counts.run} run, ` +
        `in ${(report.durationMs / 1000).toFixed(1)} s.`,
    );
    return { result: { dryRun: false, plan: planResult(plan), ...report } };
  });
}
