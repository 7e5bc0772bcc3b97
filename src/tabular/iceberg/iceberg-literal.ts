// Values that Iceberg's metadata has, as SQL. Source: the Iceberg table specification, "Single-value serialization", Avro and JSON.
import { duckdbText } from '../duckdb-text.js';
import { icebergDuckdbType } from './iceberg-duckdb-type.js';
import { IcebergError } from './iceberg-error.js';
import type { IcebergField, IcebergType } from './iceberg-schema.js';

/**
 * What rows have that were written before the field was there: null, or its default, which version 3 has.
 * @throws IcebergError for the default of a list, map or struct
 */
export function defaultSql({ name, type, 'initial-default': value }: IcebergField): string {
  if (value === undefined || value === null) return 'NULL';
  if (typeof type === 'string') return jsonSql(value as string | number | boolean, type);
  throw new IcebergError(`the field ${name} is nested and has a default, ${JSON.stringify(value)}`);
}

function jsonSql(value: string | number | boolean, type: string): string {
  if (/^(binary|fixed\[\d+\])$/.test(type)) return `unhex(${duckdbText(String(value))})`;
  return `CAST(${duckdbText(String(value))} AS ${icebergDuckdbType(type)})`;
}

type AvroScalar = string | number | boolean | Buffer | null | undefined;

/** A value of a partition, as Avro has it: whole numbers of 64 bits are texts, decimals bytes. */
export function partitionSql(value: AvroScalar, type: IcebergType): string {
  if (value === null || value === undefined || typeof type !== 'string') return 'NULL';
  if (Buffer.isBuffer(value)) {
    const hex = value.toString('hex');
    const [, scale] = /^decimal\(\d+, ?(\d+)\)$/.exec(type) ?? [];
    if (scale !== undefined) return decimalSql(value, Number(scale), icebergDuckdbType(type));
    return type === 'uuid' ? `CAST('${hex}' AS UUID)` : `unhex('${hex}')`;
  }
  const text = duckdbText(String(value));
  switch (type) {
    case 'date':
      return `(DATE '1970-01-01' + CAST(${text} AS INTEGER))`;
    case 'time':
      return `(TIME '00:00:00' + to_microseconds(CAST(${text} AS BIGINT)))`;
    case 'timestamp':
      return `make_timestamp(CAST(${text} AS BIGINT))`;
    case 'timestamptz':
      return `make_timestamptz(CAST(${text} AS BIGINT))`;
    case 'timestamp_ns':
    case 'timestamptz_ns':
      return `make_timestamp_ns(CAST(${text} AS BIGINT))`;
    default:
      return `CAST(${text} AS ${icebergDuckdbType(type)})`;
  }
}

/** The whole number of two's complement, the highest byte first, with its point. */
function decimalSql(bytes: Buffer, scale: number, type: string): string {
  const whole = BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex') || '0'}`));
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
  const at = digits.length - scale;
  const text = `${whole < 0n ? '-' : ''}${digits.slice(0, at)}${scale > 0 ? `.${digits.slice(at)}` : ''}`;
  return `CAST('${text}' AS ${type})`;
}
