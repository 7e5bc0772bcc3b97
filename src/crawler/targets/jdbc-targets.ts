// JDBC targets: tables of databases that connections lead to.
import { isWithinPath } from '../../databases/table-path.js';
import { discoveredDatabaseTables } from '../decide/jdbc-table-input.js';
import { listDatabaseTables, type ListedTable } from '../observe/list-database-tables.js';
import { parseJdbcTarget } from './jdbc-target.js';
import type { TargetKind } from './target-kind.js';

export const jdbcTargets: TargetKind = {
  member: 'JdbcTargets',
  define({ JdbcTargets = [] }) {
    JdbcTargets.forEach(parseJdbcTarget);
    return {
      JdbcTargets: JdbcTargets.map((target) => ({ ...target, Exclusions: target.Exclusions ?? [] })),
    };
  },
  async look({ Name, Targets }, _configuration, context) {
    const targets = (Targets.JdbcTargets ?? []).map(parseJdbcTarget);
    const listed: ListedTable[] = [];
    for (const target of targets) {
      const tables = await listDatabaseTables(target, context);
      if (tables.length === 0) {
        context.log.write('INFO', `Found no table at ${target.path} of connection ${target.connectionName}.`);
      }
      listed.push(...tables);
    }
    return {
      discoveries: discoveredDatabaseTables(listed, { crawlerName: Name, crawlId: context.crawlId }),
      hasLookedAt: (location) => targets.some(({ path }) => isWithinPath(path, location)),
      unreadable: [],
    };
  },
};
