// What a run does with one table, and why: decided from the spec, its columns and how far it got.
import type { SourceColumn } from './source/relation.js';
import type { TableSettings } from './spec.js';
import type { Generation } from './tracker.js';

export type Disposition = Generation['disposition'];

export type LoadDecision =
  | { action: 'full' | 'incremental'; disposition: Disposition; reason: string; warnings: string[] }
  | { action: 'skip'; reason: string; warnings: string[] }
  | { action: 'fail'; reason: string; warnings: string[] };

export function decideLoad(facts: {
  load: 'full' | 'incremental';
  settings: TableSettings;
  columns: readonly Pick<SourceColumn, 'name'>[];
  generation: Generation | undefined;
}): LoadDecision {
  const { load, settings, columns, generation } = facts;
  const warnings: string[] = [];
  const has = (name: string) => columns.some((column) => column.name === name);
  const named = `Its columns are: ${columns.map(({ name }) => name).join(', ')}.`;
  const fail = (reason: string): LoadDecision => ({ action: 'fail', reason, warnings });

  for (const column of settings.key ?? []) {
    if (!has(column)) return fail(`There is no key column ${column}. ${named}`);
  }
  if (settings.softDelete !== undefined && !has(settings.softDelete)) {
    return fail(`There is no softDelete column ${settings.softDelete}. ${named}`);
  }
  if (settings.cursor !== undefined && settings.isCursorGiven && !has(settings.cursor)) {
    return fail(`There is no cursor column ${settings.cursor}. ${named}`);
  }
  const full = (disposition: Disposition, reason: string): LoadDecision => ({
    action: 'full',
    disposition,
    reason,
    warnings,
  });
  if (settings.disposition === 'replace') return full('replace', 'the disposition is replace');

  const cursorName = settings.cursorExpression ?? settings.cursor ?? '';
  if (settings.cursorExpression === undefined && !has(cursorName)) {
    const what = `There is no cursor column ${cursorName}`;
    if (settings.noCursor === 'fail')
      return fail(`${what}. Name one, or set noCursor to replace or skip. ${named}`);
    if (settings.noCursor === 'skip') return { action: 'skip', reason: `${what} (noCursor: skip)`, warnings };
    warnings.push(`${what}, so the whole table is loaded each time (noCursor: replace).`);
    return full('replace', 'it has no cursor');
  }

  let disposition = settings.disposition;
  if (!settings.key && disposition !== 'append') {
    const what = 'No key is known';
    const policy = disposition === 'merge' ? 'fail' : settings.noKey;
    if (policy === 'fail')
      return fail(`${what}. Give one with "key" or a key file, or set noKey to replace, append or skip.`);
    if (policy === 'skip') return { action: 'skip', reason: `${what} (noKey: skip)`, warnings };
    warnings.push(
      policy === 'append'
        ? `${what}, so changed rows stand beside the rows they were (noKey: append).`
        : `${what}, so the whole table is loaded each time (noKey: replace).`,
    );
    if (policy === 'replace') return full('replace', 'it has no key');
    disposition = 'append';
  }
  disposition ??= 'merge';
  if (settings.softDelete !== undefined && disposition === 'append') {
    warnings.push(
      `Rows that ${settings.softDelete} marks as deleted are not taken, but those that are stored stay: append removes nothing.`,
    );
  }
  if (load === 'full') return full(disposition, 'a full load was asked for');
  if (!generation) return full(disposition, 'it is the first run');
  const changed = changeOfMeaning(generation, disposition, settings, cursorName);
  if (changed !== undefined) {
    warnings.push(`${changed}, so the whole table is loaded anew.`);
    return full(disposition, changed);
  }
  return { action: 'incremental', disposition, reason: 'rows from the high-water mark on', warnings };
}

/** Why what the tracker says no longer means the same. */
function changeOfMeaning(
  generation: Generation,
  disposition: Disposition,
  settings: TableSettings,
  cursorName: string,
): string | undefined {
  if (generation.disposition !== disposition) {
    return `The disposition was ${generation.disposition} and is ${disposition}`;
  }
  if (disposition === 'merge' && generation.key?.join() !== settings.key?.join()) {
    return `The key was ${generation.key?.join(', ') ?? 'none'} and is ${settings.key?.join(', ') ?? 'none'}`;
  }
  if (generation.cursor?.name !== cursorName) {
    return `The cursor was ${generation.cursor?.name ?? 'none'} and is ${cursorName}`;
  }
  return undefined;
}
