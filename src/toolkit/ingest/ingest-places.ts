// Where the rows of a spec's tables are, for the policy of those who read them.
import { chooseTables } from './run-ingest.js';
import type { IngestClients } from './ingest-scope.js';
import { findPlaces, type SourcePlaces } from './source/find-places.js';
import type { IngestSpec } from './spec.js';

/** As of now; of a database behind the spec's own connection there is nothing in S3. @throws GluepotError */
export async function ingestPlaces(spec: IngestSpec, clients: IngestClients): Promise<SourcePlaces> {
  if (spec.connection !== undefined) return { sources: [], connections: [spec.connection] };
  return findPlaces(await chooseTables(spec, clients), clients);
}
