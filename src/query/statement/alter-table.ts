// ALTER TABLE: what Athena's documentation has, for Hive tables and for Iceberg tables.
import { ifExists, ifNotExists } from './create-table.js';
import { column, columnList } from './hive-column.js';
import type { HiveReader } from './hive-reader.js';
import { partitionConditions, partitionSpec } from './partition-spec.js';
import { propertyList, propertyNames } from './properties.js';
import type { AlterTableBody, ObjectName, PartitionCondition, PartitionSpec } from './statement.js';

/** What follows ALTER TABLE. */
export function alterTable(reader: HiveReader): AlterTableBody {
  const table = reader.objectName();
  if (reader.takeWords('PARTITION')) return alterPartition(reader, table, partitionSpec(reader));
  if (reader.takeWords('ADD')) return add(reader, table);
  if (reader.takeWords('DROP')) return drop(reader, table);
  if (reader.takeWords('RENAME')) {
    reader.expectWords('rename statement', 'TO');
    return { kind: 'alter-table-rename', table, to: reader.objectName() };
  }
  if (reader.takeWords('SET', 'TBLPROPERTIES')) {
    const properties = propertyList(reader, 'alter properties statement');
    return { kind: 'alter-table-set-properties', table, properties };
  }
  if (reader.takeWords('UNSET', 'TBLPROPERTIES')) {
    const exists = ifExists(reader, 'unset properties statement');
    const names = propertyNames(reader, 'unset properties statement');
    return { kind: 'alter-table-unset-properties', table, ifExists: exists, names };
  }
  return alterColumnsOrLocation(reader, table) ?? reader.fail('alter table statement');
}

// What follows ALTER TABLE t PARTITION (...).
function alterPartition(reader: HiveReader, table: ObjectName, partition: PartitionSpec): AlterTableBody {
  if (reader.takeWords('RENAME')) {
    reader.expectWords('rename partition statement', 'TO', 'PARTITION');
    return {
      kind: 'alter-table-rename-partition',
      table,
      from: partition,
      to: partitionSpec(reader),
    };
  }
  if (reader.takeWords('ADD')) {
    reader.expectWords('add column statement', 'COLUMNS');
    return { kind: 'alter-table-add-columns', table, partition, columns: columnList(reader) };
  }
  return alterColumnsOrLocation(reader, table, partition) ?? reader.fail('alter table partition statement');
}

// What a table and a partition have in common.
function alterColumnsOrLocation(
  reader: HiveReader,
  table: ObjectName,
  partition?: PartitionSpec,
): AlterTableBody | undefined {
  const place = { table, ...(partition ? { partition } : {}) };
  if (reader.takeWords('REPLACE')) {
    reader.expectWords('replace column statement', 'COLUMNS');
    return { kind: 'alter-table-replace-columns', ...place, columns: columnList(reader) };
  }
  if (reader.takeWords('CHANGE')) {
    reader.takeWords('COLUMN');
    const rule = 'change column statement';
    const oldName = reader.name(rule).toLowerCase();
    const changed = { kind: 'alter-table-change-column' as const, ...place, oldName, column: column(reader) };
    if (reader.takeWords('FIRST')) return { ...changed, position: { kind: 'first' } };
    if (!reader.takeWords('AFTER')) return changed;
    const after = reader.name(rule).toLowerCase();
    return { ...changed, position: { kind: 'after', column: after } };
  }
  if (reader.takeWords('SET', 'LOCATION')) {
    const location = reader.string('alter location statement');
    return { kind: 'alter-table-set-location', ...place, location };
  }
  return undefined;
}

// What follows ALTER TABLE t ADD.
function add(reader: HiveReader, table: ObjectName): AlterTableBody {
  if (reader.takeWords('COLUMNS')) {
    return { kind: 'alter-table-add-columns', table, columns: columnList(reader) };
  }
  const rule = 'add partition statement';
  const notExists = ifNotExists(reader, rule);
  const partitions: { spec: PartitionSpec; location?: string }[] = [];
  reader.expectWords(rule, 'PARTITION');
  do {
    const spec = partitionSpec(reader);
    partitions.push(
      reader.takeWords('LOCATION') ? { spec, location: reader.string('partition location') } : { spec },
    );
  } while (reader.takeWords('PARTITION'));
  return { kind: 'alter-table-add-partitions', table, ifNotExists: notExists, partitions };
}

// What follows ALTER TABLE t DROP.
function drop(reader: HiveReader, table: ObjectName): AlterTableBody {
  if (reader.takeWords('COLUMN')) {
    const name = reader.name('drop column statement').toLowerCase();
    return { kind: 'alter-table-drop-column', table, column: name };
  }
  const rule = 'drop partition statement';
  const exists = ifExists(reader, rule);
  const conditions: PartitionCondition[] = [];
  do {
    reader.expectWords(rule, 'PARTITION');
    conditions.push(partitionConditions(reader));
  } while (reader.takeSymbol(','));
  return { kind: 'alter-table-drop-partitions', table, ifExists: exists, conditions };
}
