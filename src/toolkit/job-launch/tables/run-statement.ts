// A statement carried out by Athena, to its end.
import { createHash } from 'node:crypto';
import {
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { poll } from '../../../aws/poll.js';
import { GluepotError } from '../../../base/errors.js';
import type { LaunchScope } from '../launch-scope.js';
import type { LaunchSpec } from '../spec.js';

export interface Statement {
  /** For messages: whose SQL it is. */
  what: string;
  database: string;
  sql: string;
  /** The same statement of the same launch has the same, so that AWS starts it once. */
  requestKey: string;
}

/**
 * @throws GluepotError `failed` with Athena's own reason when the statement fails; `timed-out` when it takes too long: it is
 *   stopped then
 */
export async function runStatement(
  scope: LaunchScope,
  { workGroup, output, timeoutMinutes }: LaunchSpec['prepare']['athena'],
  { what, database, sql, requestKey }: Statement,
): Promise<void> {
  const { athena } = scope.clients;
  const { signal = new AbortController().signal } = scope;
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Database: database },
      WorkGroup: workGroup,
      ClientRequestToken: createHash('sha256').update(requestKey).digest('hex'),
      ...(output === undefined ? {} : { ResultConfiguration: { OutputLocation: output } }),
    }),
    { abortSignal: signal },
  );
  const timeoutMs = timeoutMinutes * 60_000;
  try {
    await poll<void>(
      { clock: scope.clock, signal },
      { what: `Athena to make ${what}`, timeoutMs },
      async () => {
        const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }), {
          abortSignal: signal,
        });
        const { State, StateChangeReason = 'Athena gives no reason.' } = QueryExecution?.Status ?? {};
        if (State === 'SUCCEEDED') return { done: undefined };
        if (State !== 'FAILED' && State !== 'CANCELLED') return { state: State };
        throw new GluepotError(
          'failed',
          `Athena could not make ${what}, and nothing was cleared: ${StateChangeReason} (query ${QueryExecutionId}, ${State})`,
        );
      },
    );
  } catch (error) {
    if (!(error instanceof GluepotError && error.kind === 'timed-out')) throw error;
    await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    throw error;
  }
}
