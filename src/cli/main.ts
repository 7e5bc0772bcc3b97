// The command line's outermost file: parses, runs one command, and turns every failure into words and an exit code.
import { CommanderError, type Command } from 'commander';
import { EXIT_CODES, GluepotError } from '../base/errors.js';
import { asGluepotError } from '../aws/aws-failure.js';
import { surviveClosedTerminal } from './closed-terminal.js';
import type { CommandContext } from './command.js';
import type { GlobalOptions } from './global-options.js';
import { watchInterruption } from './interruption.js';
import { openOutput, type Outcome, type Output } from './output.js';
import { printable } from './printable.js';
import { createProgram } from './program.js';

/** Runs the command that `args` ask for and sets the process's exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const interruption = watchInterruption((message) => void sayInterrupted(output, words, message));
  // What is known before the arguments are parsed, for failures of parsing itself.
  let output = openOutput({
    json: args.includes('--json'),
    color: !args.includes('--no-color'),
    target: 'local',
  });
  let words = '';
  const program = createProgram(async (command, act) => {
    words = wordsOf(command);
    const options: GlobalOptions = command.optsWithGlobals();
    output = openOutput(options);
    const { signal, leaves } = interruption;
    process.exitCode = await runCommand(words, { options, output, signal, leaves }, act);
  });
  prepareForErrors(program, (command) => (words = wordsOf(command)));
  surviveClosedTerminal();
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    const partial = isPartial(error) ? error : undefined;
    const ending = interruption.ending(partial?.message);
    if (ending) {
      await sayInterrupted(output, words, ending.message, partial?.result);
      await whenWritten(process.stdout, process.stderr);
      // Timers of the SDK, of attempts that were waited for, would keep the process for as long as they run.
      process.exit(ending.exitCode);
    }
    process.exitCode = await fail(output, words, error);
  } finally {
    interruption.stopWatching();
  }
}

async function runCommand(
  command: string,
  context: CommandContext,
  act: (context: CommandContext) => Promise<Outcome>,
): Promise<number> {
  const { signal, leaves } = context;
  const outcome = await act(context);
  const exitCode = outcome.exitCode ?? 0;
  const ok = exitCode === 0 || exitCode === 2;
  const document = { command, ok, result: outcome.result, errors: [] };
  // What an interruption of the command itself came to is printed as a whole.
  const cutShort = signal.aborted ? undefined : signal;
  await context.output.printDocument(document, cutShort).catch((error: unknown) => {
    leaves('The command had come to its end; only its JSON document is cut short.');
    throw error;
  });
  await outcome.hold?.();
  return exitCode;
}

async function fail(output: Output, command: string, error: unknown): Promise<number> {
  // --help and --version end the parsing this way, too.
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const failure = asGluepotError(error);
  await output.printDocument({
    command,
    ok: false,
    result: failure.result ?? null,
    errors: [{ kind: failure.kind, message: failure.message }],
  });
  process.stderr.write(`error: ${printable(failure.message)}\n`);
  if (process.env.GLUEPOT_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return EXIT_CODES[failure.kind];
}

// Commander throws instead of leaving the process, and leaves telling of errors to fail().
function prepareForErrors(command: Command, onError: (command: Command) => void): void {
  command.configureOutput({ outputError: () => {} }).exitOverride((error) => {
    if (error.exitCode === 0) throw error;
    onError(command);
    throw new GluepotError('usage', usageMessage(error, command), { cause: error });
  });
  for (const child of command.commands) prepareForErrors(child, onError);
}

/** What commander says, and where to look it up when it has nothing to suggest. */
function usageMessage({ code, message }: CommanderError, command: Command): string {
  if (code === 'commander.help') return 'A command is missing; see the help above.';
  const said = message.replace(/^error: /, '');
  if (/[.)]$/.test(said)) return said;
  return `${said}. See: ${['gluepot', wordsOf(command), '--help'].filter((word) => word !== '').join(' ')}`;
}

function wordsOf(command: Command): string {
  const words: string[] = [];
  for (let item: Command | null = command; item?.parent; item = item.parent) words.unshift(item.name());
  return words.join(' ');
}

/** These say themselves what was done. */
function isPartial(error: unknown): error is GluepotError {
  return error instanceof GluepotError && error.kind === 'partial-apply';
}

function sayInterrupted(
  output: Output,
  command: string,
  message: string,
  result: object | null = null,
): Promise<void> {
  const errors = [{ kind: 'interrupted', message }];
  const printed = output.printDocument({ command, ok: false, result, errors });
  process.stderr.write(`\n${printable(message)}\n`);
  return printed;
}

/** Also of streams that were closed. */
async function whenWritten(...streams: NodeJS.WriteStream[]): Promise<void> {
  await Promise.all(streams.map((stream) => new Promise((done) => stream.write('', done))));
}
