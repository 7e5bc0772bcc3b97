// gluepot local check
import { checkLocal } from '../../local-data.js';
import type { CommandContext } from '../command.js';
import { countText } from '../count-text.js';
import { refuseAws } from '../local-only.js';
import type { Outcome } from '../output.js';

export async function localCheck(
  { options, output }: CommandContext,
  { content = false }: { content?: boolean },
): Promise<Outcome> {
  refuseAws(options);
  const findings = await checkLocal(options.dataDir, { content });
  const { colors } = output;
  for (const { severity, area, message } of findings) {
    const mark = severity === 'error' ? colors.red('✗') : colors.yellow('!');
    output.print(`  ${mark} ${area}: ${message}`);
  }
  const errorCount = findings.filter(({ severity }) => severity === 'error').length;
  const warningCount = findings.length - errorCount;
  output.print(
    findings.length === 0
      ? `${options.dataDir} is in order.`
      : `${options.dataDir} has ${countText(errorCount, 'error')} and ${countText(warningCount, 'warning')}.`,
  );
  const result = { dataDir: options.dataDir, content, errorCount, warningCount, findings };
  return { result, exitCode: errorCount > 0 ? 1 : 0 };
}
