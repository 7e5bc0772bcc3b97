// Plans in files: saved by --out, carried out later by --plan.
import { createReadStream, existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { GluepotError, messageOf } from '../base/errors.js';
import { openPlanReader, planParts, type Plan } from '../change/index.js';
import { bytesText } from './bytes-text.js';
import type { Progress } from './progress.js';
import { withSlowProgress } from './slow-progress.js';

/** What a saved plan, or that of a journal, has to be of for a command to go on with it. */
export interface PlanMeant {
  operations: readonly Plan['subject']['operation'][];
  /** What the command line names and the plan has to be of, by what the plan calls it, e.g. its crawler. */
  resolved: Readonly<Record<string, string | undefined>>;
}

/** Before anything is read for a plan that could then not be saved. @throws GluepotError `usage` */
export function requireNewFile(file: string | undefined): void {
  if (file === undefined || !existsSync(file)) return;
  throw new GluepotError(
    'usage',
    `There is a file ${file} already. Save the plan in a new one, or remove that.`,
  );
}

/** A part at a time: its text can be many times larger than what holds it. @throws GluepotError `usage` when it cannot be written there */
export async function savePlan(plan: Plan, file: string, progress: Progress): Promise<void> {
  const refuse = (error: unknown) =>
    new GluepotError('usage', `The plan cannot be saved: ${messageOf(error)}`, { cause: error });
  const handle = await open(file, 'wx').catch((error: unknown) => {
    throw refuse(error);
  });
  try {
    await withSlowProgress(progress, 'save the plan', async (at) => {
      let length = 0;
      for (const part of planParts(plan)) {
        await handle.writeFile(part);
        at(bytesText((length += part.length)));
      }
    });
  } catch (error) {
    await rm(file);
    throw refuse(error);
  } finally {
    await handle.close();
  }
}

/** @throws GluepotError `usage` for a file that is none, or of a plan of something else */
export async function readSavedPlan(file: string, meant: PlanMeant, progress: Progress): Promise<Plan> {
  const reader = openPlanReader(file);
  try {
    await withSlowProgress(progress, 'read the plan', async (at) => {
      let length = 0;
      for await (const part of textOf(file)) {
        reader.add(part);
        at(bytesText((length += part.length)));
      }
    });
  } catch (error) {
    if (error instanceof GluepotError) throw error;
    throw new GluepotError('usage', `The plan ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const plan = reader.plan();
  requireMeant(plan, meant, `The plan ${file}`);
  return plan;
}

/** Gunzipped where its name ends with .gz, as the Lambda function keeps plans. */
function textOf(file: string): AsyncIterable<string> {
  if (!file.endsWith('.gz')) return createReadStream(file, 'utf8') as AsyncIterable<string>;
  const gunzip = createGunzip();
  const bytes = createReadStream(file).on('error', (error) => gunzip.destroy(error));
  return bytes.pipe(gunzip).setEncoding('utf8') as AsyncIterable<string>;
}

/** @throws GluepotError `usage` when a plan is not what a command is for, or not of what it names */
export function requireMeant({ subject }: Plan, { operations, resolved }: PlanMeant, what: string): void {
  if (!operations.includes(subject.operation)) {
    throw new GluepotError(
      'usage',
      `${what} is of a ${subject.operation}, and this command does ${operations.join(' and ')}.`,
    );
  }
  for (const [name, value] of Object.entries(resolved)) {
    const found = subject.resolved[name];
    if (value === undefined || value === found) continue;
    throw new GluepotError('usage', `${what} is of ${name} ${found ?? 'unknown'}, not of ${value}.`);
  }
}
