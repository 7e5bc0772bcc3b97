// gluepot completion: its argument and help.
import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from '../completion-script.js';
import type { Runner } from '../runner.js';

export function addCompletion(program: Command, run: Runner): void {
  const command = program
    .command('completion')
    .description('print a script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP);
  command.action(async (shell: Shell) => {
    await run(command, async (context) =>
      (await import('../commands/completion.js')).completion(context, shell, program),
    );
  });
}

const HELP = `
For this shell only:
  eval "$(gluepot completion bash)"         bash
  source <(gluepot completion zsh)          zsh, after compinit
  gluepot completion fish | source          fish
For every shell, put that line into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish.`;
