// What of a plan was not done, an object a line: the message of the failure names but the first.
import { GluepotError } from '../base/errors.js';
import { keyLabel, type ApplyReport } from '../change/index.js';
import type { Output } from './output.js';

const SHOWN_MAX = 20;

/** Of an apply that failed. */
export function tellShortcomingsOf(error: unknown, output: Output): void {
  const { report } = (error instanceof GluepotError ? (error.result ?? {}) : {}) as { report?: ApplyReport };
  if (report) tellShortcomings(report, output);
}

export function tellShortcomings({ failed, conflicts }: ApplyReport, output: Output): void {
  const shortcomings = [...failed, ...conflicts];
  for (const { key, reason } of shortcomings.slice(0, SHOWN_MAX)) {
    output.print(
      `  ${output.colors.red('!')} ${keyLabel(key)} ${output.colors.dim(`(${reason.replace(/\.$/, '')})`)}`,
    );
  }
  const rest = shortcomings.length - SHOWN_MAX;
  if (rest > 0) output.print(`  ${output.colors.red('!')} … ${rest} more: --json has all`);
}
