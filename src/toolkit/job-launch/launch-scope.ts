// What every step of a launch works with.
import type { AwsClients } from '../../aws/aws-clients.js';
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';

export interface LaunchScope {
  clients: Pick<AwsClients, 'athena' | 'batch' | 'events' | 'glue' | 's3' | 'sqs' | 'sts'>;
  clock: Clock;
  ids: Ids;
  signal?: AbortSignal | undefined;
}
