// Avro files: not read yet.
import { QueryFailure } from '../statement/query-failure.js';

/** @throws QueryFailure */
export function refuseAvro(): never {
  throw new QueryFailure('HIVE_UNSUPPORTED_FORMAT: tables over Avro files cannot be read here');
}
