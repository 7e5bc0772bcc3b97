// Writes Avro's container files: uncompressed, in one block, for records that memory has room for.
import { randomBytes } from 'node:crypto';
import avsc from 'avsc';
import { LONG_AS_TEXT } from './avro-long.js';

const LONG = avsc.Type.forSchema('long');
const HEADER = avsc.Type.forSchema({ type: 'map', values: 'bytes' });
const SYNC_BYTES = 16;

/**
 * @param schema goes into the header as it is, with whatever its writer's readers look for in it
 * @param records their `long`s are texts
 * @param metadata more of the header, behind `avro.schema` and `avro.codec`
 * @throws Error for records that are not of the schema
 */
export function avroFile(
  schema: object,
  records: readonly object[],
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const type = avsc.Type.forSchema(schema as avsc.Schema, {
    registry: { long: LONG_AS_TEXT },
    wrapUnions: 'never',
    omitRecordMethods: true,
  });
  const said = { 'avro.schema': JSON.stringify(schema), 'avro.codec': 'null', ...metadata };
  const header = Object.fromEntries(Object.entries(said).map(([key, text]) => [key, Buffer.from(text)]));
  const sync = randomBytes(SYNC_BYTES);
  const block = Buffer.concat(records.map((record) => type.toBuffer(record)));
  return Buffer.concat([
    Buffer.from('Obj\x01', 'latin1'),
    HEADER.toBuffer(header),
    sync,
    ...(records.length === 0
      ? []
      : [LONG.toBuffer(records.length), LONG.toBuffer(block.length), block, sync]),
  ]);
}
