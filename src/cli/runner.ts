// How the words of a command line become a command that runs.
import type { Command } from 'commander';
import type { CommandContext } from './command.js';
import type { Outcome } from './output.js';

/** Called with the words of the command, e.g. `stack plan`, and what it does. */
export type Runner = (command: Command, act: (context: CommandContext) => Promise<Outcome>) => Promise<void>;
