// Answers that are long in coming: an endpoint that is silent is tried for minutes, and people are told what is waited for.
import type { AwsClients } from '../aws/aws-clients.js';
import type { Progress } from './progress.js';

const QUIET_MS = 2000;

export type WatchedClient = Pick<AwsClients[keyof AwsClients], 'middlewareStack'>;

/** What is put on it here goes by nothing that differs from one service to the next. */
export function stackOf(client: WatchedClient): AwsClients['s3']['middlewareStack'] {
  return client.middlewareStack as AwsClients['s3']['middlewareStack'];
}

/** From now on each call that has taken two seconds, with all its attempts, is named on stderr. */
export function tellSlowAnswers(clients: readonly WatchedClient[], progress: Progress): void {
  for (const client of clients) {
    stackOf(client).add(
      (next, { commandName = '' }) =>
        async (call) => {
          const detail = [commandName.replace(/Command$/, ''), placeOf(call.input)]
            .filter(Boolean)
            .join(' of ');
          let isTold = false;
          const timer = setTimeout(() => {
            isTold = true;
            progress.report({ step: 'wait for an answer', state: 'waiting', detail });
          }, QUIET_MS);
          try {
            return await next(call);
          } finally {
            clearTimeout(timer);
            if (isTold) progress.clear();
          }
        },
      { step: 'initialize', name: 'tellSlowAnswers', override: true },
    );
  }
}

/** What people know it by: the object in a bucket, or the database. */
function placeOf(input: object): string {
  const { Bucket, Key, Prefix = '', DatabaseName = '' } = input as Record<string, string | undefined>;
  return Bucket === undefined ? DatabaseName : `s3://${Bucket}/${Key ?? Prefix}`;
}
