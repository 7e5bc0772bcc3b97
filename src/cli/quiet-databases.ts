// Nobody else may write into a database while a command changes it: no crawler, and no other command.
import type { AwsClients } from '../aws/aws-clients.js';
import { systemClock } from '../base/clock.js';
import type { ApplyOptions } from '../change/index.js';
import { requireQuiet } from '../toolkit/crawl-undo/index.js';
import type { ChangeOptions } from './change-options.js';
import type { CommandContext } from './command.js';

/** For an apply, which looks itself for others with the same store: whether they are waited for. */
export function waitForOthers(
  { output }: CommandContext,
  { ifRunning, timeout }: ChangeOptions,
): Required<Pick<ApplyOptions, 'waitMs' | 'onWait'>> {
  return {
    waitMs: ifRunning === 'wait' ? timeout * 60_000 : 0,
    onWait: (detail) => output.progress.report({ step: 'wait for another change', state: 'waiting', detail }),
  };
}

/** @throws GluepotError `guard-refused` with --if-running refuse, `timed-out` with wait */
export async function requireQuietDatabases(
  { output, signal }: CommandContext,
  { glue }: Pick<AwsClients, 'glue'>,
  { ifRunning, timeout }: ChangeOptions,
  databases: readonly string[],
): Promise<void> {
  const step = 'wait for crawlers';
  const onState = (detail: string) => output.progress.report({ step, state: 'waiting', detail });
  const options = { ifRunning, timeoutMs: timeout * 60_000, onState };
  await requireQuiet({ glue, clock: systemClock, signal }, databases, options);
}
