// gluepot help WORDS: the help of a command, however deep it lies.
import type { Command } from 'commander';

/** Commander's own help command looks one word deep: of `help crawl undo` it would print the help of crawl. */
export function addHelp(program: Command): void {
  for (const child of program.commands) {
    if (child.commands.length > 0) addHelp(child);
  }
  program
    .helpCommand(false)
    .command('help [command...]')
    .description('print help for a command')
    .action((words: string[]) => {
      let found = program;
      for (const word of words) {
        const next = found.commands.find((command) => command.name() === word);
        if (!next) return found.error(`error: unknown command '${word}'`);
        found = next;
      }
      found.help();
    });
}
