// What every command gets besides its own arguments, and what it gives back.
import type { GlobalOptions } from './global-options.js';
import type { Output } from './output.js';

export interface CommandContext {
  options: GlobalOptions;
  output: Output;
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal;
  /** Says what an interruption would leave behind from now on, and how to go on: people are told when there is one. */
  leaves(what: string): void;
}
