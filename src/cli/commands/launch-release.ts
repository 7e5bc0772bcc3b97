// gluepot launch release SPEC
import { GluepotError } from '../../base/errors.js';
import { isLaunching } from '../../toolkit/job-launch/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { withLaunch, type SpecSource } from '../launch-session.js';
import type { Outcome } from '../output.js';

export async function launchRelease(
  context: CommandContext,
  source: SpecSource,
  { yes }: { yes?: boolean },
): Promise<Outcome> {
  return withLaunch(context, source, async ({ records }) => {
    const { output, signal } = context;
    const lease = await records.lease();
    if (!lease || !isLaunching(lease.content)) {
      output.print('No launcher holds the lease.');
      return { result: { released: false } };
    }
    const { runKey, phase } = lease.content;
    await confirm(`Take the lease from the launcher of ${runKey}, which was last seen ${phase}?`, {
      isYes: yes === true,
      signal,
    });
    try {
      // It expires rather than becoming free: the next launcher puts back what this one has cleared.
      await records.putLease({ ...lease.content, expiresAt: new Date(0).toISOString() }, lease);
    } catch (error) {
      if (!(error instanceof GluepotError && error.kind === 'conflict')) throw error;
      throw new GluepotError(
        'conflict',
        `The launcher of ${runKey} is alive: it has just gone on. Nothing was done.`,
        {
          cause: error,
        },
      );
    }
    output.print(`The lease of ${runKey} has expired. The next launch or sweep makes good what it left.`);
    return { result: { released: true, runKey } };
  });
}
