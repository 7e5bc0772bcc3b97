// Trino's types as GetQueryResults names them.
import type { TrinoType } from './trino-type.js';

/** Type, precision and scale of a column in GetQueryResults (seen in its answers). */
export function athenaType(type: TrinoType): { Type: string; Precision: number; Scale: number } {
  const of = (Type: string, Precision = 0, Scale = 0) => ({ Type, Precision, Scale });
  switch (type.kind) {
    case 'simple':
      switch (type.name) {
        case 'tinyint':
          return of('tinyint', 3);
        case 'smallint':
          return of('smallint', 5);
        case 'integer':
          return of('integer', 10);
        case 'bigint':
          return of('bigint', 19);
        case 'real':
          return of('float', 17);
        case 'double':
          return of('double', 17);
        case 'varbinary':
          return of('varbinary', 1073741824);
        default:
          return of(type.name);
      }
    case 'varchar':
      return of('varchar', type.length ?? 2147483647);
    case 'char':
      return of('char', type.length);
    case 'decimal':
      return of('decimal', type.precision, type.scale);
    case 'timestamp':
      return of('timestamp', 3);
    case 'timestamp-tz':
      return of('timestamp with time zone', 3);
    case 'function':
      return of('function');
    default:
      return of(type.kind);
  }
}
