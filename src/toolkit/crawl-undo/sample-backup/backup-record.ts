// A line of a backup that AWS's sample script crawler_undo.py wrote, turned into objects of a catalog.
import { GluepotError } from '../../../base/errors.js';
import { partitionDefinition, tableDefinition } from '../../../change/canonical-definition.js';
import { DEFINITION_SHAPES, type DefinitionShape } from '../../../change/definition-shape.js';
import type { ObjectOf } from '../../../change/index.js';

/** What a line is of: Glue's Spark connector writes the tables of a database, or the partitions of a table. */
export type BackupObject = ObjectOf<'table'> | ObjectOf<'partition'>;

type Members = Record<string, unknown>;

/**
 * Members are named as in AWS's Java SDK, `storageDescriptor`, with times in milliseconds (seen in aws-glue-samples:
 * scripts_utils.py, and hive_metastore_migration.py, which reads the same connector). Partitions may lack `values`, for
 * the script does not select them: then the `key=value` folders of their location tell.
 * @param where for people: the file and the line
 * @throws GluepotError `usage` for what is no such line
 */
export function parseBackupRecord(text: string, where: string): BackupObject[] {
  const refuse = (why: string, cause?: unknown) =>
    new GluepotError('usage', `${where} is no line of a backup of crawler_undo.py: ${why}.`, { cause });
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw refuse('it is no JSON, or not all of it', error);
  }
  if (!isMembers(record)) throw refuse('it is no JSON object');
  const { type, database, table } = record;
  if (type !== 'table' && type !== 'partition') {
    throw refuse(`its type is ${JSON.stringify(type)}, and "table" and "partition" can be read`);
  }
  if (typeof database !== 'string' || database === '') throw refuse('its database is not named');
  // The script writes lists of items; its sibling for Hive metastores writes one item a line for partitions.
  const items = record['items'] ?? (record['item'] === undefined ? undefined : [record['item']]);
  if (!Array.isArray(items)) throw refuse('it has no list of items');
  return items.map((item: unknown, index) => {
    const path = `items.${index}`;
    if (!isMembers(item)) throw refuse(`${path} is no JSON object`);
    const answer = member(DEFINITION_SHAPES[type], item, path, refuse) as Members;
    const DatabaseName = (textOf(item['databaseName']) ?? database).toLowerCase();
    const CreateTime = timeOf(item['createTime'] ?? item['creationTime']);
    const UpdateTime = timeOf(item['updateTime']);
    const provenance = { ...(CreateTime ? { CreateTime } : {}), ...(UpdateTime ? { UpdateTime } : {}) };
    if (type === 'table') {
      const TableName = textOf(item['name'])?.toLowerCase();
      if (TableName === undefined) throw refuse(`${path}.name is missing`);
      return {
        key: { kind: 'table', DatabaseName, TableName },
        definition: tableDefinition({ ...answer, Name: TableName }),
        provenance,
      };
    }
    const TableName = (textOf(item['tableName']) ?? textOf(table))?.toLowerCase();
    if (TableName === undefined) throw refuse(`${path}: its table is not named`);
    const definition = partitionDefinition(answer);
    const Values = definition.Values ?? valuesOf(definition.StorageDescriptor?.Location ?? '');
    if (Values.length === 0) {
      throw refuse(
        `${path}.values is missing, and its location has no folders like day=1 that would tell them`,
      );
    }
    return {
      key: { kind: 'partition', DatabaseName, TableName, Values },
      definition: { ...definition, Values },
      provenance,
    };
  });
}

/** Values of the folders `key=value` at the end of a location. */
function valuesOf(location: string): string[] {
  const folders = location.replace(/\/+$/, '').split('/');
  const first = folders.findLastIndex((folder) => !folder.includes('=')) + 1;
  return folders.slice(first).map((folder) => unescaped(folder.slice(folder.indexOf('=') + 1)));
}

/** Spark and Hive write what file names cannot have as %3A. */
function unescaped(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** What a member is called where it is not AWS's name with a small first letter. */
const OTHER_NAMES: Readonly<Record<string, string>> = { SortOrder: 'order' };

/** `value` with the names and types of the API's own shapes; what it does not take is left out. */
function member(
  shape: DefinitionShape,
  value: unknown,
  path: string,
  refuse: (why: string) => GluepotError,
): unknown {
  switch (shape.kind) {
    case 'structure': {
      if (!isMembers(value)) throw refuse(`${path} is no JSON object`);
      const found: Members = {};
      for (const { name, shape: inner } of shape.members()) {
        const small = `${name[0]?.toLowerCase()}${name.slice(1)}`;
        const given = value[small] ?? value[OTHER_NAMES[name] ?? small];
        if (given !== undefined && given !== null)
          found[name] = member(inner, given, `${path}.${small}`, refuse);
      }
      return found;
    }
    case 'list':
      if (!Array.isArray(value)) throw refuse(`${path} is no list`);
      return value.map((item, index) => member(shape.item(), item, `${path}.${index}`, refuse));
    case 'map':
      if (!isMembers(value)) throw refuse(`${path} is no JSON object`);
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== null)
          .map(([name, item]) => [name, member(shape.item(), item, `${path}.${name}`, refuse)]),
      );
    case 'timestamp': {
      const time = timeOf(value);
      if (!time) throw refuse(`${path} is no time`);
      return time;
    }
    case 'number':
      if (typeof value !== 'number') throw refuse(`${path} is no number`);
      return value;
    default:
      if (typeof value === 'object' || typeof value === 'number') throw refuse(`${path} is no text`);
      return value;
  }
}

/** Milliseconds, as a number or its digits, or ISO 8601. */
function timeOf(value: unknown): Date | undefined {
  const isDigits = typeof value === 'string' && /^\d+$/.test(value);
  const time = typeof value === 'number' || isDigits ? new Date(Number(value)) : new Date(String(value));
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
