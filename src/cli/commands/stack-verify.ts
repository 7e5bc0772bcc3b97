// gluepot stack verify FILE
import { verifyStack } from '../../toolkit/stack/index.js';
import type { CommandContext } from '../command.js';
import type { Outcome } from '../output.js';
import { renderChecks } from '../render-checks.js';
import { withStack } from '../stack-session.js';

export async function stackVerify(context: CommandContext, file: string): Promise<Outcome> {
  const { output } = context;
  return withStack(context, file, async ({ spec, scope, heading }) => {
    const checks = await verifyStack(scope, spec);
    output.print(heading);
    output.print(renderChecks(checks, output.colors));
    return { result: { checks }, exitCode: checks.every((check) => check.ok) ? 0 : 1 };
  });
}
