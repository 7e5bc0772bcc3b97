// The corpus of Athena statements with results written by hand: how its files are read, and how they are run.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';

/** A file of corpus/ is a list of these. Each begins with an empty catalog, a database `web` and a bucket `lake`. */
export interface Scenario {
  scenario: string;
  /** Texts of objects in the bucket `lake` by their keys. */
  objects?: Record<string, string>;
  steps: Step[];
}

/** A statement and what comes out of it; one of `fails`, `rows`, `cells` and `text`, or none when nothing is answered. */
export interface Step {
  run: string;
  /** Names of the answer's columns to their types. */
  columns?: Record<string, string>;
  /** Rows in their order: a list of values, null for NULL, or one value alone. */
  rows?: (string | null | (string | null)[])[];
  /** Rows with one text each: its parts between tabs, without the spaces that pad them. */
  cells?: string[][];
  /** Rows with one text each, as lines without the spaces at their ends. Times of the catalog are written NOW. */
  text?: string;
  /** The StateChangeReason, or what StartQueryExecution is refused with. */
  fails?: string;
}

/** What a statement answered. */
export interface Answer {
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
}

/** What a scenario is run against. */
export interface Queries {
  put(key: string, text: string): Promise<void>;
  /** Resolves with a text when the statement fails. */
  run(statement: string): Promise<Answer | { failure: string }>;
  close(): Promise<void>;
}

/** The scenarios of the files in corpus/ whose names begin with `prefix`. */
export function scenarios(prefix = ''): Scenario[] {
  const folder = join(import.meta.dirname, 'corpus');
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => parse(readFileSync(join(folder, name), 'utf8')) as Scenario[]);
}

/** Runs a scenario's statements one after another, and expects of each what it says. */
export async function runScenario(
  { objects = {}, steps }: Scenario,
  open: () => Promise<Queries>,
): Promise<void> {
  const queries = await open();
  try {
    for (const [key, text] of Object.entries(objects)) await queries.put(key, text);
    for (const step of steps) compare(step, await queries.run(step.run));
  } finally {
    await queries.close();
  }
}

function compare(step: Step, answer: Awaited<ReturnType<Queries['run']>>): void {
  const { run, fails, columns } = step;
  if ('failure' in answer) {
    expect({ run, fails: answer.failure }).toEqual({ run, fails: fails?.trimEnd() });
    return;
  }
  expect({ run, fails }).toEqual({ run, fails: undefined });
  if (columns) {
    const answered = Object.fromEntries(answer.columns.map(({ name, type }) => [name, type]));
    expect({ run, columns: answered }).toEqual({ run, columns });
  }
  const texts = answer.rows.map(([text]) => withoutTimes(text ?? ''));
  if (step.cells) {
    const cells = texts.map((text) => text.split('\t').map((cell) => cell.trim()));
    expect({ run, cells }).toEqual({ run, cells: step.cells });
  } else if (step.text !== undefined) {
    const text = texts.map((line) => line.trimEnd()).join('\n');
    expect(`${run}\n${text}`).toBe(`${run}\n${step.text.trimEnd()}`);
  } else {
    const rows = (step.rows ?? []).map((row) => (Array.isArray(row) ? row : [row]));
    expect({ run, rows: answer.rows }).toEqual({ run, rows });
  }
}

const TIMES = /((?:transient_lastDdlTime|last_modified_time|createTime)\W+)\d{10}/g;
const DATES = /\b[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} UTC \d{4}\b/g;

const withoutTimes = (text: string) => text.replace(TIMES, '$1NOW').replace(DATES, 'NOW');
