// The command line in this process: the same options, commands and words, and neither a program to start nor a terminal.
import type { Command } from 'commander';
import pc from 'picocolors';
import type { GlobalOptions } from '../src/cli/global-options.js';
import type { Outcome, Output } from '../src/cli/output.js';
import { createProgram } from '../src/cli/program.js';

export interface Ran {
  outcome: Outcome;
  /** What it printed, lines and warnings. */
  text: string;
  region: string | undefined;
}

/** @throws what the command throws: a GluepotError, or commander's for options that are none */
export function runCommand(...args: string[]): Promise<Ran> {
  return runCommandInto([], ...args);
}

/** The same, with what it prints in `lines`, also when it throws. */
export async function runCommandInto(lines: string[], ...args: string[]): Promise<Ran> {
  const output: Output = {
    colors: pc.createColors(false),
    isJson: false,
    width: 100,
    progress: { report() {}, clear() {} },
    print: (text) => void lines.push(text),
    warn: (text) => void lines.push(`warning: ${text}`),
    note() {},
    printDocument: () => Promise.resolve(),
  };
  let ran: Ran | undefined;
  const program = createProgram(async (command, act) => {
    const options: GlobalOptions = command.optsWithGlobals();
    const outcome = await act({ options, output, signal: new AbortController().signal, leaves() {} });
    ran = { outcome, text: lines.join('\n'), region: options.region };
  });
  throwing(program);
  await program.parseAsync(args, { from: 'user' });
  if (!ran) throw new Error(`No command was run by ${args.join(' ')}.`);
  return ran;
}

function throwing(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  for (const child of command.commands) throwing(child);
}
