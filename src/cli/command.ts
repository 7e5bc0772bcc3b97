// What every command gets besides its own arguments, and what it gives back.
import type { GlobalOptions } from './global-options.js';
import type { Output } from './output.js';

export interface CommandContext {
  options: GlobalOptions;
  output: Output;
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal;
}
