// gluepot completion
import type { Command } from 'commander';
import type { CommandContext } from '../command.js';
import { completionScript, type Shell } from '../completion-script.js';
import type { Outcome } from '../output.js';

export function completion({ output }: CommandContext, shell: Shell, program: Command): Outcome {
  const script = completionScript(shell, program);
  output.print(script.trimEnd());
  return { result: { shell, script } };
}
