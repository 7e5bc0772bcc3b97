// A launch spec (YAML or JSON) read and checked, with the SQL files that it names.
import { posix } from 'node:path';
import { GluepotError } from '../../base/errors.js';
import { parseSpec, type SpecKind } from '../spec-file/read-spec-file.js';
import { formatPath, type SpecIssue } from '../spec-file/spec-issue.js';
import { PLACEHOLDERS, unknownPlaceholders } from './placeholders.js';
import { launchShape, type LaunchSpec, type LaunchSpecContent, type TableSpec } from './spec.js';
import { statementProblems } from './tables/create-statement.js';

const LAUNCH_SPEC: SpecKind<typeof launchShape> = {
  name: 'launch spec',
  shape: launchShape,
  least: '"name", "state" and "start"',
  check: (spec) => [...trashIssues(spec), ...tableIssues(spec), ...placeholderIssues(spec)],
};

/** The text of a file: of this machine by its path, or of S3 as s3://BUCKET/KEY. */
export type ReadText = (place: string) => Promise<string>;

/**
 * @param place of the spec; SQL files are looked for beside it
 * @throws GluepotError `usage` when a file cannot be read or anything in one is wrong
 */
export async function readLaunchSpec(place: string, readText: ReadText): Promise<LaunchSpec> {
  return parseLaunchSpec(await readText(place), place, readText);
}

/** @throws GluepotError `usage` naming every problem with its line, path and what is allowed */
export async function parseLaunchSpec(text: string, place: string, readText: ReadText): Promise<LaunchSpec> {
  const { spec } = parseSpec(text, place, LAUNCH_SPEC);
  const tables: TableSpec[] = [];
  for (const [index, { sql, ...table }] of spec.prepare.tables.entries()) {
    if (typeof sql === 'string') {
      tables.push({ ...table, sql });
      continue;
    }
    const file = beside(place, sql.file);
    const read = await readText(file);
    const problems = statementProblems(read, table.parameters);
    if (problems.length > 0) {
      throw new GluepotError(
        'usage',
        [`${file}, which prepare.tables[${index}] of ${place} names, cannot be used:`, ...problems].join(
          '\n  ',
        ),
      );
    }
    tables.push({ ...table, sql: read, file });
  }
  return { ...spec, prepare: { ...spec.prepare, tables } };
}

function beside(place: string, file: string): string {
  if (file.startsWith('/') || file.startsWith('s3://')) return file;
  const [, scheme = '', path = ''] = /^(s3:\/\/)?(.*)$/s.exec(place) ?? [];
  return `${scheme}${posix.join(posix.dirname(path), file)}`;
}

function trashIssues({ prepare, state }: LaunchSpecContent): SpecIssue[] {
  const { clear, trash } = prepare;
  if (clear.length > 0 && trash === undefined) {
    return [
      {
        path: ['prepare'],
        message: 'missing "trash": what is cleared is moved there, so that it can be put back.',
      },
    ];
  }
  return clear.flatMap((prefix, index) => {
    const issue = (message: string): SpecIssue[] => [{ path: ['prepare', 'clear', index], message }];
    if (trash?.startsWith(prefix)) return issue(`${prefix} holds the trash, ${trash}, itself.`);
    if (trash !== undefined && prefix.startsWith(trash)) return issue(`${prefix} is in the trash, ${trash}.`);
    if (`${state}/`.startsWith(prefix)) return issue(`${prefix} holds the launch's own state, ${state}.`);
    const other = clear.find((one, at) => at !== index && prefix.startsWith(one));
    return other === undefined ? [] : issue(`${prefix} is part of ${other}, which is cleared, too.`);
  });
}

function tableIssues({ prepare, policy }: LaunchSpecContent): SpecIssue[] {
  const { tables, athena } = prepare;
  const names = tables.map(({ database, table }) => `${database}.${table}`);
  const issues = tables.flatMap(({ sql, parameters }, index): SpecIssue[] => {
    const path = ['prepare', 'tables', index];
    const problems = typeof sql === 'string' ? statementProblems(sql, parameters) : [];
    const isTwice = names.indexOf(names[index] as string) < index;
    return [
      ...problems.map((message) => ({ path: [...path, 'sql'], message })),
      ...(isTwice ? [{ path, message: `${names[index]} is made by an entry above, too.` }] : []),
    ];
  });
  if (tables.length > 0 && athena.timeoutMinutes >= policy.leaseMinutes) {
    issues.push({
      path: ['prepare', 'athena', 'timeoutMinutes'],
      message: `${athena.timeoutMinutes} must be less than policy.leaseMinutes, ${policy.leaseMinutes}: the lease would expire while Athena works.`,
    });
  }
  return issues;
}

function placeholderIssues({ start }: LaunchSpecContent): SpecIssue[] {
  return Object.entries(start.arguments).flatMap(([name, value]) =>
    unknownPlaceholders(value).map((given) => ({
      path: ['start', 'arguments', name],
      message: `unknown placeholder "\${${given}}". ${formatPath(['start', 'arguments'])} may have: ${PLACEHOLDERS.join(', ')}.`,
    })),
  );
}
