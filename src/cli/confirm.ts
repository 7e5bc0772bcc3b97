// Asking before something is changed.
import { createInterface } from 'node:readline/promises';
import { GluepotError } from '../base/errors.js';

/**
 * Returns when the answer is yes, or `isYes` (--yes) makes asking needless.
 * @throws GluepotError `guard-refused` when there is nobody to ask, or the answer is no
 */
export async function confirm(
  question: string,
  options: { isYes: boolean; signal: AbortSignal },
): Promise<void> {
  if (options.isYes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new GluepotError(
      'guard-refused',
      'Nothing was done: this needs a yes, and there is no terminal to ask on. Look at the plan, then add --yes.',
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Readline takes Ctrl-C to itself, and neither it nor Ctrl-D would ever end the question.
    terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const closed = new Promise<string>((answer) => {
      // An error is what a terminal gives that is closed, here and each time that it is to be set to something.
      for (const event of ['close', 'error']) terminal.on(event, () => answer(''));
    });
    const asked = terminal
      .question(`${question} [y/N] `, { signal: options.signal })
      .catch((error: unknown) => {
        if (options.signal.aborted) throw error;
        // Ctrl-D, of which readline makes an error.
        return '';
      });
    const answer = await Promise.race([asked, closed]);
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new GluepotError('guard-refused', 'Nothing was done: the answer was no.');
  } finally {
    terminal.close();
  }
}
