// What verify found: each subject on a line, and below it what differs.
import type { StackCheck } from '../toolkit/stack/index.js';
import type { Colors } from './output.js';

export function renderChecks(checks: readonly StackCheck[], colors: Colors): string {
  const lines: string[] = [];
  for (const subject of new Set(checks.map((check) => check.subject))) {
    const own = checks.filter((check) => check.subject === subject);
    const failed = own.filter((check) => !check.ok);
    const mark = failed.length === 0 ? colors.green('✓') : colors.red('✗');
    lines.push(`  ${mark} ${subject}: ${own.length - failed.length} of ${own.length} as expected`);
    for (const { what, expected, actual } of failed) {
      lines.push(`      ${what}: expected ${colors.green(expected)}, found ${colors.red(actual)}`);
    }
  }
  const failedCount = checks.filter((check) => !check.ok).length;
  lines.push(
    checks.length === 0
      ? 'Nothing to verify: the file has no "verify" section.'
      : `Verified: ${checks.length - failedCount} of ${checks.length} as expected.`,
  );
  return lines.join('\n');
}
