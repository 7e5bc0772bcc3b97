// The second half of DESCRIBE FORMATTED and EXTENDED: all else that the catalog keeps of a table or partition.
import type { Column, Partition, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { COLUMN_WIDTH, heading } from './padded-row.js';

/** `Database:           \tweb                 \t ` */
const fact = (name: string, value: string) =>
  `${name.padEnd(COLUMN_WIDTH)}\t${value.padEnd(COLUMN_WIDTH)}\t `;

const parameter = ([name, value]: [string, string]) =>
  `\t${name.padEnd(COLUMN_WIDTH)}\t${value.padEnd(COLUMN_WIDTH)}`;

/** The rows of FORMATTED. */
export function formattedInformation(table: Table, partition: Partition | undefined): string[] {
  return [
    ...(partition ? partitionFacts(table, partition) : tableFacts(table)),
    heading(''),
    heading('# Storage Information'),
    ...storageFacts((partition ?? table).StorageDescriptor ?? {}),
  ];
}

function tableFacts(table: Table): string[] {
  return [
    heading('# Detailed Table Information'),
    fact('Database:', table.DatabaseName ?? ''),
    fact('Owner:', table.Owner ?? 'null'),
    fact('CreateTime:', timeText(table.CreateTime)),
    fact('LastAccessTime:', timeText(table.LastAccessTime)),
    fact('Protect Mode:', 'None'),
    fact('Retention:', String(table.Retention ?? 0)),
    fact('Location:', table.StorageDescriptor?.Location ?? ''),
    fact('Table Type:', table.TableType ?? ''),
    ...parameterRows('Table Parameters:', table.Parameters),
  ];
}

function partitionFacts(table: Table, partition: Partition): string[] {
  return [
    heading('# Detailed Partition Information'),
    fact('Partition Value:', `[${(partition.Values ?? []).join(', ')}]`),
    fact('Database:', table.DatabaseName ?? ''),
    fact('Table:', table.Name ?? ''),
    fact('CreateTime:', timeText(partition.CreationTime)),
    fact('LastAccessTime:', timeText(partition.LastAccessTime)),
    fact('Protect Mode:', 'None'),
    fact('Location:', partition.StorageDescriptor?.Location ?? ''),
    ...parameterRows('Partition Parameters:', partition.Parameters),
  ];
}

function storageFacts(descriptor: StorageDescriptor): string[] {
  const { SerdeInfo, InputFormat, OutputFormat, Compressed, NumberOfBuckets } = descriptor;
  return [
    fact('SerDe Library:', SerdeInfo?.SerializationLibrary ?? 'null'),
    fact('InputFormat:', InputFormat ?? 'null'),
    fact('OutputFormat:', OutputFormat ?? 'null'),
    fact('Compressed:', Compressed ? 'Yes' : 'No'),
    fact('Num Buckets:', String(NumberOfBuckets ?? -1)),
    fact('Bucket Columns:', `[${(descriptor.BucketColumns ?? []).join(', ')}]`),
    fact('Sort Columns:', sortText(descriptor)),
    ...parameterRows('Storage Desc Params:', SerdeInfo?.Parameters),
  ];
}

function parameterRows(title: string, parameters: Record<string, string> = {}): string[] {
  const rows = Object.entries(parameters).sort(byName).map(parameter);
  return rows.length === 0 ? [] : [heading(title), ...rows];
}

const byName = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : 1);

const sortText = ({ SortColumns = [] }: StorageDescriptor) =>
  `[${SortColumns.map(({ Column: name, SortOrder }) => `Order(col:${name}, order:${SortOrder})`).join(', ')}]`;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As Java prints a Date: `Thu Apr 23 02:55:21 UTC 2020`. */
function timeText(time: Date | undefined): string {
  if (!time || time.getTime() === 0) return 'UNKNOWN';
  const two = (number: number) => String(number).padStart(2, '0');
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(two).join(':');
  const day = `${DAYS[time.getUTCDay()]} ${MONTHS[time.getUTCMonth()]} ${two(time.getUTCDate())}`;
  return `${day} ${clock} UTC ${time.getUTCFullYear()}`;
}

/** The one row of EXTENDED: the Thrift structures as Java prints them. */
export function detailedInformation(table: Table, partition: Partition | undefined): string {
  const title = partition ? 'Detailed Partition Information' : 'Detailed Table Information';
  return `${title}\t${partition ? partitionText(table, partition) : tableText(table)}\t `;
}

const seconds = (time: Date | undefined) => Math.floor((time?.getTime() ?? 0) / 1000);

const mapText = (map: Record<string, string> = {}) =>
  `{${Object.entries(map)
    .sort(byName)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}}`;

const fieldsText = (columns: readonly Column[] = []) =>
  `[${columns
    .map(({ Name, Type, Comment }) => `FieldSchema(name:${Name}, type:${Type}, comment:${Comment ?? null})`)
    .join(', ')}]`;

function descriptorText(descriptor: StorageDescriptor): string {
  const { SerdeInfo, Columns, Location, InputFormat, OutputFormat } = descriptor;
  return (
    `StorageDescriptor(cols:${fieldsText(Columns)}, location:${Location ?? null}, inputFormat:${InputFormat ?? null}, ` +
    `outputFormat:${OutputFormat ?? null}, compressed:${descriptor.Compressed ?? false}, ` +
    `numBuckets:${descriptor.NumberOfBuckets ?? -1}, serdeInfo:SerDeInfo(name:${SerdeInfo?.Name ?? null}, ` +
    `serializationLib:${SerdeInfo?.SerializationLibrary ?? null}, parameters:${mapText(SerdeInfo?.Parameters)}), ` +
    `bucketCols:[${(descriptor.BucketColumns ?? []).join(', ')}], sortCols:${sortText(descriptor)}, ` +
    `parameters:${mapText(descriptor.Parameters)}, skewedInfo:SkewedInfo(skewedColNames:[], skewedColValues:[], ` +
    `skewedColValueLocationMaps:{}), storedAsSubDirectories:${descriptor.StoredAsSubDirectories ?? false})`
  );
}

function tableText(table: Table): string {
  return (
    `Table(tableName:${table.Name}, dbName:${table.DatabaseName}, owner:${table.Owner ?? null}, ` +
    `createTime:${seconds(table.CreateTime)}, lastAccessTime:${seconds(table.LastAccessTime)}, ` +
    `retention:${table.Retention ?? 0}, sd:${descriptorText(table.StorageDescriptor ?? {})}, ` +
    `partitionKeys:${fieldsText(table.PartitionKeys)}, parameters:${mapText(table.Parameters)}, ` +
    `viewOriginalText:${table.ViewOriginalText ?? null}, viewExpandedText:${table.ViewExpandedText ?? null}, ` +
    `tableType:${table.TableType ?? null})`
  );
}

function partitionText(table: Table, partition: Partition): string {
  return (
    `Partition(values:[${(partition.Values ?? []).join(', ')}], dbName:${table.DatabaseName}, ` +
    `tableName:${table.Name}, createTime:${seconds(partition.CreationTime)}, ` +
    `lastAccessTime:${seconds(partition.LastAccessTime)}, sd:${descriptorText(partition.StorageDescriptor ?? {})}, ` +
    `parameters:${mapText(partition.Parameters)})`
  );
}
