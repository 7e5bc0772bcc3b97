// gluepot ingest status, verify, compact, reset and init
import { existsSync, writeFileSync } from 'node:fs';
import { GluepotError } from '../../base/errors.js';
import { connect } from '../../connect.js';
import {
  compactTables,
  ingestStatus,
  makeSpec,
  resetTables,
  verifyTables,
} from '../../toolkit/ingest/index.js';
import { bytesText } from '../bytes-text.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import { connectOptions } from '../global-options.js';
import { withIngest, type SpecOptions } from '../ingest-session.js';
import type { Outcome } from '../output.js';
import { withSlowProgress } from '../slow-progress.js';
import { renderTable } from '../table.js';

export async function ingestShowStatus(
  context: CommandContext,
  file: string | undefined,
  given: SpecOptions,
): Promise<Outcome> {
  return withIngest(context, file, given, async ({ spec, connection, tools }) => {
    const tables = await ingestStatus(spec, connection.clients, tools);
    const rows = tables.map(({ table, last }) => [
      table,
      last?.committedAt ?? 'never',
      last?.load ?? null,
      last?.watermark ?? null,
      last ? String(last.rows) : null,
      last ? bytesText(last.bytes) : null,
      last ? String(last.files) : null,
    ]);
    const head = ['table', 'last run', 'load', 'up to', 'rows', 'bytes', 'files'];
    context.output.print(renderTable({ head, rows }, context.output.width));
    return { result: { tables } };
  });
}

export async function ingestVerify(
  context: CommandContext,
  file: string | undefined,
  given: SpecOptions & { detailedExitcode?: boolean },
): Promise<Outcome> {
  const { output } = context;
  return withIngest(context, file, given, async ({ spec, connection, tools }) => {
    const tables = await withSlowProgress(output.progress, 'verify', (at) =>
      verifyTables(spec, connection.clients, { ...tools, onProgress: at }),
    );
    for (const { table, isIngested, problems } of tables) {
      if (!isIngested) output.print(`${table}: never ingested`);
      else if (problems.length === 0) output.print(`${table}: as its tracker says`);
      for (const problem of problems) output.print(`${table}: ${problem}`);
    }
    const isBad = tables.some(({ problems }) => problems.length > 0);
    return { result: { tables }, exitCode: isBad ? (given.detailedExitcode ? 2 : 1) : 0 };
  });
}

export async function ingestCompact(
  context: CommandContext,
  file: string | undefined,
  given: SpecOptions,
): Promise<Outcome> {
  const { output } = context;
  return withIngest(context, file, given, async ({ spec, connection, tools }) => {
    const tables = await withSlowProgress(output.progress, 'compact', (at) =>
      compactTables(spec, connection.clients, { ...tools, onProgress: at }),
    );
    for (const { table, status, filesBefore, filesAfter } of tables) {
      output.print(
        `${table}: ${status}${status === 'compacted' ? `, ${filesBefore} files are ${filesAfter}` : ''}`,
      );
    }
    return { result: { tables } };
  });
}

export interface ResetOptions {
  spec: string;
  to?: string;
  rebuild?: boolean;
  yes?: boolean;
}

export async function ingestReset(
  context: CommandContext,
  table: string,
  given: ResetOptions,
): Promise<Outcome> {
  const { to, rebuild } = given;
  if ((to === undefined) === (rebuild === undefined)) {
    throw new GluepotError(
      'usage',
      'Say --to POSITION, or --rebuild to make a lost tracker anew; one of them.',
    );
  }
  return withIngest(context, given.spec, { table: [table] }, async ({ spec, connection, tools }) => {
    const question =
      to === undefined
        ? `Make the tracker of ${table} from its last manifest?`
        : `Let ${table} go on from ${to}?`;
    await confirm(question, { isYes: given.yes === true, signal: context.signal });
    const tables = await resetTables(spec, connection.clients, to === undefined ? 'rebuild' : { to }, tools);
    for (const report of tables) {
      context.output.print(
        `${report.table}: goes on from ${report.to ?? 'its beginning'}${report.from ? `, was ${report.from}` : ''}`,
      );
    }
    return { result: { tables } };
  });
}

export interface InitOptions {
  output: string;
  trackers: string;
  connection?: string;
  keys?: string;
  out?: string;
}

export async function ingestInit(
  { options, output }: CommandContext,
  database: string,
  given: InitOptions,
): Promise<Outcome> {
  if (given.out !== undefined && existsSync(given.out)) {
    throw new GluepotError(
      'guard-refused',
      `${given.out} is there already and is not overwritten. Name a new file.`,
    );
  }
  const connection = await connect(connectOptions(options));
  try {
    const spec = await makeSpec(
      {
        database,
        ...(given.connection === undefined ? {} : { connection: given.connection }),
        outputPath: given.output,
        trackerPath: given.trackers,
        ...(given.keys === undefined ? {} : { keysPath: given.keys }),
      },
      connection.clients,
    );
    if (given.out === undefined) output.print(spec.trimEnd());
    else {
      writeFileSync(given.out, spec, { flag: 'wx' });
      output.print(
        `${given.out} is written. Look at its keys and cursors, then: gluepot ingest plan ${given.out}`,
      );
    }
    return { result: { spec, ...(given.out === undefined ? {} : { file: given.out }) } };
  } finally {
    await connection.close();
  }
}
